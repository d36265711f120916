"""FORGING: the same partner's channel with a key or a token that is not ours: what it sends must be refused."""

import os
from base64 import b64encode
from collections import ChainMap
from hashlib import sha256
from pathlib import Path
from typing import Final

from schemas.partner import Partner, Signing, StaticHeaders
from services.notify.secrets import Secrets

_KEY: Final = "SEINPAAL_CHECK_WRONG_KEY"
_TOKEN: Final = "SEINPAAL_CHECK_WRONG_TOKEN"  # noqa: S105  the name of a variable
_NOT_OURS: Final = b64encode(sha256(b"a key that nobody agreed on").digest()).decode()
_PREFIXES: Final = {"v1": "whsec_", "v1a": "whsk_"}


def with_wrong_key(partner: Partner, mounted: Path | None) -> tuple[Partner, Secrets]:
    """It signs, but not with the key that was agreed. Raises TypeError where nothing is signed."""
    channel = partner.channel
    if not isinstance(channel, Signing):
        raise TypeError("nothing is signed there")
    wrong = channel.model_copy(update={"secret": f"env:{_KEY}", "previous": None, "previous_until": None})
    secrets = _secrets({_KEY: f"{_PREFIXES[channel.signature]}{_NOT_OURS}"}, mounted)
    return partner.model_copy(update={"channel": wrong}), secrets


def with_wrong_token(partner: Partner, mounted: Path | None) -> tuple[Partner, Secrets]:
    """It says that it is us, with a token that is not; under the headers that were agreed."""
    agreed = partner.authentication
    names = tuple(agreed.headers) if isinstance(agreed, StaticHeaders) else ("Authorization",)
    wrong = StaticHeaders(type="headers", headers=dict.fromkeys(names, f"env:{_TOKEN}"))
    secrets = _secrets({_TOKEN: f"Bearer {_NOT_OURS}"}, mounted)
    return partner.model_copy(update={"authentication": wrong}), secrets


def _secrets(wrong: dict[str, str], mounted: Path | None) -> Secrets:
    return Secrets(mounted, ChainMap(wrong, dict(os.environ)))

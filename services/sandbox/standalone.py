"""STANDALONE: one sandbox partner as a program of its own, for developers at a partner, with a control beside it."""

import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from schemas.words import filled
from services.runtime.errors import Refused
from services.runtime.service import Health
from services.sandbox import partner_words as words
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.control import Control
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.listener import Address
from services.sandbox.partners.message import FhirMessagePartner
from services.sandbox.partners.pull import PullPartner
from services.sandbox.partners.reporter import Reporter
from services.sandbox.partners.webhook import WebhookPartner
from services.sandbox.partners.webhook_signature import public_key

SECRET_BYTES = 32


class PartnerKind(StrEnum):
    """What a partner speaks."""

    FHIR = "fhir"
    WEBHOOK = "webhook"
    FHIR_MESSAGE = "fhir-message"
    NOTIFIED_PULL = "notified-pull"


SIGNED: Final = frozenset({PartnerKind.WEBHOOK, PartnerKind.NOTIFIED_PULL})
"""What has a secret."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How it is to be. `secret` and `key`, our public one, are for what is signed, `token` for a FHIR server.

    Port 0 takes a free one. `access` is its own token with us, with which it fetches; with `reaches`, our address, it
    reports by our Task too.
    """

    kind: PartnerKind
    port: int = 0
    control: int = 0
    misbehave: tuple[str, ...] = ()
    folder: Path | None = None
    tls: Path | None = None
    secret: str | None = field(default=None, repr=False)
    key: str | None = None
    token: str | None = field(default=None, repr=False)
    access: str | None = field(default=None, repr=False)
    reaches: str | None = None
    accepts: bool = True


class Standalone:
    """A service: the partner, and the control on the loopback address."""

    name = "sandbox partner"

    def __init__(self, wishes: Wishes, tell: Callable[[Mapping[str, str]], None]) -> None:
        """`tell` is called once it runs, with what its user must know.

        Raises:
            Refused: for an unknown mischief, a key that is none or for nothing, or when it has no token to come to us
                with and must have one.
        """
        self._wishes = wishes
        self._certificates = Certificates(wishes.tls) if wishes.tls else None
        self._made = _made(wishes)
        keys = [each for each in (wishes.secret, wishes.key, self._made) if each is not None]
        self._partner = _partner(wishes, keys, Address(port=wishes.port, tls=self._certificates))
        self._partner.misbehaviour.play(wishes.misbehave)
        self._control = Control(self._partner.misbehaviour, wishes.control)
        self._tell = tell
        self._running = False

    async def start(self) -> None:
        """Both. Raises Refused when a port is taken."""
        url = await _begun(self._partner.start(), "--port", self._wishes.port)
        control = await _begun(self._control.start(), "--control", self._wishes.control)
        facts = {"address": url, "control": control}
        if self._certificates is not None:
            facts |= {"authority": str(self._certificates.authority), "pin": self._certificates.pin}
        if self._made is not None:
            facts["secret"] = self._made
        self._running = True
        self._tell(facts)

    async def stop(self) -> None:
        """Both; safe to call twice."""
        self._running = False
        await self._control.stop()
        await self._partner.stop()

    def healthy(self) -> Health:
        """It misbehaves on purpose, so running is healthy."""
        return Health(alive=True, ready=self._running)


async def _begun(starting: Awaitable[str], option: str, port: int) -> str:
    """Where it listens."""
    try:
        return await starting
    except OSError:
        raise Refused(filled(words.PORT_TAKEN, port, option)) from None


def _made(wishes: Wishes) -> str | None:
    """A secret, where it must have one and was given nothing to verify with."""
    if wishes.key is not None:
        if wishes.kind not in SIGNED:
            raise Refused(filled(words.UNSIGNED, wishes.kind))
        try:
            public_key(wishes.key)
        except ValueError:
            raise Refused(words.NO_KEY) from None
    if wishes.kind not in SIGNED or wishes.secret or wishes.key:
        return None
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _partner(wishes: Wishes, keys: Sequence[str], address: Address) -> FhirPartner | WebhookPartner:
    given: dict[str, Any] = {"address": address, "accepts": wishes.accepts, "reporter": _reporter(wishes)}
    match wishes.kind:
        case PartnerKind.FHIR:
            return FhirPartner("fhir", token=wishes.token, folder=wishes.folder, **given)
        case PartnerKind.WEBHOOK:
            return WebhookPartner("webhook", keys, folder=wishes.folder, **given)
        case PartnerKind.FHIR_MESSAGE:
            return FhirMessagePartner("message", token=wishes.token, folder=wishes.folder, **given)
        case PartnerKind.NOTIFIED_PULL:
            if wishes.access is None:
                raise Refused(words.FETCHES)
            return PullPartner("pull", keys, wishes.access, **given)


def _reporter(wishes: Wishes) -> Reporter | None:
    reaches = wishes.reaches
    if reaches is None:
        return None
    if wishes.access is None:
        raise Refused(words.REPORTS)
    return Reporter(lambda: reaches, wishes.access)

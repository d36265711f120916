"""AUTHENTICATION: what lets us in at a partner, as headers of a request."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from services.notify.reply import NotSent
from services.notify.secret_cache import SecretCache
from services.notify.secrets import Secrets
from services.runtime.errors import Refused

Proof = Mapping[str, str]
"""Headers that say who we are. Never logged, never in an error."""

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE: Final = re.compile(r"[\x20-\x7e]+")
"""RFC 9110, section 5.5, without what few can read."""

_OURS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "prefer",
        "traceparent",
        "transfer-encoding",
        "user-agent",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
        "x-request-id",
    }
)
"""Headers that say something else already."""

NOTHING: Final[Proof] = MappingProxyType({})


class Authentication(Protocol):
    """How we prove to one partner who we are."""

    async def proof(self) -> Proof | NotSent:
        """For the next request, or why there is none, so that nothing is sent. Raises nothing of the network's."""

    def refused(self, proof: Proof) -> bool:
        """They answered 401 to it. Whether another proof may be had at once."""

    async def close(self) -> None:
        """Close its connections, if it has any. Safe to call twice."""


class Unneeded:
    """They let everybody in, or know us by our client certificate."""

    async def proof(self) -> Proof | NotSent:
        """Nothing is added to a request."""
        return NOTHING

    def refused(self, proof: Proof) -> bool:  # noqa: ARG002  the protocol's argument
        """There is no other."""
        return False

    async def close(self) -> None:
        """Nothing is open."""


class FixedHeaders:
    """The same headers every time, such as an API key, as their secrets stand."""

    def __init__(self, partner: str, references: Mapping[str, str], secrets: Secrets) -> None:
        """`references` says for each header where its value is. Raises Refused when one cannot be sent."""
        self._kept = SecretCache(partner, secrets, references.values(), lambda: _headers(references, secrets))

    async def proof(self) -> Proof | NotSent:
        """As their secrets stand now."""
        return self._kept.value()

    def refused(self, proof: Proof) -> bool:
        """Whether they were changed at their place in between."""
        return self._kept.value() != proof

    async def close(self) -> None:
        """Nothing is open."""


def _headers(references: Mapping[str, str], secrets: Secrets) -> Proof:
    for name in references:
        if not _NAME.fullmatch(name) or name.lower() in _OURS:
            raise Refused(f"authentication.headers: {name} is no header that may be set. Agree on another name")
    proof = {name: secrets.read(reference) for name, reference in references.items()}
    for name, value in proof.items():
        if not _VALUE.fullmatch(value):
            raise Refused(
                f"authentication.headers.{name}: {references[name]} holds what no header can: one line of ASCII"
            )
    return proof

"""AUTHENTICATION: what lets us in at a partner, as headers of a request."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from services.notify.reply import NotSent
from services.notify.secrets import Secrets

Proof = Mapping[str, str]
"""Headers that say who we are. Never logged, never in an error."""

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
        """None."""
        return NOTHING

    def refused(self, proof: Proof) -> bool:  # noqa: ARG002  the protocol's argument
        """There is no other."""
        return False

    async def close(self) -> None:
        """Nothing is open."""


class FixedHeaders:
    """The same headers every time, such as an API key, as their secrets stand."""

    def __init__(self, references: Mapping[str, str], secrets: Secrets) -> None:
        """`references` says for each header where its value is. Raises Refused when one cannot be read."""
        self._references = references
        self._secrets = secrets
        self._proof = self._read()

    async def proof(self) -> Proof | NotSent:
        """As they were read last."""
        return self._proof

    def refused(self, proof: Proof) -> bool:
        """Whether they have been changed at their place since: read again."""
        self._proof = self._read()
        return self._proof != proof

    async def close(self) -> None:
        """Nothing is open."""

    def _read(self) -> Proof:
        return {name: self._secrets.read(reference) for name, reference in self._references.items()}

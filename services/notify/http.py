"""HTTP to one partner: the one door to it. Who is asked, at which address, and as whom, is settled here.

A channel says what it wants to send; it need not know how the partner lets us in.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from yarl import URL

from schemas.partner import ClientCredentials, Partner, SmartBackend, StaticHeaders
from services.notify.authentication import Authentication, FixedHeaders, Proof, Unneeded
from services.notify.oauth import bearer
from services.notify.partner_wire import wired
from services.notify.reply import Answer, NotSent, Reply
from services.notify.secrets import Secrets
from services.notify.wire import USUAL, Limits

__all__ = ["USUAL", "Limits", "PartnerHttp"]

ASKING: Final = 1
"""A connection beside those of deliveries: a question that hangs takes none of theirs."""


class PartnerHttp:
    """Requests to one partner. It has a pool of its own, so that no other partner can take its places.

    `unplanned` counts requests that no turn foresaw: for tokens at its own host, what went again after a 401, and a
    look before something is written over.
    """

    def __init__(self, partner: Partner, url: URL, limits: Limits = USUAL, secrets: Secrets | None = None) -> None:
        """`url` is its channel's: requests go to its host and port, and nowhere else.

        Raises:
            Refused: when it would send in the clear over the public internet, or a secret is missing or unfit.
        """
        secrets = secrets or Secrets()
        self._limits = limits
        self._wire = wired(partner, url, secrets, limits, connections=partner.concurrency + ASKING)
        self._origin = url.origin()
        self._authentication = _authentication(partner, secrets, limits, self._token_asked)
        self.unplanned = 0

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """One request and its answer, or why there is none. After a 401 what lets us in is renewed, once.

        The deadline is around all of it, the wait for a token too. Raises nothing of the network's.
        """
        if url.user is not None or url.password is not None or url.origin() != self._origin:
            return NotSent("other-origin")
        by = asyncio.get_running_loop().time() + self._limits.total
        proof = await self._proof(by)
        if isinstance(proof, NotSent):
            return proof
        reply = await self._wire.exchange(method, url, {**headers, **proof}, body, by=by)
        match reply:
            case Answer(status=401) if self._authentication.refused(proof):
                again = await self._proof(by)
                if isinstance(again, NotSent):
                    return again
                self.unplanned += 1
                return await self._wire.exchange(method, url, {**headers, **again}, body, by=by)
            case _:
                return reply

    async def close(self) -> None:
        """Close every connection. Safe to call twice."""
        await self._authentication.close()
        await self._wire.close()

    def _token_asked(self, url: URL) -> None:
        """Its rate counts what its host gets, whatever that is for."""
        self.unplanned += url.host == self._origin.host

    async def _proof(self, by: float) -> Proof | NotSent:
        try:
            async with asyncio.timeout_at(by):
                return await self._authentication.proof()
        except TimeoutError:
            return NotSent("token-timed-out")


def _authentication(partner: Partner, secrets: Secrets, limits: Limits, asked: Callable[[URL], None]) -> Authentication:
    match partner.authentication:
        case None:
            return Unneeded()
        case StaticHeaders(headers=headers):
            return FixedHeaders(partner.id, headers, secrets)
        case ClientCredentials() | SmartBackend() as how:
            return bearer(partner, how, secrets, limits, asked=asked)

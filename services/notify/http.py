"""HTTP to one partner: the one door to it. Who is asked, at which address, and as whom, is settled here.

A channel says what it wants to send; it need not know how the partner lets us in.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from yarl import URL

from schemas.partner import Partner, StaticHeaders, Tls
from services.notify.addresses import Allowed
from services.notify.authentication import Authentication, FixedHeaders, Unneeded
from services.notify.reply import Answer, NotSent, Reply
from services.notify.secrets import Secrets
from services.notify.wire import USUAL, Limits, Wire
from services.runtime.errors import Refused

__all__ = ["USUAL", "Limits", "PartnerHttp"]

_UNAUTHORISED: Final = 401


class PartnerHttp:
    """Requests to one partner. It has a pool of its own, so that no other partner can take its places."""

    def __init__(self, partner: Partner, url: URL, limits: Limits = USUAL, secrets: Secrets | None = None) -> None:
        """`url` is its channel's: requests go to its host and port, and nowhere else.

        Raises:
            Refused: when it would send in the clear over the public internet, or a secret is not there.
        """
        self._origin = _origin(partner, url)
        if partner.tls != Tls():
            raise Refused(f"partner {partner.id}: tls is not there yet")
        self._limits = limits
        self._wire = Wire(_allowed(partner, url), partner.concurrency, limits)
        self._authentication = _authentication(partner, secrets or Secrets())

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """One request and its answer, or why there is none. A 401 renews what lets us in, once.

        Raises nothing of the network's.
        """
        if url.user is not None or url.password is not None or url.origin() != self._origin:
            return NotSent("other-origin")
        by = asyncio.get_running_loop().time() + self._limits.total
        proof = await self._authentication.proof()
        if isinstance(proof, NotSent):
            return proof
        reply = await self._wire.exchange(method, url, {**headers, **proof}, body, by=by)
        match reply:
            case Answer(status=401) if self._authentication.refused(proof):
                again = await self._authentication.proof()
                if isinstance(again, NotSent):
                    return again
                return await self._wire.exchange(method, url, {**headers, **again}, body, by=by)
            case _:
                return reply

    async def close(self) -> None:
        """Close every connection. Safe to call twice."""
        await self._authentication.close()
        await self._wire.close()


def _origin(partner: Partner, url: URL) -> URL:
    if url.user is not None or url.password is not None:
        raise Refused(f"partner {partner.id}: its url has a user in it. Say it in authentication, by reference")
    if url.scheme != "https" and not partner.allow_networks:
        raise Refused(f"partner {partner.id}: http:// only within allow_networks. Use https://, or list the network")
    return url.origin()


def _allowed(partner: Partner, url: URL) -> Allowed:
    try:
        return Allowed.of(partner.allow_networks, public=url.scheme == "https")
    except ValueError:
        raise Refused(f"partner {partner.id}: allow_networks has what is no network. Write 10.1.2.0/24") from None


def _authentication(partner: Partner, secrets: Secrets) -> Authentication:
    match partner.authentication:
        case None:
            return Unneeded()
        case StaticHeaders(headers=headers):
            return FixedHeaders(headers, secrets)
        case other:
            raise Refused(f"partner {partner.id}: authentication {other.type} is not there yet. Choose another")

"""BEARER: a token of the partner's, fetched once for everybody who waits for it, and renewed before it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from services.notify.authentication import Proof
from services.notify.reply import NotSent
from services.notify.token import Token
from services.runtime.ending import end

HOLD_OFF_SECONDS: Final = 5.0
"""After it was denied, a token is not asked for again that soon: whoever waits is told the same."""

CLOSED: Final = NotSent("token-unavailable")

Fetch = Callable[[], Awaitable[Token | NotSent]]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Denied:
    why: NotSent
    until: float


class Bearer:
    """The token of one partner. However many send at once, one asks, and who is cancelled does not stop it."""

    def __init__(self, fetch: Fetch, close: Callable[[], Awaitable[None]], clock: Clock = monotonic) -> None:
        """`fetch` asks the token endpoint once and raises nothing of the network's; `close` closes its connections.

        `clock` only goes forward: a wrong time of day makes no token good.
        """
        self._fetch = fetch
        self._close = close
        self._clock = clock
        self._token: Token | None = None
        self._denied: _Denied | None = None
        self._asking: asyncio.Task[Token | NotSent] | None = None

    async def proof(self) -> Proof | NotSent:
        """The token that is good now; when it has not long to go another is fetched meanwhile, and nobody waits."""
        now = self._clock()
        known = self._token
        if known is not None and now < known.good_until:
            if now >= known.renew_at and not self._held_off(now):
                self._ask()
            return _shown(known)
        if self._asking is None and self._denied is not None and self._held_off(now):
            return self._denied.why
        asking = self._ask()
        await asyncio.wait([asking])
        got = CLOSED if asking.cancelled() else asking.result()
        return got if isinstance(got, NotSent) else _shown(got)

    def refused(self, proof: Proof) -> bool:
        """They did not take it: it is not shown again. Another one is fetched, unless it was already."""
        if self._token is not None and _shown(self._token) == proof:
            self._token = None
        return True

    async def close(self) -> None:
        """Whoever still waits for a token is told that there is none."""
        if self._asking is not None:
            await end(self._asking)
        await self._close()

    def _held_off(self, now: float) -> bool:
        return self._denied is not None and now < self._denied.until

    def _ask(self) -> asyncio.Task[Token | NotSent]:
        if self._asking is None:
            self._asking = asyncio.create_task(self._asked())
        return self._asking

    async def _asked(self) -> Token | NotSent:
        try:
            got = await self._fetch()
        finally:
            self._asking = None
        match got:
            case Token():
                self._token, self._denied = got, None
            case NotSent():
                self._denied = _Denied(got, self._clock() + HOLD_OFF_SECONDS)
        return got


def _shown(token: Token) -> Proof:
    return {"Authorization": f"Bearer {token.value}"}

"""DOOR: every request passes it first: who asks, how often, how much. What comes through has a caller and a whole body.

It stands before the routes, so that nobody who adds one can forget it, and a stranger learns of none.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.partner import Partner
from services.notify.reception.allowance import Allowance
from services.notify.reception.callers import Callers
from services.notify.reception.refusal import BUSY, PACKED, TOO_LARGE, TOO_SLOW, UNKNOWN, Refusal, TurnedAway, refused
from services.runtime.connections import Place

LARGEST: Final = 65_536
"""Bytes of a body that we read."""

SECONDS_TO_TELL: Final = 10.0
"""How long a body may take to come."""

UNDER_WAY: Final = 32
"""Requests of one caller at once: who sends its bodies slowly holds up nobody else."""

STRANGER: Final = ""
BURST: Final = 5
"""Seconds of its rate that a caller may use at once."""

HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}

Seen = Callable[[str, str, int, float], None]
"""Told of every request: partner, route without ids, status, seconds. Never a path, a query or an address."""


class Door:
    """Middleware around the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        callers: Callers,
        rate: float,
        seen: Seen,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """`rate` is in requests a second, of each partner, and of all strangers together."""
        self._app = app
        self._callers = callers
        self._full = (rate, max(1.0, rate * BURST))
        self._seen = seen
        self._ticks = ticks
        self._allowances: dict[str, Allowance] = {}
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let the application answer. Nothing but HTTP is served."""
        began, partner, told = self._ticks(), STRANGER, 500

        async def with_headers(message: Message) -> None:
            """Every answer has them; its status is remembered."""
            nonlocal told
            if message["type"] == "http.response.start":
                told = message["status"]
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            headers = Headers(scope=scope)
            state = scope.setdefault("state", {})
            caller = self._let_in(headers, state.get("place"))
            partner = caller.id
            state["caller"] = caller
            with self._counted(partner):
                body = await _whole(headers, receive)
                await self._app(scope, _again(body, receive), with_headers)
        except TurnedAway as turned:
            await refused(turned.refusal)(scope, receive, with_headers)
        finally:
            route = getattr(scope.get("route"), "path", "")
            self._seen(partner, route, told, self._ticks() - began)

    def _let_in(self, headers: Headers, place: Place | None) -> Partner:
        """Strangers share one allowance, so that guessing is slow; it takes nothing from those we know.

        A partner's connection is its own from then on: no stranger's takes its place.
        """
        given = headers.getlist("authorization")
        caller = self._callers.who(given[0]) if len(given) == 1 else None
        self._allow(caller.id if caller else STRANGER)
        if caller is None:
            raise TurnedAway(UNKNOWN)
        if place is not None:
            place.prove()
        return caller

    @contextmanager
    def _counted(self, who: str) -> Iterator[None]:
        if self._under_way[who] >= UNDER_WAY:
            raise TurnedAway(BUSY)
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1

    def _allow(self, who: str) -> None:
        now = self._ticks()
        standing = self._allowances.get(who) or Allowance(*self._full, left=self._full[1], at=now)
        match standing.take(now):
            case Allowance() as left:
                self._allowances[who] = left
            case wait:
                later = {"Retry-After": str(ceil(wait))}
                raise TurnedAway(Refusal(429, "throttled", "You ask too often.", headers=later))


async def _whole(headers: Headers, receive: Receive) -> bytes:
    """The body, as long as it is neither too large nor too slow nor packed."""
    if headers.get("content-encoding", "identity") != "identity":
        raise TurnedAway(PACKED)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > len(str(LARGEST)) or int(length) > LARGEST:
        raise TurnedAway(TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS_TO_TELL):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > LARGEST:
                    raise TurnedAway(TOO_LARGE)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise TurnedAway(TOO_SLOW) from None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as the application receives it; after it, whatever the server says."""
    given = False

    async def given_once() -> Message:
        """All of the body at the first call."""
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return given_once

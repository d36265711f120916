"""Tricks that fail: before anything was kept, after it was kept, or above a limit."""

from collections import deque
from datetime import timedelta
from email.utils import format_datetime
from itertools import cycle
from math import ceil

from aiohttp import web
from aiohttp.typedefs import Handler

from services.runtime.clock import Clock
from services.sandbox.partners.trick import Trick


def unavailable(seconds: float, clock: Clock) -> Trick:
    """503 for so long from now on, with the seconds that are left in Retry-After; nothing is kept meanwhile."""
    until = clock() + timedelta(seconds=seconds)

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count the time down."""
        left = (until - clock()).total_seconds()
        if left <= 0:
            return await handler(request)
        return web.Response(status=503, headers={"Retry-After": str(ceil(left))})

    return Trick(around)


def error_after() -> Trick:
    """It keeps what came, and answers 500. Reading is answered well."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Fail once it is done."""
        response = await handler(request)
        return response if request.method == "GET" else web.Response(status=500)

    return Trick(around)


def lost_after() -> Trick:
    """It keeps what came, and the connection closes without an answer. Reading is answered well."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hang up once it is done."""
        response = await handler(request)
        if request.method != "GET" and request.transport is not None:
            request.transport.abort()
        return response

    return Trick(around)


def rate_limit(requests: float, clock: Clock) -> Trick:
    """So many requests a second; above that 429, with Retry-After in seconds and as a date in turn."""
    taken: deque[float] = deque()
    forms = cycle(("seconds", "date"))

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count what came within the window."""
        at = clock()
        window = max(1.0, 1.0 / requests)
        while taken and taken[0] <= at.timestamp() - window:
            taken.popleft()
        if len(taken) < max(1, int(requests)):
            taken.append(at.timestamp())
            return await handler(request)
        wait = ceil(taken[0] + window - at.timestamp()) or 1
        date = format_datetime(at + timedelta(seconds=wait), usegmt=True)
        later = str(wait) if next(forms) == "seconds" else date
        return web.Response(status=429, headers={"Date": format_datetime(at, usegmt=True), "Retry-After": later})

    return Trick(around)

"""Tricks with time: slow, a byte a second, never an answer."""

import asyncio
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from services.sandbox.partners.trick import Trick

DRIPPED: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n" + b"." * 1_000_000

LOOK_SECONDS: Final = 0.1
"""How often one that hangs looks whether the other side has gone."""


def slow(seconds: float) -> Trick:
    """Every answer waits so long."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Wait before anything is done."""
        await asyncio.sleep(seconds)
        return await handler(request)

    return Trick(around)


def drip(seconds: float) -> Trick:
    """It keeps what came, and answers a byte at a time: a timeout that is counted from each byte never ends it."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Byte by byte, until nobody listens any more."""
        response = await handler(request)
        transport = request.transport
        for byte in DRIPPED:
            if transport is None or transport.is_closing():
                break
            transport.write(bytes([byte]))
            await asyncio.sleep(seconds)
        return response

    return Trick(around)


def hang() -> Trick:
    """It takes the request, keeps nothing, and never answers."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Until the other side has gone."""
        del handler
        await request.read()
        while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110  it has no event
            await asyncio.sleep(LOOK_SECONDS)
        return web.Response(status=503)

    return Trick(around)

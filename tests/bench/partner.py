"""A partner that behaves and costs little: it answers at once, and notes when it had which request.

Run as a program it prints its base URL. `/fhir` answers a transaction, every other path 200. Asked with GET it tells:
`/count`, `/log` (id of the request, seconds since 1970) and `/last` (the last body).
"""

import asyncio
import sys
import time
from typing import Any, Final

import aiohttp
import orjson
from aiohttp import web

CREATED: Final = {"response": {"status": "201 Created"}}
TRANSACTIONS: Final = [
    orjson.dumps({"resourceType": "Bundle", "type": "transaction-response", "entry": [CREATED] * entries})
    for entries in range(20)
]
"""By how many entries they answer."""


class Desk:
    """What a partner holds."""

    def __init__(self) -> None:
        self.received: list[tuple[str, float]] = []
        self.last = b""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """One request."""
        if request.method == "GET":
            return web.Response(body=self._told(request.path))
        self.last = await request.read()
        self.received.append((request.headers.get("X-Request-Id", ""), time.time()))
        body = TRANSACTIONS[self.last.count(b'"fullUrl"')] if request.path == "/fhir" else b"{}"
        return web.Response(body=body, content_type="application/json")

    def _told(self, path: str) -> bytes:
        match path:
            case "/count":
                return str(len(self.received)).encode()
            case "/log":
                return orjson.dumps(self.received)
            case _:
                return self.last


class Partner:
    """Asks the program what it has."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def count(self) -> int:
        """Requests so far."""
        return int(await self._get("count"))

    async def log(self) -> list[tuple[str, float]]:
        """Every request's id, and when it was there."""
        found: list[Any] = orjson.loads(await self._get("log"))
        return [(str(name), float(at)) for name, at in found]

    async def last(self) -> bytes:
        """The last body."""
        return await self._get("last")

    async def until(self, count: int, within: float, look: float = 0.05) -> None:
        """Wait for so many requests."""
        async with asyncio.timeout(within):
            while await self.count() < count:  # noqa: ASYNC110  it is another process
                await asyncio.sleep(look)

    async def _get(self, what: str) -> bytes:
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/{what}") as response:
            return await response.read()


async def _serve() -> None:
    runner = web.ServerRunner(web.Server(Desk().handle, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())

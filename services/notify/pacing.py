"""PACING: the requests of one attempt at a partner that has a rate, each in its time."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from yarl import URL

from services.notify.reply import Reply


class Http(Protocol):
    """The way to one partner."""

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """One request and its answer, or why there is none. Raises nothing of the network's."""


class Paced:
    """Of one attempt: its requests begin at least so many seconds apart. The first one goes at once."""

    def __init__(self, http: Http, seconds: float) -> None:
        self._http = http
        self._seconds = seconds
        self._next = 0.0

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """In its time, as the way there does it."""
        loop = asyncio.get_running_loop()
        if (wait := self._next - loop.time()) > 0:
            await asyncio.sleep(wait)
        self._next = loop.time() + self._seconds
        return await self._http.exchange(method, url, headers, body)


def paced(http: Http, seconds: float) -> Http:
    """Without a rate there is nothing to wait for."""
    return Paced(http, seconds) if seconds > 0 else http

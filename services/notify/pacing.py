"""PACING: the requests of one attempt at a partner that has a rate, each in its time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple, Protocol

from yarl import URL

from services.notify.reply import Reply


class Http(Protocol):
    """The way to one partner."""

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """One request and its answer, or why there is none. Raises nothing of the network's."""


class Tempo(NamedTuple):
    """What tells the seconds, and what waits for some of them."""

    ticks: Callable[[], float] = time.monotonic
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep


REAL: Final = Tempo()


class Paced:
    """Of one attempt: its requests begin at least so many seconds apart. The first one goes at once."""

    def __init__(self, http: Http, seconds: float, tempo: Tempo = REAL) -> None:
        self._http = http
        self._seconds = seconds
        self._tempo = tempo
        self._next = tempo.ticks()

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """In its time, as the way there does it."""
        if (wait := self._next - self._tempo.ticks()) > 0:
            await self._tempo.wait(wait)
        self._next = self._tempo.ticks() + self._seconds
        return await self._http.exchange(method, url, headers, body)


def paced(http: Http, seconds: float) -> Http:
    """Without a rate there is nothing to wait for."""
    return Paced(http, seconds) if seconds > 0 else http

"""Partners as they are: a policy says how each request goes, and tricks are played on all of them."""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import Enum, auto
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from services.runtime.clock import Clock, now
from services.sandbox.partners.mischief import tricks
from services.sandbox.partners.trick import Lapse, Trick


class Failure(Enum):
    """Where in a request it goes wrong."""

    NONE = auto()
    BUSY_BEFORE = auto()  # 503, nothing kept
    ERROR_AFTER = auto()  # 500, kept
    CLOSE_AFTER = auto()  # the connection closes without an answer, kept


@dataclass(frozen=True, slots=True)
class Conduct:
    """What happens to one request: `wait` seconds first, then `failure`."""

    wait: float = 0.0
    failure: Failure = Failure.NONE


class Policy(Protocol):
    """Says how the partner treats its n-th request, counted from 0."""

    def conduct(self, n: int) -> Conduct:
        """The same *n* always gets the same answer."""


@dataclass(frozen=True, slots=True)
class Behave:
    """A partner that just works."""

    def conduct(self, n: int) -> Conduct:  # noqa: ARG002  the protocol's argument
        """Nothing goes wrong."""
        return Conduct()


@dataclass(frozen=True, slots=True)
class Misbehave:
    """Every request waits `slow` seconds; a share `rate` of them fails, in one of `failures`; `seed` picks which."""

    slow: float = 0.0
    rate: float = 0.0
    failures: tuple[Failure, ...] = (Failure.BUSY_BEFORE, Failure.ERROR_AFTER, Failure.CLOSE_AFTER)
    seed: int = 0

    def conduct(self, n: int) -> Conduct:
        """Derived from the seed and *n*, so that a failing run can be run again."""
        drawn = hashlib.blake2b(f"{self.seed}:{n}".encode(), digest_size=8).digest()
        if int.from_bytes(drawn[:4]) >= self.rate * 2**32 or not self.failures:
            return Conduct(self.slow)
        return Conduct(self.slow, self.failures[drawn[4] % len(self.failures)])


class Misbehaviour:
    """The seam: `policy` may be replaced, and mischief played, while the partner runs."""

    def __init__(self, policy: Policy | None = None, clock: Clock = now) -> None:
        self.policy: Policy = policy or Behave()
        self.names: tuple[str, ...] = ()
        self.on_play: Callable[[Trick], None] = lambda _trick: None
        self._trick = Trick()
        self._clock = clock
        self._requests = 0

    @property
    def lapses(self) -> Collection[Lapse]:
        """What its software neglects."""
        return self._trick.lapses

    def play(self, names: Sequence[str]) -> None:
        """From now on misbehave so, in these ways at once and no other; none: behave.

        Raises:
            Refused: when there is no such mischief, or it is none without TLS; then nothing changes.
        """
        trick = tricks(names, self._clock)
        self.on_play(trick)
        self._trick = trick
        self.names = tuple(names)

    def clock(self) -> datetime:
        """The partner's own: off by as much as the mischief says."""
        return self._clock() + self._trick.off

    def middleware(self) -> Middleware:
        """An aiohttp middleware; put it outside of the handlers and inside of the request log."""

        @web.middleware
        async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
            """Wait, fail or play a trick, as the mischief says."""
            conduct = self.policy.conduct(self._requests)
            self._requests += 1
            if conduct.wait:
                await asyncio.sleep(conduct.wait)
            if conduct.failure is Failure.BUSY_BEFORE:
                return web.Response(status=503, headers={"Retry-After": "1"})
            response = await self._trick.around(request, handler)
            self._date(response)
            match conduct.failure:
                case Failure.NONE | Failure.BUSY_BEFORE:
                    return response
                case Failure.ERROR_AFTER:
                    return web.Response(status=500)
                case Failure.CLOSE_AFTER:
                    if request.transport is not None:
                        request.transport.abort()
                    return web.Response(status=500)

        return misbehave

    def _date(self, response: web.StreamResponse) -> None:
        """A clock that is off shows in every answer."""
        if self._trick.off and not response.prepared:
            response.headers["Date"] = format_datetime(self.clock(), usegmt=True)

"""FORGETTING: the memory of households, and the facts of signals, are kept no longer than the settings say.

A clock that is years ahead would have all of it forgotten at once. So two clocks are asked, this machine's and the
database's, and the one that is behind counts. While they are far apart it says so, as something is kept too long then.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from services.router.store import Memory
from services.runtime.background import go_on
from services.runtime.clock import Clock
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import CLOCKS_APART_SECONDS, FORGOTTEN
from services.runtime.metrics import Metrics

EVERY: Final = 3600.0
"""Seconds between two looks."""

BATCH: Final = 500
"""Rows forgotten in one transaction, so that no batch of signals waits long for it."""

CLOSE: Final = timedelta(hours=1)
"""Clocks further apart are told of: one of them is wrong, and we cannot know which."""

log = get_logger(__name__)


class Forgetting:
    """Of one instance; any number of them may forget at once."""

    def __init__(self, memory: Memory, clock: Clock, metrics: Metrics, *, household_days: int, fact_days: int) -> None:
        self._memory = memory
        self._clock = clock
        self._metrics = metrics
        self._household = timedelta(days=household_days)
        self._facts = timedelta(days=fact_days)

    async def keep(self, seconds: float = EVERY) -> None:
        """Forget, now and then, for ever."""
        await go_on("router.forgetting", self.step, seconds)

    async def step(self, most: int = BATCH) -> None:
        """Forget what is older, at most so many rows in one transaction.

        Raises:
            TryLater: when the database is not there.
        """
        now = await self._now()
        households = await self._all("household", self._memory.forget_households, now - self._household, most)
        facts = await self._all("facts", self._memory.forget_facts, now - self._facts, most)
        if households:
            log.info("router.households_forgotten", count=households)
        if facts:
            log.info("router.facts_forgotten", count=facts)

    async def _now(self) -> datetime:
        """By the clock that is behind."""
        ours, theirs = self._clock(), await self._memory.clock()
        if theirs is None:
            return ours
        apart = abs(ours - theirs)
        self._metrics.set(CLOCKS_APART_SECONDS, apart.total_seconds())
        if apart > CLOSE:
            why = (
                f"the database's clock says {theirs:%Y-%m-%d %H:%M}Z: the one that is behind counts. Set the wrong one"
            )
            log.warning("router.clocks_apart", seconds=apart.total_seconds(), why=why)
        return min(ours, theirs)

    async def _all(
        self, what: str, forget: Callable[[datetime, int], Awaitable[int]], before: datetime, most: int
    ) -> int:
        """Batch after batch until one is not full; each is counted when it is committed."""
        total, last = 0, most
        while last == most:
            last = await forget(before, most)
            total += last
            self._metrics.add(FORGOTTEN, last, what)
        return total

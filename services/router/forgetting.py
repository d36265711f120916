"""FORGETTING: what signals of a household add up to is kept no longer than a rule may look back."""

import asyncio
from datetime import timedelta
from typing import Final

from services.router.store import Memory
from services.runtime.clock import Clock
from services.runtime.errors import SeinpaalError
from services.runtime.log import get_logger

EVERY: Final = 3600.0
"""Seconds between two looks."""

log = get_logger(__name__)


class Forgetting:
    """Of one instance; any number of them may forget at once."""

    def __init__(self, memory: Memory, clock: Clock, days: int) -> None:
        self._memory = memory
        self._clock = clock
        self._kept = timedelta(days=days)

    async def keep(self, seconds: float = EVERY) -> None:
        """Forget, now and then, for ever."""
        while True:
            try:
                await self.step()
            except SeinpaalError as error:  # the database is away: the batches say so too
                log.warning("router.forgetting", outcome=type(error).__name__)
            await asyncio.sleep(seconds)

    async def step(self) -> None:
        """Forget what is older.

        Raises:
            TryLater: when the database is not there.
        """
        await self._memory.forget(self._clock() - self._kept)

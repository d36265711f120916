"""STEADY CLOCK: the time by which something is late, and people are asked or rung. See `leap.py`."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from services.notify.leap import STAYS, Believed
from services.runtime.clock import Clock
from services.runtime.log import get_logger

log = get_logger(__name__)

_PASSED: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Where there is one, it goes on while the machine sleeps: then nothing leaps when it wakes."""


def passed() -> float:
    """Seconds, whatever anybody sets the clock to."""
    return time.clock_gettime(_PASSED)


class SteadyClock:
    """Of one process; its loops ask it every few seconds. Its first answer is the clock's."""

    def __init__(self, clock: Clock, ticks: Callable[[], float] = passed) -> None:
        self._clock = clock
        self._ticks = ticks
        self._believed = Believed(clock(), ticks())

    def __call__(self) -> datetime:
        """The time in UTC."""
        before, clock = self._believed, self._clock()
        self._believed = after = before.then(clock, self._ticks())
        if before.since is None and after.since is not None:
            why = f"the clock leapt ahead; if it stays there for {STAYS}, what is late by it is told"
            log.error("notify.clock_leapt", seconds=(clock - after.at).total_seconds(), why=why)
        return after.at

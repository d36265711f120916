"""LEAP: a clock that jumps ahead is believed, by what puts people to work, once it has stayed there for a while.

Pure: what was believed, what the clock says now, and how much time has passed whatever the clock says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LEAP: Final = timedelta(minutes=2)
"""What a clock is set by usually is less, and makes nothing late that was not almost."""

STAYS: Final = timedelta(minutes=10)
"""A clock that was wrong for a moment is right again by then; one that was behind is believed no later."""


@dataclass(frozen=True, slots=True)
class Believed:
    """The time `at`, when so many seconds had passed (`ticks`). `since`: the same of when it leapt ahead of that."""

    at: datetime
    ticks: float
    since: float | None = None

    def then(self, clock: datetime, ticks: float) -> "Believed":
        """Once the clock says that. What it goes back by, and small steps, hold at once."""
        expected = self.at + timedelta(seconds=ticks - self.ticks)
        since = ticks if self.since is None else self.since
        if clock - expected > LEAP and timedelta(seconds=ticks - since) < STAYS:
            return Believed(expected, ticks, since)
        return Believed(clock, ticks)

"""FAILING: how long a partner has been seen to fail, on its way to being disabled. Pure.

What counts are the times between one fault and the next. Nobody knows what lay in a gap that is longer than any wait
of the ladder, and a clock that was wrong for a while must not disable anybody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

GIVE_UP: Final = timedelta(days=5)
"""Nothing but faults for so long disables a partner."""

WARN_AT: Final = (50, 70, 90, 100)
"""Percents of the way there. Each is told once, at an attempt of its own: a person hears of it before the end."""

GAP_MOST: Final = timedelta(days=1)
"""No gap between two faults counts for more: the longest wait of the ladder."""


@dataclass(frozen=True, slots=True)
class Failing:
    """The `last` fault after all was well, and `lasted`: what the gaps up to it come to."""

    last: datetime
    lasted: timedelta


def failed(last: datetime | None, lasted: timedelta, warned: int, now: datetime) -> Failing:
    """After one more fault. It goes no further than the next warning that was not told, whatever lay in between.

    A last fault that is further ahead than all of the way was written by a clock that was wrong, and is none.
    """
    if last is None or last > now + GIVE_UP:
        last = now
    at = max(last, now)
    most = min((step_at(step) for step in WARN_AT if step > warned), default=GIVE_UP)
    return Failing(at, min(lasted + min(at - last, GAP_MOST), most))


def step_at(percent: int) -> timedelta:
    """What the gaps come to when that warning is told."""
    return GIVE_UP * percent / 100


def percent(lasted: timedelta) -> int:
    """The highest warning that was reached; 0 before the first."""
    return max((step for step in WARN_AT if lasted >= step_at(step)), default=0)

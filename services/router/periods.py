"""PERIODS: the days on which an entry of configuration holds, from `valid_from` up to but without `valid_until`."""

from datetime import date
from typing import Protocol


class Period(Protocol):
    """Anything with days on which it holds; None is without end on that side."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_until(self) -> date | None:
        """The first day it no longer holds."""


def overlap(one: Period, other: Period) -> bool:
    """Whether there is a day on which both hold."""
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins < min(one.valid_until or date.max, other.valid_until or date.max)


def covers(wide: Period, narrow: Period) -> bool:
    """Whether `wide` holds on every day on which `narrow` does."""
    begins = (wide.valid_from or date.min) <= (narrow.valid_from or date.min)
    return begins and (wide.valid_until or date.max) >= (narrow.valid_until or date.max)


def backwards(one: Period) -> bool:
    """Whether it ends before it begins, or on that very day: it never holds."""
    return bool(one.valid_from and one.valid_until and one.valid_until <= one.valid_from)

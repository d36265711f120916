"""What is late is late by a clock that has stayed where it is."""

from datetime import timedelta

import pytest

from services.notify.leap import LEAP, STAYS, Believed
from tests.unit.notify.samples import AT

STEP = timedelta(seconds=5)
FIRST = Believed(AT, 0.0)


def asked(believed: Believed, ahead: timedelta, steps: int = 1) -> Believed:
    """Every five seconds, of a clock that is so far ahead of the right time."""
    for _ in range(steps):
        ticks = believed.ticks + STEP.total_seconds()
        believed = believed.then(AT + timedelta(seconds=ticks) + ahead, ticks)
    return believed


def right(believed: Believed) -> bool:
    """Whether that is the time it is."""
    return believed.at == AT + timedelta(seconds=believed.ticks)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1), timedelta(days=400)], ids=str)
def test_a_leap_that_ends_in_time_was_never_believed(ahead: timedelta) -> None:
    """Nobody is rung for what is not late, and time goes on meanwhile."""
    believed = FIRST
    for _ in range(int(STAYS / STEP)):
        believed = asked(believed, ahead)
        assert right(believed)
    assert asked(believed, timedelta()) == Believed(AT + STAYS + STEP, (STAYS + STEP).total_seconds())


def test_a_clock_that_stays_ahead_is_believed() -> None:
    """It was behind before, or this machine stood still: what is late is told no more than ten minutes late."""
    hour = timedelta(hours=1)
    believed = asked(FIRST, hour, int(STAYS / STEP) + 1)
    assert believed == Believed(AT + STAYS + STEP + hour, (STAYS + STEP).total_seconds())
    assert asked(believed, hour).at == AT + STAYS + STEP * 2 + hour


def test_each_leap_has_its_own_time() -> None:
    """One that ended does not shorten the next."""
    believed = asked(asked(FIRST, timedelta(hours=1), 100), timedelta())
    assert right(asked(believed, timedelta(hours=1), 100))


@pytest.mark.parametrize("by", [-timedelta(days=1), -timedelta(seconds=1), timedelta(), LEAP], ids=str)
def test_what_it_goes_back_by_and_small_steps_hold_at_once(by: timedelta) -> None:
    """A deadline that is there is not put off."""
    assert asked(FIRST, by) == Believed(AT + STEP + by, STEP.total_seconds())


def test_who_was_not_asked_for_long_takes_that_for_no_leap() -> None:
    """A process that stood still finds late what became so meanwhile."""
    assert FIRST.then(AT + timedelta(hours=3), 3 * 3600.0) == Believed(AT + timedelta(hours=3), 3 * 3600.0)

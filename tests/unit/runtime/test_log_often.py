"""A library that says one thing without end, as asyncio's servers do where no file is left."""

import logging

from services.runtime.log import get_logger
from services.runtime.log_foreign import OFTEN, PERIOD, Heard
from tests.unit.runtime.conftest import Lines


def test_one_place_fills_no_disk_and_silences_no_other(lines: Lines) -> None:
    """Of two places that speak a thousand times each, so many lines: no more of the one, and no fewer of the other."""
    library = logging.getLogger("library")
    for _ in range(1000):
        library.error("no file left")
        library.error("something else")
    told = lines()
    assert len(told) == 2 * OFTEN
    assert len({line["where"] for line in told}) == 2


def test_what_was_left_out_is_counted_with_the_next_line() -> None:
    """A minute later it is heard again, and how often it was not."""
    place = Heard(0.0)
    assert [place.again(tick / OFTEN) for tick in range(OFTEN)] == [0] * OFTEN
    assert [place.again(PERIOD / 2) for _ in range(7)] == [None] * 7
    assert place.again(PERIOD) == 7
    assert place.again(PERIOD) == 0


def test_a_clock_that_goes_back_silences_nobody() -> None:
    """Until it is where it was, hours later, nothing would be heard of that place."""
    place = Heard(3600.0)
    assert [place.again(3600.0) for _ in range(OFTEN + 1)][-1] is None
    assert place.again(0.0) == 1


def test_ours_are_never_left_out(lines: Lines) -> None:
    """An attempt a line, however many: only what others say is bounded."""
    own = get_logger("services.notify.attempt_log")
    for _ in range(3 * OFTEN):
        own.info("notify.attempt")
    assert len(lines()) == 3 * OFTEN

"""How a measurement of `seinpaal up` knows that nothing is under way any more."""

import pytest

from services.sandbox import up_words as words
from tests.bench.footprint import SIGNALS, rests


@pytest.mark.parametrize(
    ("written", "in_progress", "at_rest"),
    [(SIGNALS, 0, True), (SIGNALS, 1, False), (SIGNALS, 10, False), (9, 0, False)],
)
def test_it_reads_the_line_that_up_writes(written: int, in_progress: int, *, at_rest: bool) -> None:
    """Else it waits in vain for words that have changed."""
    told = words.SO_FAR.en.format(90, 40, 50, 0, 3, in_progress)
    assert rests(f"{words.WRITTEN.en.format(written, told)}\n") is at_rest

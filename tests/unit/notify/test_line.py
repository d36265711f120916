"""A line as it was read, and as it becomes."""

from services.notify.line import Line
from services.notify.store import NAMES
from tests.unit.notify import samples


def test_what_was_changed_is_no_longer_as_it_was_read() -> None:
    """Whoever reads it again must not take the one for the other; with how it was counted it keeps that alone."""
    values = [getattr(samples.line(), name) for name in NAMES]
    read = Line.of([*values, "content"], (1, "as given"))
    assert (read, read.row) == (samples.line(), (1, "as given"))
    after = read.but(overdue=True)
    assert (after.row, after.stood) == (None, (read.partner, read.state, False))

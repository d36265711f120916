"""How long what looks after the ledger may rest."""

from datetime import datetime, timedelta

import pytest

from services.notify.footing import POLL, rest
from tests.unit.notify.samples import AT

MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("due", "seconds"),
    [
        (None, POLL),
        (AT + timedelta(days=1), POLL),
        (AT + timedelta(seconds=2), 2.0),
        (AT + MOMENT, 1e-6),
        (AT, 0.0),
        (AT - MOMENT, 0.0),
    ],
    ids=["nothing", "far", "soon", "almost", "now", "past"],
)
def test_it_rests_until_what_is_due_or_until_the_next_look(due: datetime | None, seconds: float) -> None:
    """To the microsecond: 0 is said of what is due and of nothing else."""
    assert rest(due, AT) == seconds

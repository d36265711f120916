"""Whether going on with a decision about many makes sense: pure, on lines that the test names."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from schemas.command import Action
from schemas.delivery import DeliveryState
from services.notify.bulk import Progress, Stood, judged
from services.notify.command_sink import one_of_many
from services.notify.line import Line
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

PARKED = samples.line(state=DeliveryState.PARKED, moves=3)
DUE = replace(PARKED, state=DeliveryState.PENDING, moves=4, due_at=AT)
STOOD = Stood(3, 0, 0)


def test_what_became_of_a_slice_that_was_sent_again() -> None:
    """Six: not released yet, due, delivered, waiting for a rung, parked again, and behind another."""
    lines = [
        PARKED,
        DUE,
        replace(DUE, state=DeliveryState.DELIVERED, moves=5),
        replace(DUE, rung=1),
        replace(PARKED, moves=5),
        replace(DUE, due_at=None),
    ]
    assert judged(Action.REDRIVE, [(line, STOOD) for line in lines], ()) == Progress(tried=4, failed=2)


def test_an_attempt_that_was_faster_than_the_decision_counts() -> None:
    """It was on its way already and failed again, without any change of state."""
    before = replace(DUE, rung=2, attempts=2)
    tried = replace(before, rung=3, attempts=3)
    given = [(tried, Stood(before.moves, before.attempts, 0))]
    assert judged(Action.RETRY, given, {tried.referral}) == Progress(tried=1, failed=1)


def test_what_became_of_a_slice_that_was_cancelled() -> None:
    """Four: not yet, cancelled, delivered meanwhile, and refused as it was being sent."""
    lines = [
        PARKED,
        replace(PARKED, state=DeliveryState.CANCELLED, moves=4),
        replace(PARKED, state=DeliveryState.DELIVERED, moves=4),
    ]
    sending = samples.line("T-2", moves=3)
    given = [(line, STOOD) for line in (*lines, sending)]
    assert judged(Action.CANCEL, given, {sending.referral}) == Progress(tried=3, failed=2)


def test_it_stops_when_most_of_enough_fail_again_and_not_before() -> None:
    """Half of twenty; a few say nothing."""
    assert not Progress(19, 19).hopeless
    assert Progress(20, 10).hopeless
    assert not Progress(100, 49).hopeless


def test_two_people_who_decide_the_same_about_a_line_give_one_command() -> None:
    """Its id follows from how the line stands. A later parking is another, and so is what was refused and mended."""
    first = given(PARKED)
    assert given(PARKED, actor="op-2", at=AT.replace(hour=22)) == first
    assert given(replace(PARKED, moves=5)) != first
    assert given(PARKED, refusals=1) != first
    assert given(PARKED, Action.CANCEL) != first


def given(
    line: Line, action: Action = Action.REDRIVE, *, refusals: int = 0, actor: str = "op-1", at: datetime = AT
) -> UUID:
    """The id of the command."""
    return one_of_many(action, line, refusals, actor=actor, reason="back", at=at).id

"""Whether sending many again makes sense: pure, on lines that the test names."""

from dataclasses import replace

from schemas.delivery import DeliveryState
from services.notify.bulk import Progress, judged
from services.notify.giving import again
from tests.unit.notify import samples
from tests.unit.notify.samples import AT


def test_what_became_of_a_slice() -> None:
    """Six: not released yet, due, delivered, waiting for a rung, parked again, and behind another."""
    parked = samples.line(state=DeliveryState.PARKED, moves=3)
    due = replace(parked, state=DeliveryState.PENDING, moves=4, due_at=AT)
    lines = [
        parked,
        due,
        replace(due, state=DeliveryState.DELIVERED, moves=5),
        replace(due, rung=1),
        replace(parked, moves=5),
        replace(due, due_at=None),
    ]
    assert judged([(line, 3) for line in lines]) == Progress(tried=4, failed=2)


def test_it_stops_when_most_of_enough_fail_again_and_not_before() -> None:
    """Half of twenty; a few say nothing."""
    assert not Progress(19, 19).hopeless
    assert Progress(20, 10).hopeless
    assert not Progress(100, 49).hopeless


def test_two_people_who_redrive_the_same_parking_give_one_command() -> None:
    """Its id follows from the parking: carrying it out twice is carrying it out once. A later parking is another."""
    line = samples.line(state=DeliveryState.PARKED, moves=3)
    first = again(line, actor="op-1", reason="back", at=AT)
    assert again(line, actor="op-2", reason="too", at=AT.replace(hour=22)).id == first.id
    assert again(replace(line, moves=5), actor="op-1", reason="back", at=AT).id != first.id

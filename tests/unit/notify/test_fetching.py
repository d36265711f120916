"""What a partner gets that comes for a referral: the current revision, and nothing before a person decided."""

from itertools import product

import pytest

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.fetching import Current, Finding, Nothing, TakenBack, collecting
from services.notify.line import Line
from services.notify.retry import NOT_FETCHED
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

PENDING, DELIVERED, HELD = DeliveryState.PENDING, DeliveryState.DELIVERED, DeliveryState.HELD
PARKED, CANCELLED, DISMISSED = DeliveryState.PARKED, DeliveryState.CANCELLED, DeliveryState.DISMISSED


def lane(*states: DeliveryState, withdrawn: bool = False, reason: str | None = None) -> list[Line]:
    """One line a state, in the order of revisions; the last one takes it back when `withdrawn`."""
    lines = [
        samples.line(revision=revision, state=state, reason=reason if state is PARKED else None)
        for revision, state in enumerate(states, start=1)
    ]
    if withdrawn:
        last = len(states)
        lines[-1] = samples.line(revision=last, state=states[-1], change=ReferralChange.WITHDRAWAL)
    return lines


ONE, TWO = lane(PENDING), lane(PENDING, PENDING)
HAD = lane(DELIVERED, PENDING)
MISSED = lane(PARKED, reason=NOT_FETCHED)
BACK = lane(DELIVERED, PENDING, withdrawn=True)


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        (ONE, Current(ONE[0])),
        (TWO, Current(TWO[1], (TWO[0],))),
        (HAD, Current(HAD[1])),
        (MISSED, Current(MISSED[0])),
        (BACK, TakenBack(BACK[1])),
        (lane(HELD), Nothing()),
        (lane(PARKED, reason="seal-broken"), Nothing()),
        (lane(HELD, PENDING), Nothing()),
        (lane(CANCELLED), TakenBack(None)),
        (lane(DISMISSED), TakenBack(None)),
        (lane(CANCELLED, CANCELLED, withdrawn=True), TakenBack(None)),
        ([], Nothing()),
    ],
)
def test_what_there_is_for_who_comes(lines: list[Line], finding: Finding) -> None:
    """The newest that nothing holds up, with what it supersedes."""
    assert collecting(lines, PARTNER) == finding


def test_what_is_held_hides_what_comes_after_it() -> None:
    """The delivered one before it is still shown: it is what they have."""
    lines = lane(DELIVERED, HELD, PENDING)
    assert collecting(lines, PARTNER) == Current(lines[0])


@pytest.mark.parametrize("states", list(product(DeliveryState, repeat=3)))
def test_nobody_else_gets_anything(states: tuple[DeliveryState, ...]) -> None:
    """Whatever stands in the lane."""
    assert collecting(lane(*states), "somebody-else") == Nothing()


@pytest.mark.parametrize("states", list(product(DeliveryState, repeat=3)))
def test_nothing_undecided_is_ever_shown(states: tuple[DeliveryState, ...]) -> None:
    """Only what is due or delivered, and never what stands behind something held or parked."""
    match collecting(lane(*states, reason="refused"), PARTNER):
        case Current(line=line):
            assert line.state in {PENDING, DELIVERED}
            assert not {HELD, PARKED} & set(states[: line.revision])
        case TakenBack() | Nothing():
            pass

"""Where a batch of referrals is cut for decisions that wait, without a database."""

from datetime import timedelta

import pytest

from schemas.parked import Coordinates
from schemas.referral import Referral
from services.notify.arrival import Arrived
from services.notify.intake_parts import Part, Waits, parts
from services.runtime.trace_parent import trace_for
from tests.unit.notify import samples
from tests.unit.notify.samples import AT


def arrived(record: str, revision: int, minute: int) -> Arrived:
    """A revision that the router decided on in that minute."""
    referral = samples.referral(record, revision=revision)
    referral = referral.model_copy(update={"decided_at": AT + timedelta(minutes=minute)})
    place = Coordinates(topic="referrals.v1", partition=0, offset=minute)
    return Arrived(referral, b"", place, trace_for(referral.signal), trace_for(referral.signal))


A1, A2, A3 = (arrived("A", revision, minute) for revision, minute in ((1, 0), (2, 4), (3, 8)))
B1, B2 = arrived("B", 1, 2), arrived("B", 2, 6)
BATCH = (A1, B1, A2, B2, A3)


def waits(number: int, about: Referral, minute: int) -> Waits:
    """A decision that a person made in that minute."""
    return Waits(number, about.id, AT + timedelta(minutes=minute))


@pytest.mark.parametrize(
    ("waiting", "cut"),
    [
        ([], [Part(BATCH)]),
        ([waits(1, A1.referral, 1)], [Part((A1, B1), (1,)), Part((A2, B2, A3))]),
        ([waits(1, A1.referral, 5)], [Part((A1, B1, A2, B2), (1,)), Part((A3,))]),
        ([waits(1, A1.referral, 4)], [Part((A1, B1), (1,)), Part((A2, B2, A3))]),
        ([waits(1, A3.referral, 9)], [Part(BATCH)]),
        ([waits(1, samples.referral("C"), 0)], [Part(BATCH)]),
        (
            [waits(1, A1.referral, 1), waits(2, B1.referral, 3)],
            [Part((A1, B1), (1,)), Part((A2,), (2,)), Part((B2, A3))],
        ),
        (
            [waits(3, A1.referral, 5), waits(2, A1.referral, 1), waits(4, A2.referral, 6)],
            [Part((A1, B1), (2,)), Part((A2, B2), (3, 4)), Part((A3,))],
        ),
        ([waits(1, A1.referral, 9), waits(2, A1.referral, 1)], [Part(BATCH)]),
        ([waits(1, A1.referral, 5), waits(2, A1.referral, 1)], [Part((A1, B1, A2, B2), (1, 2)), Part((A3,))]),
    ],
    ids=[
        "nothing waits",
        "before the next of its case",
        "after what was decided on before it",
        "at the very moment",
        "nothing of its case behind it",
        "of another batch",
        "each in its own case",
        "each in its own place",
        "the second of two waits for the first",
        "both wait together",
    ],
)
def test_a_part_ends_before_what_came_after_a_decision(waiting: list[Waits], cut: list[Part]) -> None:
    """Of its own case, by the router's moment and the person's; never before a decision that was read earlier."""
    assert parts(BATCH, waiting) == cut


def test_a_decision_about_what_comes_twice_is_carried_out_once() -> None:
    """The second record of the same referral changes nothing."""
    assert parts((A1, A1, A2), [waits(1, A1.referral, 1)]) == [Part((A1, A1), (1,)), Part((A2,))]

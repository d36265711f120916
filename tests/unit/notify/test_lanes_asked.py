"""Of one recipient's case nobody is asked twice: the newest revision is the question, and what goes needs none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.lanes import DISMISSED_BEFORE, FORBIDS, GOES_BACK, SUPERSEDED, Settled, dismissed_before, settle
from services.notify.line import Line
from tests.unit.notify.samples import AT, line

PENDING, HELD, PARKED = DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.PARKED
DISMISSED, CANCELLED, DELIVERED = DeliveryState.DISMISSED, DeliveryState.CANCELLED, DeliveryState.DELIVERED
ASKED = line(revision=1, state=HELD, reason="rule")


def test_a_later_question_takes_the_place_of_the_one_before_with_the_earlier_deadline() -> None:
    """Corrections without end would else put off the answer; what was told to be late is not told so again."""
    later = line(revision=2, state=HELD, deadline=ASKED.deadline + timedelta(hours=1))
    late = replace(ASKED, overdue=True)
    done = settle([late, later])
    assert done == Settled(superseded=(late,), asks=later.but(deadline=ASKED.deadline, overdue=True))
    assert done.questions == {ASKED.referral: later.referral}


def test_a_later_question_that_is_due_sooner_keeps_its_deadline() -> None:
    """It became more urgent: nobody was told yet that it is late."""
    later = line(revision=2, state=HELD, deadline=ASKED.deadline - timedelta(hours=1))
    assert settle([replace(ASKED, overdue=True), later]).asks == later


@pytest.mark.parametrize("decided", [False, True], ids=["by the rules", "as a person let it go"])
def test_what_goes_to_the_partner_is_not_held_up_by_an_older_question(*, decided: bool) -> None:
    """It holds all that is known, so the older one is superseded and it is the newer one's turn."""
    later = line(revision=2, decided=decided)
    assert settle([ASKED, later]) == Settled((), later, (ASKED,))


def test_what_the_rules_send_goes_over_no_person_s_no() -> None:
    """An older no stands through the questions after it; a person's yes ends it."""
    no, again = line(revision=1, state=DISMISSED), line(revision=2, state=HELD, moves=1, reason=DISMISSED_BEFORE)
    later = line(revision=3)
    for asked in (again, replace(again, moves=0, reason="rule")):
        assert settle([no, asked, later]) == Settled()
        assert settle([no, asked, replace(later, moves=2)]) == Settled()  # only we let it go, when its partner was back
        assert settle([no, asked, replace(later, decided=True)]).superseded == (asked,)


@pytest.mark.parametrize(
    "later",
    [
        line(revision=2, state=HELD, partner="tweede"),
        line(revision=2, partner="tweede"),
        line(revision=2, state=PARKED),
        line(revision=2, state=DISMISSED),
        line(revision=2, state=CANCELLED, reason="superseded"),
    ],
    ids=["another partner asked", "another partner", "parked", "dismissed", "cancelled"],
)
def test_nothing_else_takes_the_place_of_a_question(later: Line) -> None:
    """It still waits for a person."""
    done = settle([ASKED, later])
    assert (done.superseded, done.asks) == ((), None)


def test_a_question_that_named_nobody_gives_way_to_what_a_person_sent_to_somebody() -> None:
    """No partner was found for it; the one that was chosen for the later revision has all that is known."""
    nobody = replace(ASKED, partner=None)
    assert settle([nobody, line(revision=2, decided=True)]).superseded == (nobody,)
    assert settle([nobody, line(revision=2, state=HELD)]).superseded == ()


def test_what_may_have_arrived_is_no_question_that_can_be_taken_back() -> None:
    """Cancelled means that the partner never got it."""
    maybe = replace(ASKED, uncertain=True)
    assert settle([maybe, line(revision=2, state=HELD)]) == Settled()


@pytest.mark.parametrize(
    ("lane", "stands"),
    [
        ([], False),
        ([line(state=DISMISSED)], True),
        ([line(state=DISMISSED), line(revision=2, state=HELD, reason="rule")], True),
        ([line(state=DISMISSED), line(revision=2, state=CANCELLED, reason=SUPERSEDED)], True),
        ([line(state=DISMISSED), line(revision=2, moves=1)], False),
        ([line(state=DISMISSED), line(revision=2, state=DELIVERED)], False),
        ([line(state=DISMISSED), line(revision=2, state=CANCELLED, reason="withdrawn")], False),
    ],
    ids=["nothing", "a no", "asked again", "asked anew", "a yes", "delivered", "withdrawn"],
)
def test_a_no_stands_until_something_else_was_decided(lane: list[Line], stands: bool) -> None:  # noqa: FBT001  a table
    """A question that was put again, and one in whose place another came, decided nothing."""
    assert dismissed_before(ReferralChange.UPDATE, lane) is stands
    assert not dismissed_before(ReferralChange.WITHDRAWAL, lane)


@pytest.mark.parametrize("why", sorted(FORBIDS))
def test_what_may_not_go_there_any_more_is_asked_about_and_not_sent(why: str) -> None:
    """Nobody let it go but the rules, and it cannot have arrived: they would not send what a later revision says."""
    waiting, later = line(revision=1, due_at=AT, rung=3, attempts=3), line(revision=2, state=HELD, reason=why)
    assert settle([waiting, later]) == Settled(superseded=(waiting,), asks=later)
    for stays in (replace(waiting, decided=True), replace(waiting, uncertain=True), replace(waiting, lease_until=AT)):
        assert settle([stays, later]).superseded == ()
    assert settle([waiting, replace(later, partner="tweede")]).superseded == ()


@pytest.mark.parametrize("why", sorted(GOES_BACK))
def test_what_is_parked_until_its_partner_may_have_it_does_not_go_then_when_it_may_not_any_more(why: str) -> None:
    """Nobody is asked when a partner is enabled or has proven itself, so it would go although consent was refused."""
    parked = line(revision=1, state=PARKED, reason=why, moves=3)
    later = line(revision=2, state=HELD, reason="legal-basis")
    assert settle([parked, later]) == Settled(superseded=(parked,), asks=later)
    for stays in (replace(parked, decided=True), replace(parked, uncertain=True), replace(parked, reason="refused")):
        assert settle([stays, later]) == Settled()


def test_a_guess_or_a_rule_that_asks_stops_nothing_that_is_on_its_way() -> None:
    """A radar that made an urgent referral wait would do harm."""
    for why in ("system-rule", "rule", "no-rule-fired", "area-unknown", "pattern"):
        assert settle([line(revision=1, due_at=AT), line(revision=2, state=HELD, reason=why)]) == Settled()


def test_settling_a_question_changes_nothing_a_second_time() -> None:
    """It is what a crash in between leaves."""
    later = line(revision=2, state=HELD)
    gone = ASKED.to(CANCELLED, AT, reason=SUPERSEDED)
    assert settle([gone, later]) == Settled()

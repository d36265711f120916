"""How a referral that arrives becomes a line, and how one that is known is recognised."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas import ids
from schemas.codes import PartnerKind
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from schemas.referral import Handling, Referral
from services.notify.arrival import Again, Arrived, Entered, Reread, enter, recipient_of
from services.notify.line import Line
from services.runtime.trace_parent import trace_for
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

HERE = Coordinates(topic="referrals.v1", partition=2, offset=7)
SPAN = trace_for(samples.referral().signal)


def entered(referral: Referral, *case: Line) -> Line:
    """The line of a new referral."""
    result = enter(Arrived(referral, b"", HERE, SPAN, SPAN), case, {PARTNER}, AT)
    assert isinstance(result, Entered)
    return result.line


def test_a_referral_to_a_partner_we_reach_waits_for_its_turn() -> None:
    """Pending, without a time until its lane says so, and with the record that brought it."""
    line = entered(samples.referral())
    assert (line.state, line.due_at, line.origin, line.partner) == (DeliveryState.PENDING, None, HERE, PARTNER)


def test_what_the_rules_hold_waits_for_a_person() -> None:
    """With the reason, also when a partner is known."""
    line = entered(samples.referral(handling=Handling.HOLD))
    assert (line.state, line.reason) == (DeliveryState.HELD, "no-rule-fired")


def test_what_has_no_partner_waits_for_a_person_who_chooses_one() -> None:
    """Even when it says `send`: there is nobody to send it to."""
    assert entered(samples.referral(partner=None)).state is DeliveryState.HELD


def test_what_is_for_a_partner_we_do_not_know_is_put_before_a_person() -> None:
    """Never silently pending for ever."""
    line = entered(samples.referral(partner="onbekend"))
    assert (line.state, line.reason) == (DeliveryState.PARKED, "unknown-partner")


def test_the_same_record_again_is_nothing_new() -> None:
    """After a crash the broker hands it over again: no second fact."""
    line = entered(samples.referral())
    assert enter(Arrived(samples.referral(), b"", HERE, SPAN, SPAN), [line], {PARTNER}, AT) == Reread()


def test_another_record_of_the_same_referral_is_a_duplicate() -> None:
    """The first one stands."""
    line = replace(entered(samples.referral()), offset=6)
    assert enter(Arrived(samples.referral(), b"", HERE, SPAN, SPAN), [line], {PARTNER}, AT) == Again(line)


def test_a_revision_follows_the_choice_a_person_made() -> None:
    """What was released to a partner by a person is held for that same partner."""
    first = replace(entered(samples.referral(partner=None, kind=None)), partner=PARTNER, chosen=True)
    second = entered(samples.referral(partner=None, kind=None, revision=2, handling=Handling.HOLD), first)
    assert (second.partner, second.chosen, second.recipient) == (PARTNER, True, "")


def test_a_choice_does_not_spill_into_another_lane() -> None:
    """Two kinds of help that nobody gives are two questions to a person."""
    marac = samples.referral(partner=None, kind=PartnerKind.MARAC)
    first = replace(entered(marac), partner=PARTNER, chosen=True)
    second = entered(samples.referral(partner=None, kind=PartnerKind.IDVA, revision=2), first)
    assert (second.partner, second.recipient) == (None, ":idva")


@pytest.mark.parametrize("recipient", [PARTNER, ":veilig-thuis", "", "opgeheven"])
def test_the_id_tells_for_whom_a_referral_was_made(recipient: str) -> None:
    """Also when that partner is gone: it keeps its lane."""
    referral = samples.referral(partner=PARTNER if recipient == PARTNER else None, revision=2)
    referral = referral.model_copy(update={"id": ids.referral_id(referral.signal, recipient, 2)})
    assert recipient_of(referral, ["anderepartner", "opgeheven"]) == recipient


def test_an_id_that_tells_nothing_falls_back_to_the_partner() -> None:
    """A referral made elsewhere by other rules still has a lane."""
    referral = samples.referral().model_copy(update={"id": samples.signal("T-9")})
    assert recipient_of(referral, []) == PARTNER


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(days=1), timedelta(seconds=1)], ids=str)
def test_what_a_router_with_a_clock_ahead_decided_is_late_in_its_time(ahead: timedelta) -> None:
    """What must be with its partner within the hour was late only when that day had come."""
    told = samples.referral(deadline=AT + ahead + timedelta(hours=1))
    line = entered(told.model_copy(update={"decided_at": AT + ahead}))
    assert line.deadline == AT + timedelta(hours=1)


def test_what_waited_to_be_read_has_no_more_time_for_it() -> None:
    """Its deadline counts from when it was decided, also when that has passed."""
    told = samples.referral(deadline=AT - timedelta(hours=1))
    assert entered(told.model_copy(update={"decided_at": AT - timedelta(hours=2)})).deadline == told.deadline

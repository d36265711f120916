"""What a person may decide about a referral: every action on every state."""

from datetime import timedelta
from uuid import UUID

import pytest

from schemas.audit import AuditEntry, Fact
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from services.notify.commanding import carried_out
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.moves import Moved
from services.notify.releasing import Declined
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

LATER = AT + timedelta(hours=1)
DIRECTORY = Directory([samples.partner(), samples.partner("tweede")], [samples.corporation()])
HELD, PENDING, PARKED = DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.PARKED
DELIVERED, DISMISSED, CANCELLED = DeliveryState.DELIVERED, DeliveryState.DISMISSED, DeliveryState.CANCELLED


def told(action: Action, line: Line, partner: str | None = None) -> Moved | Declined:
    """What becomes of the line when a person says so."""
    command = Command(
        id=UUID(int=7), at=LATER, action=action, target=line.referral, actor="af-1", reason="besproken", partner=partner
    )
    return carried_out(command, line, samples.referral(), DIRECTORY, at=LATER, known=DIRECTORY.partners)


ALLOWED = {
    (Action.RELEASE, HELD): PENDING,
    (Action.REDRIVE, PARKED): PENDING,
    (Action.DISMISS, HELD): DISMISSED,
    (Action.DISMISS, PARKED): DISMISSED,
    (Action.CANCEL, PENDING): CANCELLED,
    (Action.CANCEL, PARKED): CANCELLED,
}


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("action", [Action.RELEASE, Action.DISMISS, Action.CANCEL, Action.REDRIVE])
def test_an_action_is_carried_out_where_it_makes_sense_and_declined_elsewhere(
    action: Action, state: DeliveryState
) -> None:
    """Twenty-four cases, six of them allowed; the others say how the referral stands, or what to do instead."""
    result = told(action, samples.line(state=state))
    expected = ALLOWED.get((action, state))
    if expected is None:
        assert result == Declined("dismiss-it" if (action, state) == (Action.CANCEL, HELD) else f"is-{state}")
    else:
        assert isinstance(result, Moved)
        assert result.line.state is expected


def test_the_fact_says_who_and_why_and_from_which_command() -> None:
    """The same command makes the same entry."""
    result = told(Action.RELEASE, samples.line(state=HELD))
    assert isinstance(result, Moved)
    entry = AuditEntry.read(result.outputs[0].value)
    assert (entry.fact, entry.actor, entry.reason) == (Fact.REFERRAL_RELEASED, "af-1", "besproken")
    assert (entry.before, entry.after, entry.message) == (HELD, PENDING, UUID(int=7))
    again = told(Action.RELEASE, samples.line(state=HELD))
    assert isinstance(again, Moved)
    assert AuditEntry.read(again.outputs[0].value).id == entry.id


def test_what_is_being_sent_cannot_be_cancelled() -> None:
    """It may be there already; the person can decide again in a minute."""
    assert told(Action.CANCEL, samples.line(lease_until=AT, due_at=AT)) == Declined("being-sent")


def test_a_person_chooses_the_partner_when_there_is_none() -> None:
    """With the kind of help it gives there, and its retries counted from now."""
    nobody = samples.line(state=HELD, partner=None, kind=None, recipient="", rung=9)
    assert told(Action.RELEASE, nobody) == Declined("choose-a-partner")
    assert told(Action.RELEASE, nobody, "onbekend") == Declined("unknown-partner")
    result = told(Action.RELEASE, nobody, PARTNER)
    assert isinstance(result, Moved)
    line = result.line
    assert (line.partner, line.kind, line.chosen, line.recipient) == (PARTNER, "veilig-thuis", True, "")
    assert (line.queued_at, line.rung, line.due_at) == (LATER, 0, None)


def test_a_partner_that_the_rules_chose_is_not_exchanged_here() -> None:
    """The right recipient only: another one is another decision, of the router."""
    assert told(Action.RELEASE, samples.line(state=HELD), "tweede") == Declined("has-a-partner")
    assert isinstance(told(Action.RELEASE, samples.line(state=HELD), PARTNER), Moved)


def test_a_redrive_to_a_partner_that_is_gone_is_declined() -> None:
    """It would only be parked again."""
    assert told(Action.REDRIVE, samples.line(state=PARKED, partner="opgeheven")) == Declined("unknown-partner")

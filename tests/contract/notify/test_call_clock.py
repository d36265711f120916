"""Who must telephone, by when, and that it is said when nobody did, on both databases."""

from datetime import timedelta
from uuid import UUID

import pytest

from schemas.audit import AuditEntry, Fact
from schemas.call import CallReason
from schemas.codes import Urgency
from schemas.command import Action
from schemas.decision import Effect, Explanation, RuleTrace
from schemas.delivery import DeliveryState
from schemas.referral import Handling, ReferralChange
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

EMERGENCY = samples.facts(urgency=Urgency.EMERGENCY)
SOON = AT + timedelta(minutes=15)


async def said(ledger: Ledger, fact: Fact) -> list[AuditEntry]:
    """Every such fact, in order."""
    return [entry for entry in await ledger.entries() if entry.fact is fact]


@pytest.mark.parametrize("handling", Handling)
async def test_an_emergency_opens_a_call_whatever_becomes_of_it(ledger: Ledger, handling: Handling) -> None:
    """Held or sent, within a quarter of an hour, in the very transaction that brings it in."""
    referral = samples.referral(about=EMERGENCY, handling=handling)
    await ledger.take(referral)
    [opened] = await said(ledger, Fact.CALL_OPENED)
    assert (opened.reason, opened.referral, opened.due_at) == (CallReason.EMERGENCY, referral.id, SOON)


async def test_a_call_is_due_at_the_deadline_when_that_is_earlier(ledger: Ledger) -> None:
    """The shorter of the two."""
    await ledger.take(samples.referral(about=EMERGENCY, deadline=AT + timedelta(minutes=5)))
    assert [entry.due_at for entry in await said(ledger, Fact.CALL_OPENED)] == [AT + timedelta(minutes=5)]


async def test_the_routers_note_opens_a_call_too(ledger: Ledger) -> None:
    """Among other notes on the rule that fired."""
    trace = RuleTrace(rule="nl-nood", effect=Effect.HOLD, note="legal-basis,emergency-call")
    noted = samples.referral().model_copy(update={"explanation": Explanation(rule_set="a" * 64, fired=(trace,))})
    await ledger.take(noted)
    assert len(await said(ledger, Fact.CALL_OPENED)) == 1


async def test_nobody_is_called_for_what_is_taken_back_or_can_wait(ledger: Ledger) -> None:
    """A withdrawal, and a signal that is no emergency."""
    await ledger.take(samples.referral("T-1", about=EMERGENCY, change=ReferralChange.WITHDRAWAL), samples.referral())
    assert await said(ledger, Fact.CALL_OPENED) == []


async def test_a_referral_that_comes_twice_opens_one_call(ledger: Ledger) -> None:
    """The very record again, and another record of the same referral."""
    referral = samples.referral(about=EMERGENCY)
    [record] = await ledger.take(referral)
    await ledger.intake.handle([record])
    await ledger.take(referral)
    assert len(await said(ledger, Fact.CALL_OPENED)) == 1


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.PARKED])
async def test_what_is_urgent_and_not_delivered_in_time_opens_a_call_while_delivery_goes_on(
    ledger: Ledger, state: DeliveryState
) -> None:
    """It is still being sent, or still waits for its partner, and a person telephones meanwhile."""
    partner = samples.PARTNER if state is DeliveryState.PENDING else "opgeheven"
    referral = samples.referral(partner=partner, deadline=AT + timedelta(hours=1))
    await ledger.take(referral)
    ledger.later(hours=1)
    await ledger.watchdog.step()
    await ledger.watchdog.step()
    [opened] = await said(ledger, Fact.CALL_OPENED)
    assert (opened.reason, opened.due_at) == (CallReason.NOT_DELIVERED, ledger.now + timedelta(hours=2))
    assert (await ledger.line(referral)).state is state
    if state is DeliveryState.PENDING:
        assert await ledger.conclude(ledger.delivered((await ledger.claim())[0])) == 1


async def test_a_routine_referral_or_one_that_is_held_opens_no_call_when_it_is_late(ledger: Ledger) -> None:
    """The first can wait; about the second somebody decides first whether anybody may know."""
    deadline = AT + timedelta(hours=1)
    await ledger.take(
        samples.referral("T-1", about=samples.facts(urgency=Urgency.ROUTINE), deadline=deadline),
        samples.referral("T-2", handling=Handling.HOLD, deadline=deadline),
    )
    ledger.later(hours=1)
    await ledger.watchdog.step()
    assert await said(ledger, Fact.CALL_OPENED) == []


async def call_of(ledger: Ledger) -> UUID:
    """The one that is open."""
    await ledger.take(samples.referral(about=EMERGENCY))
    return await ledger.call()


async def test_a_call_is_done_once_with_who_and_what_came_of_it(ledger: Ledger) -> None:
    """The command again changes nothing; another one about the same call is refused."""
    call = await call_of(ledger)
    record = await ledger.order(Action.CALL_DONE, call)
    await ledger.desk.handle([record])
    await ledger.order(Action.CALL_DONE, call)
    [done] = await said(ledger, Fact.CALL_DONE)
    assert (done.actor, done.reason) == ("af-1", "test")
    assert [entry.reason for entry in await said(ledger, Fact.COMMAND_REFUSED)] == ["is-done"]


async def test_a_call_that_nobody_made_is_said_to_be_late_once_and_goes_to_the_next_person(ledger: Ledger) -> None:
    """The clock knows when to look again, and has nothing more to say after that."""
    await call_of(ledger)
    assert await ledger.clock.step() > 0
    ledger.later(minutes=15)
    assert await ledger.clock.step() == 0.0
    assert await ledger.clock.step() > 0
    [late] = await said(ledger, Fact.CALL_OVERDUE)
    assert (late.reason, late.due_at, late.assigned_to) == (CallReason.EMERGENCY, SOON, "af-2")


async def test_a_call_that_was_made_in_time_is_never_late(ledger: Ledger) -> None:
    """Nobody is told anything."""
    await ledger.order(Action.CALL_DONE, await call_of(ledger))
    ledger.later(days=1)
    await ledger.clock.step()
    assert await said(ledger, Fact.CALL_OVERDUE) == []


async def test_the_clock_looks_again_when_the_next_call_is_due(ledger: Ledger) -> None:
    """Not later."""
    await call_of(ledger)
    ledger.later(minutes=14, seconds=58)
    assert await ledger.clock.step() == 2.0

"""What is read too early of a call that somebody made: nobody is asked to make it again, on both databases."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.call import CallReason
from schemas.codes import Urgency
from schemas.command import Action, Command
from schemas.referral import Handling, Referral
from services.notify import early_store
from services.notify.call_tables import CALL
from services.notify.calls import Entry
from services.notify.caught_up import CaughtUp
from services.notify.early import Early
from services.notify.early_tables import EARLY
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.test_ledger_early import Topic
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

EMERGENCY = samples.facts(urgency=Urgency.EMERGENCY)
REFERRAL = samples.referral(about=EMERGENCY)
PAST = AT - timedelta(hours=1)
CALLED = (Fact.CALL_OPENED, Fact.CALL_DONE, Fact.CALL_OVERDUE, Fact.COMMAND_REFUSED)


def call_of(referral: Referral, why: CallReason = CallReason.EMERGENCY) -> Any:
    """The id of that call, as every instance derives it."""
    return ids.call_id(referral.id, why, referral.deadline)


async def said(ledger: Ledger) -> list[tuple[Fact, str | None]]:
    """What was told of calls and of refusals, with the reason."""
    return [(entry.fact, entry.reason) for entry in await ledger.entries() if entry.fact in CALLED]


async def book(ledger: Ledger) -> Sequence[Entry]:
    """Every call there is."""
    async with ledger.database.read() as connection:
        return [Entry.of(row) for row in await connection.execute(select(CALL))]


async def kept(ledger: Ledger) -> int:
    """How many decisions wait."""
    async with ledger.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(EARLY))).scalar_one()


def early_of(ledger: Ledger) -> Early:
    """Of one instance, which has read all there is."""
    return Early(ledger.footing(), CaughtUp(Topic().places))


async def alarmed(ledger: Ledger) -> list[AuditEntry]:
    """Whom the clock rings for a call that nobody made, days later."""
    ledger.later(days=2)
    while await ledger.clock.step() == 0.0:
        pass
    return [entry for entry in await ledger.entries() if entry.fact is Fact.CALL_OVERDUE]


@pytest.mark.parametrize("handling", Handling)
async def test_a_call_that_was_made_before_we_knew_of_it_opens_done(ledger: Ledger, handling: Handling) -> None:
    """In the transaction that opens it: told as opened and done, once each, and nobody is rung for it."""
    referral = samples.referral(about=EMERGENCY, handling=handling, deadline=PAST)
    record = await ledger.order(Action.CALL_DONE, call_of(referral), actor="piket-1")
    assert (await said(ledger), await kept(ledger)) == ([], 1)
    await ledger.take(referral)
    assert await said(ledger) == [(Fact.CALL_OPENED, "emergency"), (Fact.CALL_DONE, "test")]
    [call] = await book(ledger)
    assert (call.done_by, call.outcome, call.done_at) == ("piket-1", "test", AT)
    await ledger.desk.handle([record])
    await ledger.take(referral)
    assert len(await said(ledger)) == 2
    assert (await alarmed(ledger), await kept(ledger)) == ([], 0)


async def test_a_call_that_a_clock_opens_later_opens_done_too(ledger: Ledger) -> None:
    """Of what is not delivered by its deadline: read again, that comes after the referral itself."""
    referral = samples.referral(deadline=AT + timedelta(hours=1))
    await ledger.order(Action.CALL_DONE, call_of(referral, CallReason.NOT_DELIVERED))
    await ledger.take(referral)
    assert await kept(ledger) == 1
    ledger.later(hours=1)
    await ledger.watchdog.step()
    assert await said(ledger) == [(Fact.CALL_OPENED, "not-delivered"), (Fact.CALL_DONE, "test")]
    assert await alarmed(ledger) == []


async def test_only_the_call_that_was_made_is_done(ledger: Ledger) -> None:
    """Another referral's of the same batch is to be made, and so is another one of the same referral."""
    other = samples.referral("T-2", about=EMERGENCY)
    await ledger.order(Action.CALL_DONE, call_of(REFERRAL))
    await ledger.take(REFERRAL, other)
    assert {call.id: call.done_at is not None for call in await book(ledger)} == {
        call_of(REFERRAL): True,
        call_of(other): False,
    }


async def test_who_says_twice_that_it_was_made_is_refused_the_second_time(ledger: Ledger) -> None:
    """As where the call is there; the first one's word stands, and both are told of."""
    for actor in ("piket-1", "piket-2"):
        await ledger.order(Action.CALL_DONE, call_of(REFERRAL), actor=actor)
    await ledger.take(REFERRAL)
    assert (await said(ledger))[1:] == [(Fact.CALL_DONE, "test"), (Fact.COMMAND_REFUSED, "is-done")]
    assert [call.done_by for call in await book(ledger)] == ["piket-1"]


async def test_one_that_was_kept_while_its_call_was_opened_is_carried_out_by_the_next_look(ledger: Ledger) -> None:
    """Until then nobody is told that it is late: a person has said that it was made."""
    await ledger.take(REFERRAL)
    command = Command.read(ledger.given(Action.CALL_DONE, call_of(REFERRAL)).value or b"")
    async with ledger.database.begin() as connection:
        await early_store.keep(connection, command, ledger.now)
    ledger.later(hours=1)
    await ledger.clock.step()
    assert await said(ledger) == [(Fact.CALL_OPENED, "emergency")]
    await early_of(ledger).step()
    assert (await said(ledger))[1:] == [(Fact.CALL_DONE, "test")]
    assert (await alarmed(ledger), await kept(ledger)) == ([], 0)


async def test_one_that_was_kept_before_is_carried_out_before_what_is_decided_now(ledger: Ledger) -> None:
    """The first one's word is the one that stands."""
    await ledger.take(REFERRAL)
    first = Command.read(ledger.given(Action.CALL_DONE, call_of(REFERRAL), actor="piket-1").value or b"")
    async with ledger.database.begin() as connection:
        await early_store.keep(connection, first, ledger.now)
    await ledger.order(Action.CALL_DONE, call_of(REFERRAL), actor="piket-2")
    assert [call.done_by for call in await book(ledger)] == ["piket-1"]


async def test_a_call_that_never_comes_is_refused_after_its_time(ledger: Ledger) -> None:
    """The partner had the referral in time, so nobody has to be telephoned: never silently all the same.

    That takes a week, as a partner may be silent for days before somebody must call.
    """
    step = early_of(ledger).step
    await ledger.order(Action.CALL_DONE, call_of(REFERRAL))
    ledger.now += timedelta(days=7) - timedelta(seconds=1)
    await step()
    assert await said(ledger) == []
    ledger.later(seconds=1)
    await step()
    assert await said(ledger) == [(Fact.COMMAND_REFUSED, "unknown-call")]


async def test_another_decision_about_a_call_closes_nothing(ledger: Ledger) -> None:
    """A call cannot be released: it is refused, and the call is still to be made."""
    await ledger.order(Action.RELEASE, call_of(REFERRAL))
    await ledger.take(REFERRAL)
    assert (await said(ledger))[1:] == [(Fact.COMMAND_REFUSED, "unknown-referral")]
    assert [call.done_at for call in await book(ledger)] == [None]


async def test_what_fails_after_it_takes_that_back_too(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: what is not in the ledger has no call either, and the word waits on."""
    await ledger.order(Action.CALL_DONE, call_of(REFERRAL))
    record = ledger.record(REFERRAL.write())

    async def fails(*_: Any) -> None:
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as broken:
        broken.setattr("services.notify.early.carry_out", fails)
        with pytest.raises(RuntimeError):
            await ledger.intake.handle([record])
    assert (await said(ledger), await book(ledger), await kept(ledger)) == ([], [], 1)
    await ledger.intake.handle([record])
    assert await said(ledger) == [(Fact.CALL_OPENED, "emergency"), (Fact.CALL_DONE, "test")]

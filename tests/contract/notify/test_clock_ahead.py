"""A clock that ran ahead wrote its times into the ledger: once it is right, each comes in its time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from schemas.audit import Fact
from schemas.call import CallReason
from schemas.codes import Urgency
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral
from services.notify.call_opening import open_call
from services.notify.call_tables import CALL
from services.notify.disabled_partners import DisabledPartners
from services.notify.held_tables import HELD
from services.notify.tables import DELIVERY
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples

DAYS = 10


@pytest.fixture
async def disabled(ledger: Ledger) -> DisabledPartners:
    """Of an instance whose clock is right, and that has healed what there was."""
    made = DisabledPartners(ledger.footing())
    await made.step()
    ledger.later(days=DAYS)
    return made


async def taken(ledger: Ledger, urgency: Urgency, handling: Handling = Handling.SEND) -> Referral:
    """By the clock that is ahead, router's and ours: it should go, or be decided on, within an hour."""
    deadline, about = ledger.now + timedelta(hours=1), samples.facts(urgency=urgency)
    referral = samples.referral(handling=handling, deadline=deadline, about=about)
    await ledger.take(referral)
    return referral


async def right_again(ledger: Ledger, disabled: DisabledPartners) -> None:
    """And looked after, twice: what was healed is not healed again."""
    ledger.later(days=-DAYS)
    for _ in range(3):
        ledger.later(minutes=2)
        await disabled.step()
        await look(ledger)


async def look(ledger: Ledger) -> None:
    """Whoever says what is late, until there is nothing more to say."""
    while await ledger.watchdog.step() == 0.0 or await ledger.clock.step() == 0.0:
        pass


async def said(ledger: Ledger, what: Fact) -> int:
    """How often."""
    return len([entry for entry in await ledger.entries() if entry.fact is what])


async def test_a_call_is_late_in_its_time(ledger: Ledger, disabled: DisabledPartners) -> None:
    """An emergency's quarter of an hour begins when the clock is right, and not ten days later."""
    await taken(ledger, Urgency.EMERGENCY)
    await right_again(ledger, disabled)
    assert await said(ledger, Fact.CALL_OVERDUE) == 0
    ledger.later(minutes=12)
    await look(ledger)
    assert await said(ledger, Fact.CALL_OVERDUE) == 1


async def test_a_call_of_a_day_has_its_day(ledger: Ledger, disabled: DisabledPartners) -> None:
    """What was healed once is not healed again, and nobody is hurried."""
    await taken(ledger, Urgency.ROUTINE)
    [line] = (await ledger.lines()).values()
    async with ledger.database.begin() as connection:
        await open_call(connection, line, CallReason.TURNED_DOWN, ledger.now + timedelta(days=1), ledger.now)
    await right_again(ledger, disabled)
    for hours, late in ((23, 0), (1, 1)):
        ledger.later(hours=hours)
        await look(ledger)
        assert await said(ledger, Fact.CALL_OVERDUE) == late


async def test_a_held_question_goes_to_the_next_person_in_its_time(ledger: Ledger, disabled: DisabledPartners) -> None:
    """The first has the hour that it had, and the one after that no more than is theirs."""
    await taken(ledger, Urgency.ACUTE, Handling.HOLD)
    await right_again(ledger, disabled)
    for minutes, escalated in ((50, 0), (15, 1), (31, 2)):
        ledger.later(minutes=minutes)
        await look(ledger)
        assert await said(ledger, Fact.REFERRAL_ESCALATED) == escalated


async def test_what_was_put_before_the_next_person_goes_on_in_its_time(
    ledger: Ledger, disabled: DisabledPartners
) -> None:
    """The second person was asked by the clock ahead, and is not left with it for ten days."""
    await taken(ledger, Urgency.ACUTE, Handling.HOLD)
    ledger.later(hours=1)
    await look(ledger)
    assert await said(ledger, Fact.REFERRAL_ESCALATED) == 1
    ledger.later(hours=-1)
    await right_again(ledger, disabled)
    ledger.later(minutes=31)
    await look(ledger)
    assert await said(ledger, Fact.REFERRAL_ESCALATED) == 2


async def test_what_is_still_to_be_sent_is_due_and_late_in_its_time(ledger: Ledger, disabled: DisabledPartners) -> None:
    """It waited for its rung by that clock; it goes at once, and is late an hour after the clock is right."""
    referral = await taken(ledger, Urgency.URGENT)
    [claim] = await ledger.claim()
    await ledger.conclude(ledger.failed(claim))
    await right_again(ledger, disabled)
    line = await ledger.line(referral)
    assert (line.due_at is not None and line.due_at <= ledger.now, line.queued_at <= ledger.now) == (True, True)
    ledger.later(hours=1, minutes=1)
    await look(ledger)
    assert await said(ledger, Fact.REFERRAL_OVERDUE) == 1


async def test_what_was_leased_by_that_clock_is_claimed_again(ledger: Ledger, disabled: DisabledPartners) -> None:
    """Its process is gone; as it may have arrived it is sent as what it is."""
    referral = await taken(ledger, Urgency.URGENT)
    await ledger.claim()
    await right_again(ledger, disabled)
    assert [claim.line.uncertain for claim in await ledger.claim()] == [True]
    assert (await ledger.line(referral)).state is DeliveryState.PENDING


async def test_what_is_as_it_should_be_is_left_alone(ledger: Ledger) -> None:
    """A lease that runs, a deadline, a call, a question and a retry of today are the same after it was looked for."""
    await taken(ledger, Urgency.EMERGENCY)
    held = samples.referral("T-2", handling=Handling.HOLD, deadline=ledger.now + timedelta(hours=1))
    await ledger.take(held, samples.referral("T-3"))
    await ledger.claim(most=1)
    ledger.later(hours=1)
    await look(ledger)
    before = await rows(ledger)
    await DisabledPartners(ledger.footing()).step()
    assert await rows(ledger) == before


async def test_a_deadline_that_the_router_had_right_is_not_moved(ledger: Ledger, disabled: DisabledPartners) -> None:
    """Only ours was ahead: it is late by the deadline that it came with."""
    right = ledger.now - timedelta(days=DAYS) + timedelta(hours=3)
    referral = samples.referral(handling=Handling.HOLD, deadline=right)
    await ledger.take(referral)
    await right_again(ledger, disabled)
    assert (await ledger.line(referral)).deadline == right


async def rows(ledger: Ledger) -> list[object]:
    """Every time that anything waits for."""
    tables = (
        select(DELIVERY.c.referral, DELIVERY.c.due_at, DELIVERY.c.deadline, DELIVERY.c.queued_at),
        select(CALL.c.id, CALL.c.due_at, CALL.c.opened_at),
        select(HELD.c.referral, HELD.c.next_at),
    )
    async with ledger.database.read() as connection:
        found = [(await connection.execute(query)).all() for query in tables]
    return [tuple(row) for rows in found for row in sorted(rows, key=str)]

"""What Prometheus is told of the ledger, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from schemas.command import Action
from schemas.referral import Handling
from services.notify import reach_store, state_counts
from services.notify.breaker import Open
from services.notify.gauges import EVERY, Gauges, counted
from services.notify.reach import Reach
from services.notify.state_counts import TALLY
from services.runtime.metrics import Metrics
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples


async def test_open_referrals_are_counted_by_state_with_the_oldest_and_the_late(ledger: Ledger) -> None:
    """Nothing that points at anybody: states and numbers."""
    await ledger.take(samples.referral("T-1"), samples.referral("T-2", handling=Handling.HOLD))
    ledger.later(days=2)
    await ledger.watchdog.step()
    await ledger.take(samples.referral("T-3"))
    metrics = Metrics()
    assert await Gauges(ledger.database, metrics, lambda: ledger.now).step() == EVERY
    text = metrics.text().decode()
    assert 'seinpaal_referrals{state="pending"} 2.0' in text
    assert 'seinpaal_referrals_overdue{state="held"} 1.0' in text
    assert 'seinpaal_referrals_oldest_seconds{state="pending"} 172800.0' in text
    assert 'seinpaal_referrals{state="parked"} 0.0' in text
    assert 'seinpaal_partner_referrals{partner="testpartner",state="pending"} 2.0' in text
    assert 'seinpaal_partner_oldest_seconds{partner="testpartner",state="pending"} 172800.0' in text


async def test_calls_are_counted_by_age_and_what_went_on_to_another_person(ledger: Ledger) -> None:
    """An urgent one that is not delivered is called about; a held one goes on. What is done counts no more."""
    metrics = Metrics()

    async def told() -> str:
        await Gauges(ledger.database, metrics, lambda: ledger.now).step()
        return metrics.text().decode()

    held = samples.referral("T-2", handling=Handling.HOLD)
    await ledger.take(samples.referral("T-1"), held)
    assert "seinpaal_referrals_escalated 0.0" in await told()
    ledger.later(days=1)
    await ledger.watchdog.step()
    text = await told()
    assert 'seinpaal_calls{age="in-time"} 1.0' in text
    assert "seinpaal_referrals_escalated 1.0" in text
    ledger.later(hours=2.5)
    assert 'seinpaal_calls{age="late"} 1.0' in await told()
    ledger.later(hours=1)
    assert 'seinpaal_calls{age="very-late"} 1.0' in await told()
    await ledger.order(Action.CALL_DONE, await ledger.call())
    await ledger.command(Action.DISMISS, held)
    text = await told()
    assert 'seinpaal_calls{age="very-late"} 0.0' in text
    assert "seinpaal_referrals_escalated 0.0" in text


async def test_attempts_are_counted_by_partner_and_outcome(ledger: Ledger) -> None:
    """With how long they took."""
    await ledger.take(samples.referral())
    metrics = Metrics()
    counted(metrics, [ledger.delivered((await ledger.claim())[0])])
    text = metrics.text().decode()
    assert 'seinpaal_attempts_total{outcome="accepted",partner="testpartner"} 1.0' in text
    assert 'seinpaal_attempt_seconds_sum{partner="testpartner"} 0.5' in text


async def test_adding_the_tally_up_changes_no_sum(ledger: Ledger) -> None:
    """However often, also at once; and the rows become few."""
    for number in range(30):
        await ledger.take(samples.referral(f"T-{number}"), samples.referral(f"U-{number}", partner="tweede"))
    for claim in await ledger.claim(most=5):
        await ledger.conclude(ledger.delivered(claim))

    async def fold() -> None:
        async with ledger.database.begin() as connection:
            await state_counts.folded(connection)

    before = await ledger.tally()
    await asyncio.gather(*(fold() for _ in range(3)))
    assert await ledger.tally() == before == await ledger.counted()
    await fold()
    async with ledger.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(TALLY))).scalar_one() == 3


async def test_a_partner_that_is_left_alone_shows(ledger: Ledger) -> None:
    """Breaker, disabling and warnings, by partner."""
    metrics = Metrics()
    shut = replace(Reach("tweede"), breaker=Open(ledger.now, timedelta(seconds=30)), disabled="gone", warned=70)
    async with ledger.database.begin() as connection:
        await reach_store.held(connection, ["tweede"])
        await reach_store.change(connection, [shut])
    async with ledger.database.read() as connection:
        assert await reach_store.read(connection) == {"tweede": shut}
    await Gauges(ledger.database, metrics, lambda: ledger.now).step()
    text = metrics.text().decode()
    assert 'seinpaal_partner_breaker{partner="tweede"} 1.0' in text
    assert 'seinpaal_partner_disabled{partner="tweede"} 1.0' in text
    assert 'seinpaal_partner_warned_percent{partner="tweede"} 70.0' in text

"""What Prometheus is told of the ledger, on both databases."""

from schemas.referral import Handling
from services.notify.gauges import EVERY, Gauges, counted
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


async def test_attempts_are_counted_by_partner_and_outcome(ledger: Ledger) -> None:
    """With how long they took."""
    await ledger.take(samples.referral())
    metrics = Metrics()
    counted(metrics, [ledger.delivered((await ledger.claim())[0])])
    text = metrics.text().decode()
    assert 'seinpaal_attempts_total{outcome="accepted",partner="testpartner"} 1.0' in text
    assert 'seinpaal_attempt_seconds_sum{partner="testpartner"} 0.5' in text

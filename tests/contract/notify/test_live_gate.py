"""What is real waits for a partner's standing, visibly, and goes when that is there; an end is told once."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from schemas.audit import AuditEntry, Fact
from schemas.cloudevents import OUR_SOURCE
from schemas.codes import Urgency
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.ids import partner_id
from schemas.referral import Referral, ReferralChange
from services.notify import automatic_redrive, standing_store
from services.notify.collector import Collector, Shown, Visit
from services.notify.fetching import Nothing
from services.notify.fhir.validate import Gate
from services.notify.live_gate import POLL, LiveGate
from services.notify.reception.forms import Forms
from services.notify.standing import ADMITTED, ADMITTED_ENDING, ENDING, VALID
from services.notify.standings import Standings
from services.notify.worker import Worker
from services.runtime.metrics import Metrics
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.fetching import PARTNERS, SECRETS
from tests.contract.notify.ledger import DIRECTORY, LEASE, Ledger
from tests.contract.notify.reception import OURS
from tests.contract.notify.scripted import Desk
from tests.proven import proven
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

REAL = samples.facts(test=False, urgency=Urgency.URGENT)
MOMENT = timedelta(microseconds=1)
_ENDING = f'seinpaal_partner_live_ending{{partner="{PARTNER}"}} '


@dataclass
class Instance:
    """One notify: its live_gate, and a worker that asks what the live_gate read."""

    ledger: Ledger
    owner: str = "a"
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        """Wired as the service does."""
        self.standings = Standings(lambda: self.ledger.now)
        self.desk = Desk(self.ledger, DIRECTORY, self.owner)
        asking = replace(self.desk.delivering, closed_to_real=self.standings.closed)
        self.desk.worker = Worker(
            self.ledger.database, self.desk.find, asking, owner=self.owner, lease=LEASE, concluded=lambda _: None
        )
        self.live_gate = LiveGate(self.ledger.footing(), self.standings, self.metrics)

    @property
    def sent(self) -> list[str]:
        """What the usual partner was sent, by referral."""
        return [str(parcel.referral) for parcel in self.desk.channels[PARTNER].sent]


@pytest.fixture
def notify(ledger: Ledger) -> Instance:
    """Nothing is read yet."""
    return Instance(ledger)


async def check(ledger: Ledger) -> None:
    """The usual partner passes its check now."""
    await proven(ledger.database, [DIRECTORY.partners[PARTNER]], ledger.now)


async def stands(ledger: Ledger, referral: Referral) -> tuple[DeliveryState, str | None]:
    """In the ledger."""
    line = await ledger.line(referral)
    return line.state, line.reason


async def warned(ledger: Ledger) -> list[AuditEntry]:
    """What was told of ends, in order."""
    return [entry for entry in await ledger.entries() if entry.fact is Fact.PARTNER_WARNED]


async def test_what_is_real_waits_until_its_partner_has_proven_itself_and_goes_then(notify: Instance) -> None:
    """Parked with its reason and never tried, while test data goes; its report lets it go, once, without a restart."""
    ledger = notify.ledger
    await notify.live_gate.step()
    real, test = await notify.desk.take(samples.referral("T-1", about=REAL), samples.referral("T-2"))
    await notify.desk.work()
    assert await stands(ledger, real) == (DeliveryState.PARKED, "never-checked")
    assert (await ledger.line(real)).attempts == 0
    assert notify.sent == [str(test.id)]
    assert await notify.live_gate.step() == POLL
    await check(ledger)
    assert await notify.live_gate.step() == 0.0
    assert await notify.live_gate.step() == POLL
    await notify.desk.work()
    assert notify.sent == [str(test.id), str(real.id)]
    told = [entry for entry in await ledger.entries() if entry.referral == real.id]
    assert [entry.fact for entry in told if entry.fact is not Fact.OUTCOME_TOLD] == [
        Fact.REFERRAL_QUEUED,
        Fact.DELIVERY_PARKED,
        Fact.REFERRAL_RELEASED,
        Fact.DELIVERY_ATTEMPTED,
        Fact.DELIVERY_DELIVERED,
    ]
    assert [entry.reason for entry in told if entry.fact is Fact.REFERRAL_RELEASED] == ["partner-live"]
    assert len({entry.id for entry in told}) == len(told)


async def test_what_waits_outside_is_late_as_anything_is_and_a_person_must_telephone(notify: Instance) -> None:
    """No gate holds back a clock: an urgent one has its fact, and its call."""
    await notify.live_gate.step()
    [real] = await notify.desk.take(samples.referral(about=REAL))
    await notify.desk.work()
    notify.ledger.later(days=2)
    await notify.ledger.watchdog.step()
    facts = [entry.fact for entry in await notify.ledger.entries() if entry.referral == real.id]
    assert Fact.REFERRAL_OVERDUE in facts
    assert Fact.CALL_OPENED in facts


async def test_a_year_ends_when_it_ends_whenever_it_was_read(notify: Instance) -> None:
    """To the microsecond, with nothing read in between: what was read is judged by the clock of the delivery."""
    ledger = notify.ledger
    await check(ledger)
    await notify.live_gate.step()
    ledger.now += VALID - MOMENT
    [last] = await notify.desk.take(samples.referral("T-1", about=REAL))
    await notify.desk.work()
    assert await stands(ledger, last) == (DeliveryState.DELIVERED, None)
    ledger.now += MOMENT
    late, test = await notify.desk.take(samples.referral("T-2", about=REAL), samples.referral("T-3"))
    await notify.desk.work()
    assert await stands(ledger, late) == (DeliveryState.PARKED, "check-expired")
    assert notify.sent == [str(last.id), str(test.id)]


async def test_another_instance_knows_at_its_next_look(notify: Instance) -> None:
    """Until then it lets wait what may go: it errs on that side only, and what it parked goes."""
    ledger, other = notify.ledger, Instance(notify.ledger, "b")
    await notify.live_gate.step()
    await other.live_gate.step()
    await check(ledger)
    await notify.live_gate.step()
    assert notify.standings.closed(DIRECTORY.partners[PARTNER]) is None
    [real] = await other.desk.take(samples.referral(about=REAL))
    await other.desk.work()
    assert await stands(ledger, real) == (DeliveryState.PARKED, "never-checked")
    await notify.live_gate.step()
    await other.live_gate.step()
    await other.desk.work()
    assert await stands(ledger, real) == (DeliveryState.DELIVERED, None)
    assert other.sent == [str(real.id)]


async def test_what_waited_goes_in_slices_in_its_order_and_not_to_a_partner_that_is_disabled(
    notify: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as do not wait already; none while nothing is sent there."""
    monkeypatch.setattr(automatic_redrive, "SLICE", 3)
    ledger = notify.ledger
    await notify.live_gate.step()
    for number in range(7):
        await notify.desk.take(samples.referral(f"T-{number}", about=REAL))
        ledger.later(seconds=1)
    await notify.desk.work()
    await ledger.order(Action.PARTNER_DISABLE, partner_id(PARTNER), partner=PARTNER)
    await check(ledger)
    assert await notify.live_gate.step() == POLL
    await ledger.order(Action.PARTNER_ENABLE, partner_id(PARTNER), partner=PARTNER)
    assert await notify.live_gate.step() == 0.0
    assert await notify.live_gate.step() == POLL
    pending = [line.referral for line in (await ledger.lines()).values() if line.state is DeliveryState.PENDING]
    assert set(pending) == {samples.referral(f"T-{number}").id for number in range(3)}
    for _ in range(3):
        await notify.desk.work()
        await notify.live_gate.step()
    await notify.desk.work()
    assert len(notify.sent) == len(set(notify.sent)) == 7


async def test_what_is_withdrawn_while_it_waits_outside_is_never_sent(notify: Instance) -> None:
    """The partner that gets its standing afterwards hears nothing of it."""
    await notify.live_gate.step()
    first = samples.referral(about=REAL)
    await notify.desk.take(first)
    await notify.desk.work()
    await notify.desk.take(samples.referral(revision=2, change=ReferralChange.WITHDRAWAL, about=REAL))
    await check(notify.ledger)
    await notify.live_gate.step()
    await notify.desk.work()
    assert notify.sent == []
    assert {line.state for line in (await notify.ledger.lines()).values()} == {DeliveryState.CANCELLED}


async def test_a_withdrawal_of_what_was_delivered_goes_also_after_the_check_has_expired(notify: Instance) -> None:
    """Nobody goes on with a concern that was withdrawn, since a report became too old meanwhile."""
    await check(notify.ledger)
    await notify.live_gate.step()
    (given,) = await notify.desk.take(samples.referral(about=REAL))
    await notify.desk.work()
    notify.ledger.now += VALID
    withdrawal = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL, about=REAL)
    await notify.desk.take(withdrawal)
    await notify.desk.work()
    assert notify.sent == [str(given.id), str(withdrawal.id)]


async def test_an_end_is_told_once_before_it_comes_and_once_when_it_has_come(notify: Instance) -> None:
    """Whoever looks, how often, and also after a restart; a new report ends the warning, and has an end of its own."""
    ledger, other = notify.ledger, Instance(notify.ledger, "b")
    await check(ledger)
    ends = ledger.now + VALID

    async def look() -> None:
        for each in (notify, other, Instance(ledger, "a")):
            await each.live_gate.step()
            await each.live_gate.step()

    with capture_logs() as logs:
        await look()
        await look()
    said = [each["partner"] for each in logs if each["event"] == "notify.partner_not_live"]
    assert sorted(said) == ["tweede"] * 4, "once for each start: two went on, and two began anew"
    assert await warned(ledger) == []
    ledger.now = ends - ENDING
    await look()
    assert [(each.reason, each.partner, each.due_at) for each in await warned(ledger)] == [
        ("check-ends", PARTNER, ends)
    ]
    assert f'seinpaal_partner_live_seconds{{partner="{PARTNER}"}} 2.592e+06' in notify.metrics.text().decode()
    ledger.now = ends
    await look()
    assert [each.reason for each in await warned(ledger)] == ["check-ends", "check-expired"]
    assert f'seinpaal_partner_live_seconds{{partner="{PARTNER}"}} 0.0' in notify.metrics.text().decode()
    await check(ledger)
    await look()
    assert len(await warned(ledger)) == 2
    assert len({each.id for each in await warned(ledger)}) == 2


async def test_what_ends_is_shown_when_it_is_told_and_not_before(notify: Instance) -> None:
    """The alert opens with the warning: in the last week of two persons' word, in the last thirty days of a report."""
    ledger = notify.ledger

    async def ending() -> str:
        await notify.live_gate.step()
        [line] = [each for each in notify.metrics.text().decode().splitlines() if each.startswith(_ENDING)]
        return f"{line.removeprefix(_ENDING)} {[each.reason for each in await warned(ledger)]}"

    assert await ending() == "0.0 []"
    target = partner_id(PARTNER)
    first = await ledger.order(Action.PARTNER_ADMIT, target, partner=PARTNER, actor="lead-1")
    proposal = Command.read(first.value or b"").id
    await ledger.order(Action.PARTNER_ADMIT, target, partner=PARTNER, actor="lead-2", proposal=proposal)
    assert await ending() == "0.0 []"
    ledger.now += ADMITTED - ADMITTED_ENDING - MOMENT
    assert await ending() == "0.0 []"
    ledger.now += MOMENT
    assert await ending() == "1.0 ['check-ends']"
    ledger.now += ADMITTED_ENDING
    assert await ending() == "0.0 ['check-ends', 'check-expired']"
    await check(ledger)
    ledger.now += VALID - ENDING
    assert await ending() == "1.0 ['check-ends', 'check-expired', 'check-ends']"


async def test_what_is_real_is_shown_to_nobody_who_comes_for_it_too_early(ledger: Ledger) -> None:
    """Whoever fetches before its check, and before we could say that it must wait, gets nothing; test data it gets."""
    exchange = Exchange(ledger, PARTNERS.values(), SECRETS)
    standings = Standings(exchange.clock)
    collector = Collector(
        ledger.database, exchange.find, exchange.directory, exchange.clock, lambda: None, standings.closed
    )
    real, test = await exchange.take(samples.referral("T-1", about=REAL), samples.referral("T-2"))
    pack = Forms(Gate(), OUR_SOURCE).event.pack
    assert isinstance(await collector.collect(Visit(real.id, OURS), pack), Nothing)
    assert Fact.CONTENT_FETCHED not in [entry.fact for entry in await ledger.entries()]
    assert isinstance(await collector.collect(Visit(test.id, OURS), pack), Shown)
    await proven(ledger.database, [PARTNERS[OURS]], ledger.now)
    async with ledger.database.read() as connection:
        standings.take(await standing_store.evidence(connection, PARTNERS.values()))
    assert isinstance(await collector.collect(Visit(real.id, OURS), pack), Shown)
    await exchange.close()

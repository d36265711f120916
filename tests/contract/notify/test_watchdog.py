"""What is late, and what nobody can send any more, on both databases."""

from datetime import timedelta

from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.progress import Progress, Rejection
from schemas.referral import Handling
from services.notify import claims
from services.notify.directory import Directory
from services.notify.foreign_requests import ForeignRequests
from services.notify.progress import Report
from services.notify.report_intake import Following, Taken
from services.notify.watchdog import Watchdog
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER


async def test_what_is_late_is_said_once(ledger: Ledger) -> None:
    """Held, pending or parked; the corporation hears that it is delayed."""
    deadline = AT + timedelta(hours=1)
    held = samples.referral("T-1", handling=Handling.HOLD, deadline=deadline)
    pending = samples.referral("T-2", deadline=deadline)
    parked = samples.referral("T-3", partner="onbekend", deadline=deadline)
    await ledger.take(held, pending, parked)
    assert await ledger.watchdog.step() > 0
    ledger.later(hours=1)
    assert await ledger.watchdog.step() == 0.0
    assert await ledger.watchdog.step() > 0
    overdue = [entry.referral for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_OVERDUE]
    assert len(overdue) == 3
    assert set(overdue) == {held.id, pending.id, parked.id}
    assert (await ledger.told()).count("delayed") == 3


async def test_it_looks_again_when_the_next_deadline_passes(ledger: Ledger) -> None:
    """Not later, however long the usual wait is."""
    await ledger.take(samples.referral(deadline=AT + timedelta(seconds=2)))
    assert await ledger.watchdog.step() == 2.0


async def test_what_is_final_is_never_late(ledger: Ledger) -> None:
    """Delivered in time."""
    await ledger.take(samples.referral())
    await ledger.conclude(ledger.delivered((await ledger.claim())[0]))
    ledger.later(days=30)
    await ledger.watchdog.step()
    assert all(entry.fact is not Fact.REFERRAL_OVERDUE for entry in await ledger.entries())


async def test_being_late_does_not_touch_an_attempt_under_way(ledger: Ledger) -> None:
    """The lease stays, the conclusion counts, and what was told meanwhile is not told again."""
    referral = samples.referral(deadline=AT + timedelta(seconds=1))
    await ledger.take(referral)
    claimed = await ledger.claim()
    ledger.later(seconds=2)
    await ledger.watchdog.step()
    assert await ledger.conclude(ledger.parked(claimed[0])) == 1
    line = await ledger.line(referral)
    assert (line.state, line.overdue) == (DeliveryState.PARKED, True)
    assert await ledger.told() == ["delayed"]


async def test_what_waits_for_a_partner_that_was_removed_is_put_before_a_person(ledger: Ledger) -> None:
    """Nothing waits for ever because a file was changed; what is being sent is left alone."""
    waiting, flying = samples.referral("T-1"), samples.referral("T-2")
    await ledger.take(flying)
    await ledger.claim()
    await ledger.take(waiting)
    emptied = Watchdog(ledger.footing(Directory([], [samples.corporation()])))
    assert await emptied.strand() == 1
    line = await ledger.line(waiting)
    assert (line.state, line.reason) == (DeliveryState.PARKED, "unknown-partner")
    assert (await ledger.line(flying)).state is DeliveryState.PENDING


async def test_what_a_killed_instance_had_for_a_partner_that_was_removed_is_put_before_a_person(ledger: Ledger) -> None:
    """Nobody claims it any more; that it may have arrived is remembered, and asked about first when it goes again."""
    referral, fresh = samples.referral("T-1"), samples.referral("T-2")
    await ledger.take(referral)
    await ledger.claim()
    emptied = Watchdog(ledger.footing(Directory([], [samples.corporation()])))
    assert await emptied.strand() == 0
    ledger.later(minutes=15)
    await ledger.take(fresh)
    await emptied.step()
    assert (await ledger.line(referral)).state is DeliveryState.PENDING
    ledger.later(minutes=1)
    await emptied.step()
    line = await ledger.line(referral)
    assert (line.state, line.reason, line.uncertain) == (DeliveryState.PARKED, "unknown-partner", True)
    assert (await ledger.line(fresh)).state is DeliveryState.PENDING
    assert await emptied.strand() == 1


async def test_what_was_left_and_is_over_is_stranded_at_a_start(ledger: Ledger) -> None:
    """A lease that has ended holds nothing back, and neither does one of the last run of this very instance."""
    await ledger.take(*(samples.referral(f"T-{number}") for number in range(5)))
    await ledger.claim(most=2)
    ledger.later(minutes=2)
    await ledger.claim(most=1)
    async with ledger.database.begin() as connection:
        await claims.abandoned(connection, "a", ledger.now)
    emptied = Watchdog(ledger.footing(Directory([], [samples.corporation()])))
    assert await emptied.strand() == 5
    lines = (await ledger.lines()).values()
    assert sorted((line.state, line.uncertain) for line in lines) == [("parked", False)] * 2 + [("parked", True)] * 3


async def test_what_is_stranded_twice_without_a_lease_in_between_has_two_facts(ledger: Ledger) -> None:
    """Its partner was removed, put back and removed again: each time a person finds out."""
    referral = samples.referral()
    await ledger.take(referral)
    emptied = Watchdog(ledger.footing(Directory([], [samples.corporation()])))
    assert await emptied.strand() == 1
    await ledger.command(Action.REDRIVE, referral)
    assert await emptied.strand() == 1
    entries = await ledger.entries()
    assert len({entry.id for entry in entries}) == len(entries)
    assert [entry.fact for entry in entries].count(Fact.DELIVERY_PARKED) == 2


async def test_what_a_second_partner_has_too_late_is_called_about_again(ledger: Ledger) -> None:
    """The first call was made; the second has an id of its own, and so has the fact that says it is late."""
    referral = samples.referral(deadline=AT + timedelta(hours=2))
    await ledger.take(referral)
    ledger.later(hours=3)
    await ledger.watchdog.step()
    await ledger.conclude(ledger.delivered((await ledger.claim())[0]))
    elsewhere = Report(Progress.REJECTED, rejection=Rejection.NOT_IN_AREA)
    following = Following(ledger.footing(), ForeignRequests(ledger.footing()))
    assert isinstance(await following.take(PARTNER, referral.id, elsewhere), Taken)
    await ledger.command(Action.RELEASE, referral, partner="tweede")
    ledger.later(days=2)
    await ledger.watchdog.step()
    entries = await ledger.entries()
    for fact in (Fact.CALL_OPENED, Fact.REFERRAL_OVERDUE):
        told = [entry.id for entry in entries if entry.fact is fact]
        assert (len(told), len(set(told))) == (2, 2)

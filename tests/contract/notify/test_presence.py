"""Instances that go by different partners.yaml, on both databases: what one does not know it leaves to another."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from schemas import ids
from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral
from services.notify.desk import Desk
from services.notify.directory import Directory
from services.notify.intake import Intake
from services.notify.presence import EVERY, FORGOTTEN, GONE, Presence, digest, every, instances
from services.notify.reminder import Reminder
from services.notify.watchdog import Watchdog
from services.runtime.metrics import Metrics
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.contract.notify.reported import World
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

OLD = Directory([samples.partner("tweede")], [samples.corporation()])
"""Before the partner was put into the file."""


def instance(ledger: Ledger, name: str, directory: Directory, metrics: Metrics | None = None) -> Presence:
    """One that says it is there."""
    return Presence(ledger.footing(directory), name, metrics or Metrics())


async def taken(ledger: Ledger, directory: Directory) -> Referral:
    """One that an instance with this file reads first."""
    referral = samples.referral(f"T-{ledger.offset}")
    await Intake(ledger.footing(directory), ledger.aside()).handle([ledger.record(referral.write())])
    return referral


async def test_who_does_not_know_a_partner_leaves_it_to_one_that_does(ledger: Ledger) -> None:
    """Whoever reads it first; as long as it waits there, be it for hours, and whoever is started again meanwhile."""
    new, watchdog = instance(ledger, "new", DIRECTORY), Watchdog(ledger.footing(OLD))
    await new.step()
    referral = await taken(ledger, OLD)
    for _ in range(4):
        ledger.later(minutes=20)
        await new.step()
        await watchdog.step()
        assert await Watchdog(ledger.footing(OLD)).strand() == 0
    assert (await ledger.line(referral)).state is DeliveryState.PENDING
    assert [each.line.referral for each in await ledger.claim(PARTNER)] == [referral.id]


async def test_whom_only_another_one_knows_is_disabled_all_the_same(ledger: Ledger) -> None:
    """Whichever instance reads the command: what goes there must stop now. Who knows nobody of that name says so."""
    desk = Desk(ledger.footing(OLD), ledger.aside())
    target = ids.partner_id(PARTNER)
    await desk.handle([ledger.given(Action.PARTNER_DISABLE, target, partner=PARTNER)])
    await instance(ledger, "new", DIRECTORY).step()
    for action in (Action.PARTNER_ADMIT, Action.PARTNER_DISABLE):
        await desk.handle([ledger.given(action, target, partner=PARTNER)])
    told = [(entry.fact, entry.reason) for entry in await ledger.entries()]
    refused = (Fact.COMMAND_REFUSED, "unknown-partner")
    assert told == [refused, refused, (Fact.PARTNER_DISABLED, "test")]


async def test_a_decision_about_what_goes_there_holds_whoever_reads_it(ledger: Ledger) -> None:
    """A release, and a redrive of what it refused: the instance that knows the partner sends it."""
    await instance(ledger, "new", DIRECTORY).step()
    desk, referral = Desk(ledger.footing(OLD), ledger.aside()), samples.referral(handling=Handling.HOLD)
    await ledger.take(referral)
    for action in (Action.RELEASE, Action.REDRIVE):
        await desk.handle([ledger.given(action, referral.id)])
        [claimed] = await ledger.claim(PARTNER)
        assert claimed.line.referral == referral.id
        await ledger.conclude(ledger.parked(claimed))
    assert not [entry for entry in await ledger.entries() if entry.fact is Fact.COMMAND_REFUSED]


@pytest.mark.parametrize(("there", "why"), [(DIRECTORY, "known-elsewhere"), (OLD, "unknown-partner")])
async def test_a_partner_that_a_person_chooses_must_be_known_to_who_reads_it(
    ledger: Ledger, there: Directory, why: str
) -> None:
    """Which help it gives where is not in the file of this instance; the person learns whether in another's."""
    await instance(ledger, "another", there).step()
    referral = samples.referral(handling=Handling.HOLD, partner=None, kind=None)
    await ledger.take(referral)
    desk = Desk(ledger.footing(OLD), ledger.aside())
    await desk.handle([ledger.given(Action.RELEASE, referral.id, partner=PARTNER)])
    assert (await ledger.line(referral)).state is DeliveryState.HELD
    assert [entry.reason for entry in await ledger.entries() if entry.fact is Fact.COMMAND_REFUSED] == [why]


async def test_how_much_time_a_partner_is_given_is_for_one_to_say_that_knows_it(world: World) -> None:
    """Whoever does not know it knows of no deadline, and would never have looked again: nobody had been called."""
    await world.delivered()
    new = instance(world.ledger, "new", world.directory)
    await new.step()
    old = Reminder(world.ledger.footing(OLD))
    await old.begin()
    world.ledger.later(minutes=1)
    assert await old.step() > 0
    world.ledger.later(hours=4)
    await new.step()
    assert await old.step() > 0
    await world.reminder.step()
    assert [entry.reason for entry in await world.facts(Fact.PROGRESS_OVERDUE)] == ["not-seen", "not-accepted"]


async def test_what_another_file_gave_no_time_for_is_late_in_its_time_all_the_same(world: World) -> None:
    """The instance that delivered it had a file without times, and is gone since."""
    ledger = world.ledger
    bare = Directory([samples.partner()], [samples.corporation()])
    old, new = (instance(ledger, name, given) for name, given in (("old", bare), ("new", world.directory)))
    await old.step()
    await world.reminder.begin()
    await new.step()
    await ledger.take(samples.referral())
    [claim] = await ledger.claim()
    await ledger.conclude(ledger.delivered(claim), directory=bare)
    ledger.later(hours=2)
    await new.step()
    await world.reminder.step()
    assert [entry.reason for entry in await world.facts(Fact.PROGRESS_OVERDUE)] == ["not-seen"]


async def test_without_one_that_does_a_person_sees_it(ledger: Ledger) -> None:
    """At once where none is known, and a quarter of an hour after the last sign of the one there was."""
    assert (await ledger.line(await taken(ledger, OLD))).reason == "unknown-partner"
    await instance(ledger, "new", DIRECTORY).step()
    left, watchdog = await taken(ledger, OLD), Watchdog(ledger.footing(OLD))
    ledger.later(seconds=GONE.total_seconds())
    await watchdog.step()
    assert (await ledger.line(left)).state is DeliveryState.PENDING
    ledger.later(minutes=1)
    await watchdog.step()
    assert ((line := await ledger.line(left)).state, line.reason) == (DeliveryState.PARKED, "unknown-partner")


async def test_what_an_instance_knew_before_it_was_started_again_counts_no_more(ledger: Ledger) -> None:
    """Its partner was taken out of the file: a person sees at once what waits for it."""
    await instance(ledger, "1", DIRECTORY).step()
    await ledger.take(samples.referral())
    await instance(ledger, "1", OLD).step()
    assert await Watchdog(ledger.footing(OLD)).strand() == 1


async def test_a_sign_of_a_clock_that_was_wrong_holds_nothing_back(ledger: Ledger) -> None:
    """Nobody waits a year for an instance that was here by a clock a year ahead."""
    ledger.later(days=365)
    await instance(ledger, "new", DIRECTORY).step()
    ledger.later(days=-365)
    assert (await ledger.line(await taken(ledger, OLD))).reason == "unknown-partner"


async def test_that_they_differ_is_told_once_and_in_a_metric(ledger: Ledger) -> None:
    """Until they agree again, or the other one is gone."""
    metrics = Metrics()
    other, ours = instance(ledger, "2", OLD), instance(ledger, "1", DIRECTORY, metrics)
    with capture_logs() as lines:
        await other.step()
        assert [await ours.step() for _ in range(3)] == [EVERY] * 3
        assert "seinpaal_notify_instances_apart 1.0" in metrics.text().decode()
        await instance(ledger, "2", DIRECTORY).step()
        await ours.step()
    assert [(line["event"], line["count"]) for line in lines] == [("notify.partners_apart", 1)]
    assert "seinpaal_notify_instances_apart 0.0" in metrics.text().decode()


async def test_an_instance_that_is_gone_is_forgotten(ledger: Ledger) -> None:
    """Names that nobody bears any more do not pile up."""
    await instance(ledger, "2", OLD).step()
    ledger.later(minutes=16)
    async with ledger.database.read() as connection:
        assert await instances(connection, ledger.now) == []
    for seconds, known in ((0, ["1", "2"]), (1, ["1"])):
        ledger.now = samples.AT + FORGOTTEN + timedelta(seconds=seconds)
        await instance(ledger, "1", DIRECTORY).step()
        async with ledger.database.read() as connection:
            assert [each.name for each in await every(connection)] == known


def test_an_entry_is_another_one_as_soon_as_anything_in_it_is() -> None:
    """Also what no report is proof of: how much may go there."""
    assert digest(samples.partner()) == digest(samples.partner())
    assert digest(samples.partner()) != digest(samples.partner(concurrency=3))

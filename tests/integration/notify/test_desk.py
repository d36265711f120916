"""The human gate on a real broker and a real database: commands doubled, replayed, late, and of two people at once."""

import asyncio
from uuid import UUID, uuid4

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.call import CallReason
from schemas.codes import Urgency
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.record import Output
from schemas.referral import Handling, Referral
from schemas.topics import COMMANDS
from services.notify.desk_client import carried_out
from services.notify.service import NotifyService
from services.notify.settings import NotifySettings
from tests.integration.notify.house import LADDER, House, running
from tests.unit.notify import samples
from tests.unit.notify.samples import AT
from tests.waiting import until

DECIDED = {Fact.REFERRAL_RELEASED, Fact.REFERRAL_DISMISSED, Fact.REFERRAL_REASSIGNED, Fact.CALL_DONE}


def command(action: Action, target: UUID, actor: str = "af-1", **given: object) -> Command:
    """A decision."""
    return Command.model_validate(
        {"id": uuid4(), "at": AT, "action": action, "target": target, "actor": actor, "reason": "besproken", **given}
    )


def event(about: Command) -> Output:
    """Its record, as the command line writes it."""
    return cloudevents.event(COMMANDS, id=about.id, time=AT, key=str(about.target), value=about.write())


async def told(house: House, referral: Referral) -> list[AuditEntry]:
    """What people decided about it, and what was refused, as the trail has it."""
    return [entry for entry in await house.facts(referral) if entry.fact in DECIDED | {Fact.COMMAND_REFUSED}]


async def refused(house: House, referral: Referral, many: int) -> None:
    """Wait until the trail tells of so many refusals about it."""

    async def there() -> bool:
        return [entry.fact for entry in await house.facts(referral)].count(Fact.COMMAND_REFUSED) >= many

    await until(there, f"{many} refusals")


def settings(house: House, group: str = "") -> NotifySettings:
    """Of this test's notify; with a group of its own it reads every topic from the beginning."""
    return NotifySettings(
        config=house.folder,
        database_url=house.database_url,
        group=f"notify-{house.corporation}{group}",
        ladder=LADDER,
    )


async def test_a_command_that_is_doubled_late_or_replayed_decides_once(house: House) -> None:
    """The same record twice, another decision after it, and then the whole topic again by another group."""
    house.configure([samples.partner()])
    held = house.referral(handling=Handling.HOLD)
    dismiss = command(Action.DISMISS, held.id)
    async with running(house.service()):
        await house.submit([held])
        await house.reached(DeliveryState.HELD, [held])
        late = command(Action.RELEASE, held.id, "af-2")
        await house.send([event(dismiss), event(dismiss), event(late)])
        await refused(house, held, 1)
    entries = await told(house, held)
    assert [(entry.fact, entry.actor) for entry in entries] == [
        (Fact.REFERRAL_DISMISSED, "af-1"),
        (Fact.COMMAND_REFUSED, "af-2"),
    ]
    async with running(NotifyService(settings(house, "-again"), house.kafka, house.keys)):
        probe = command(Action.RELEASE, held.id, "af-3")
        await house.send([event(probe)])
        await refused(house, held, 2)
    assert await told(house, held) == [*entries, (await told(house, held))[-1]]


async def test_two_who_decide_at_once_on_two_instances_decide_once(house: House) -> None:
    """Whoever comes second hears that it is decided already."""
    house.configure([samples.partner()])
    held = [house.referral(str(number), handling=Handling.HOLD) for number in range(6)]
    async with running(house.service("1"), house.service("2")):
        await house.submit(held)
        await house.reached(DeliveryState.HELD, held)
        given = [[command(Action.DISMISS, each.id, "af-1"), command(Action.DISMISS, each.id, "af-2")] for each in held]
        await asyncio.gather(*(house.send([event(one)]) for pair in given for one in pair))
        for each in held:
            await refused(house, each, 1)
    for each in held:
        facts = [entry.fact for entry in await house.facts(each)]
        assert (facts.count(Fact.REFERRAL_DISMISSED), facts.count(Fact.COMMAND_REFUSED)) == (1, 1)


async def test_a_person_hears_what_became_of_a_decision(house: House) -> None:
    """Carried out, or refused with its reason; and with nobody there to carry it out, nothing yet."""
    house.configure([samples.partner()])
    held = house.referral(handling=Handling.HOLD)
    async with running(house.service()):
        await house.submit([held])
        await house.reached(DeliveryState.HELD, [held])
        given = command(Action.REASSIGN, held.id, assignee="af-7")
        done = await carried_out(given, settings(house), house.kafka, 30)
        assert done is not None
        assert (done.action, done.actor, done.refusal) == ("reassign", "af-1", None)
        again = await carried_out(command(Action.REASSIGN, held.id, assignee="af-7"), settings(house), house.kafka, 30)
        assert again is not None
        assert again.refusal == "is-theirs-already"
    assert await carried_out(command(Action.RELEASE, held.id), settings(house), house.kafka, 0.2) is None


async def test_an_emergency_is_called_about_and_the_call_is_done_once(house: House) -> None:
    """It opens with the referral, is overdue once as its deadline has passed, and two people say it is done."""
    house.configure([samples.partner()])
    urgent = house.referral(handling=Handling.HOLD, about=samples.facts(urgency=Urgency.EMERGENCY), deadline=AT)
    call = ids.call_id(urgent.id, CallReason.EMERGENCY, urgent.deadline)
    async with running(house.service()):
        await house.submit([urgent])

        async def overdue() -> bool:
            return Fact.CALL_OVERDUE in {entry.fact for entry in await house.facts(urgent)}

        await until(overdue, "the call is overdue")
        await house.send([event(command(Action.CALL_DONE, call, "piket-1")), event(command(Action.CALL_DONE, call))])

        async def answered() -> bool:
            return {Fact.CALL_DONE, Fact.REFERRAL_ESCALATED} <= {entry.fact for entry in await house.facts(urgent)}

        await until(answered, "the call is done")
    entries = await house.facts(urgent)
    assert [entry.fact for entry in entries].count(Fact.CALL_OVERDUE) == 1
    assert [entry.actor for entry in entries if entry.fact is Fact.CALL_DONE] == ["piket-1"]
    escalated = [entry for entry in entries if entry.fact is Fact.REFERRAL_ESCALATED]
    assert [entry.assigned_to for entry in escalated] == ["af-2"]

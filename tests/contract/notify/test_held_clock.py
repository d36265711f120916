"""A held referral waits with a clock: whose it is, who is asked next, and what is said of that, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from schemas.audit import AuditEntry, Fact
from schemas.codes import Urgency
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral
from services.notify.desk import Desk
from services.notify.desk_clock import DeskClock
from services.notify.directory import Directory
from services.notify.watchdog import Watchdog
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

DEADLINE = AT + timedelta(hours=1)


async def held(ledger: Ledger, record: str = "T-1", urgency: Urgency = Urgency.URGENT) -> Referral:
    """A referral that waits for a person, for an hour."""
    about = samples.facts(urgency=urgency)
    referral = samples.referral(record, handling=Handling.HOLD, deadline=DEADLINE, about=about)
    await ledger.take(referral)
    return referral


async def late(ledger: Ledger, **by: float) -> None:
    """Turn the clock on and let whoever looks after it look until there is nothing more to say."""
    ledger.later(**by)
    while await ledger.watchdog.step() == 0.0 or await ledger.clock.step() == 0.0:
        pass


async def escalations(ledger: Ledger) -> list[AuditEntry]:
    """Every one, in order."""
    return [entry for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_ESCALATED]


async def test_an_undecided_referral_goes_to_the_second_person_at_its_deadline(ledger: Ledger) -> None:
    """Once, beside the word that it is overdue; it still waits for a person."""
    referral = await held(ledger)
    await late(ledger, hours=1)
    await late(ledger, hours=100)
    [entry] = await escalations(ledger)
    assert (entry.referral, entry.assigned_to, entry.reason) == (referral.id, "af-2", "no-rule-fired")
    line = await ledger.line(referral)
    assert (line.state, line.overdue) == (DeliveryState.HELD, True)


async def test_every_person_named_for_a_class_is_asked_in_turn(ledger: Ledger) -> None:
    """An acute one has three: one fact a step, each with whom it is put before, and by when the next one is."""
    await held(ledger, urgency=Urgency.ACUTE)
    await late(ledger, hours=1)
    await late(ledger, minutes=29)
    assert len(await escalations(ledger)) == 1
    await late(ledger, minutes=1)
    await late(ledger, hours=100)
    entries = await escalations(ledger)
    assert [(entry.assigned_to, entry.due_at) for entry in entries] == [
        ("piket-2", DEADLINE + timedelta(minutes=30)),
        ("af-1", None),
    ]
    assert len({entry.id for entry in entries}) == 2


async def test_a_decision_stops_the_clock(ledger: Ledger) -> None:
    """Nobody is asked about what was decided; and nobody looks for ever at a clock that stands."""
    referral = await held(ledger, urgency=Urgency.ACUTE)
    await late(ledger, hours=1)
    await ledger.command(Action.DISMISS, referral)
    await late(ledger, hours=100)
    assert len(await escalations(ledger)) == 1
    assert await ledger.clock.step() == 5.0


@pytest.mark.parametrize(
    ("urgency", "hours", "calls"),
    [(Urgency.URGENT, 2, ["not-delivered"]), (Urgency.URGENT, 0, []), (Urgency.ROUTINE, 2, [])],
    ids=["late", "in time", "routine"],
)
async def test_an_urgent_one_released_past_its_deadline_is_telephoned_about(
    ledger: Ledger, urgency: Urgency, hours: int, calls: list[str]
) -> None:
    """Once, however long its partner does not answer; one released in time is when its deadline passes."""
    referral = await held(ledger, urgency=urgency)
    await late(ledger, hours=hours)
    await ledger.command(Action.RELEASE, referral)
    opened = [entry.reason for entry in await ledger.entries() if entry.fact is Fact.CALL_OPENED]
    assert opened == calls
    await late(ledger, hours=100)
    opened = [entry.reason for entry in await ledger.entries() if entry.fact is Fact.CALL_OPENED]
    assert opened == ([] if urgency is Urgency.ROUTINE else ["not-delivered"])


async def test_two_who_look_at_once_say_it_once(ledger: Ledger) -> None:
    """Watchdogs and clocks of two instances."""
    for number in range(4):
        await held(ledger, f"T-{number}", Urgency.ACUTE)
    ledger.later(hours=1)
    dogs = [Watchdog(ledger.footing()) for _ in range(2)]
    await asyncio.gather(*(dog.step() for dog in dogs))
    ledger.later(minutes=30)
    clocks = [DeskClock(ledger.footing()) for _ in range(2)]
    await asyncio.gather(*(clock.step() for clock in clocks))
    entries = await escalations(ledger)
    assert len({entry.id for entry in entries}) == len(entries) == 8


async def test_where_nobody_is_named_it_is_said_all_the_same(ledger: Ledger) -> None:
    """A corporation that the configuration does not know has no second person; the audit stream hears it."""
    await held(ledger)
    ledger.later(hours=1)
    nobody = Watchdog(ledger.footing(Directory([], [])))
    await nobody.step()
    assert [(entry.assigned_to, entry.due_at) for entry in await escalations(ledger)] == [(None, None)]


async def test_a_question_is_given_to_another_person_and_its_clock_goes_on(ledger: Ledger) -> None:
    """With who gave it, why and to whom; past the deadline it goes to somebody who did not let it pass."""
    referral = await held(ledger)
    await ledger.command(Action.REASSIGN, referral, assignee="af-2")
    [given] = [entry for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_REASSIGNED]
    assert (given.actor, given.reason, given.assigned_to) == ("af-1", "test", "af-2")
    await late(ledger, hours=1)
    assert [entry.assigned_to for entry in await escalations(ledger)] == ["af-1"]


@pytest.mark.parametrize(
    ("assignee", "reason"), [("af-1", "is-theirs-already"), (None, "name-somebody")], ids=["same", "nobody"]
)
async def test_a_question_is_not_given_to_whom_has_it_or_to_nobody(
    ledger: Ledger, assignee: str | None, reason: str
) -> None:
    """It stays where it is, and the command is refused with its reason."""
    await ledger.command(Action.REASSIGN, await held(ledger), assignee=assignee)
    assert [entry.reason for entry in await ledger.entries() if entry.fact is Fact.COMMAND_REFUSED] == [reason]


async def test_what_waits_for_nobody_cannot_be_given_away(ledger: Ledger) -> None:
    """It says how it stands."""
    referral = samples.referral()
    await ledger.take(referral)
    await ledger.command(Action.REASSIGN, referral, assignee="af-3")
    assert [entry.reason for entry in await ledger.entries() if entry.fact is Fact.COMMAND_REFUSED] == ["is-pending"]


async def test_of_two_decisions_one_stands_and_the_other_is_refused(ledger: Ledger) -> None:
    """Two people, two instances, at the same moment."""
    referral = await held(ledger)
    desks = [Desk(ledger.footing(), ledger.aside()) for _ in range(2)]
    records = [ledger.given(action, referral.id) for action in (Action.RELEASE, Action.DISMISS)]
    await asyncio.gather(*(desk.handle([record]) for desk, record in zip(desks, records, strict=True)))
    facts = await ledger.facts(referral)
    decided = {Fact.REFERRAL_RELEASED, Fact.REFERRAL_DISMISSED}
    assert len([fact for fact in facts if fact in decided]) == 1
    assert facts.count(Fact.COMMAND_REFUSED) == 1


async def test_one_decision_that_two_instances_read_is_made_once(ledger: Ledger) -> None:
    """As when a partition changes hands before its offset was committed."""
    referral = await held(ledger)
    desks = [Desk(ledger.footing(), ledger.aside()) for _ in range(3)]
    record = ledger.given(Action.RELEASE, referral.id)
    await asyncio.gather(*(desk.handle([record]) for desk in desks))
    facts = await ledger.facts(referral)
    assert facts.count(Fact.REFERRAL_RELEASED) == 1
    assert Fact.COMMAND_REFUSED not in facts


async def test_the_whole_topic_of_commands_read_again_decides_nothing_again(ledger: Ledger) -> None:
    """Whatever was decided since: released, given away, called; and nothing is refused that was carried out."""
    first, second = await held(ledger, "T-1"), await held(ledger, "T-2")
    records = [
        await ledger.command(Action.REASSIGN, first, assignee="af-3"),
        await ledger.command(Action.RELEASE, first),
        await ledger.command(Action.DISMISS, second),
        await ledger.command(Action.RELEASE, second),
    ]
    before = await ledger.outputs()
    await ledger.desk.handle(records)
    await ledger.desk.handle(records[::-1])
    assert await ledger.outputs() == before


async def test_what_is_asked_a_second_time_is_not_escalated_under_the_facts_of_the_first(ledger: Ledger) -> None:
    """It was put before another person, released, and waits again since the revision before it was dismissed."""
    first = samples.referral()
    await ledger.take(first)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    second = samples.referral(revision=2, handling=Handling.HOLD, deadline=DEADLINE)
    await ledger.take(second)
    await late(ledger, hours=1)
    await ledger.command(Action.RELEASE, second)
    await ledger.command(Action.DISMISS, first)
    assert (await ledger.line(second)).state is DeliveryState.HELD
    await late(ledger, hours=100)
    told = [entry for entry in await escalations(ledger) if entry.referral == second.id]
    assert len({entry.id for entry in told}) == len(told) == 2

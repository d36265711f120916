"""What a stage could not read and parked explains itself, and nothing else, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.parked import Coordinates
from services.audit.findings import Finding, Missing, Undecided, Unledgered
from tests.contract.console.conftest import Shown
from tests.unit.audit.samples import fact

Make = Callable[[int], Shown]
With = Undecided | Unledgered


def signals(shown: Shown) -> list[tuple[AuditEntry, AuditEntry]]:
    """Of every signal: accepted and decided."""
    decided = {entry.event: entry for entry in shown.world.entries if entry.fact is Fact.SIGNAL_DECIDED}
    accepted = [entry for entry in shown.world.entries if entry.fact is Fact.SIGNAL_ACCEPTED]
    return [(entry, decided[entry.event]) for entry in accepted]


def remove(shown: Shown, signal: object, *, stages: set[Stage]) -> None:
    """As if they had never told of it."""
    world = shown.world
    world.entries = [entry for entry in world.entries if entry.signal != signal or entry.stage not in stages]
    world.ledger = {referral: of for referral, of in world.ledger.items() if of[0] != signal}


def parked(lost: AuditEntry, stage: Stage, **known: Any) -> AuditEntry:
    """The stage could not read the record that this fact was about."""
    assert lost.input is not None
    place = ids.input_id(lost.input.topic, lost.input.partition, lost.input.offset)
    about = {"event": place, "input": lost.input, "corporation": None, **known}
    return fact(Fact.RECORD_PARKED, stage, cause=place, **about)


def redriven(parking: AuditEntry) -> AuditEntry:
    """A person had it read again."""
    return fact(Fact.RECORD_REDRIVEN, Stage.INGEST, cause="command", event=parking.event, corporation=None)


async def suspects(shown: Shown, kind: type[Finding]) -> set[Finding]:
    """What a look finds of a kind."""
    await shown.recorded()
    return {one for one in (await shown.looking().look()).suspects if isinstance(one, kind)}


async def test_a_signal_that_the_router_parked_waits_for_a_person(shown: Make) -> None:
    """It is not suspected, and the corporation's book has it in a place of its own."""
    made = shown(60)
    accepted, decided = signals(made)[0]
    remove(made, accepted.signal, stages={Stage.ROUTER, Stage.NOTIFY})
    made.world.entries += [parked(decided, Stage.ROUTER, message=accepted.event)]
    assert await suspects(made, Undecided) == set()
    book = (await made.looking().look()).books[accepted.corporation or ""]
    assert (book.router_parked, book.at_router, book.at_notify) == (1, 0, 0)


async def test_a_parked_record_does_not_explain_another_signal(shown: Make) -> None:
    """Of two signals without a decision one is parked: the other one is lost, and so it is when nobody knows which."""
    made = shown(60)
    (accepted, decided), (other, _), *_ = signals(made)
    for each in (accepted, other):
        remove(made, each.signal, stages={Stage.ROUTER, Stage.NOTIFY})
    nameless = parked(decided, Stage.ROUTER)
    made.world.entries += [parked(decided, Stage.ROUTER, message=accepted.event), nameless]
    assert {one.event for one in await suspects(made, Undecided) if isinstance(one, Undecided)} == {other.event}


async def test_a_signal_that_was_redriven_is_missed_again(shown: Make) -> None:
    """From then on something must come of it."""
    made = shown(60)
    accepted, decided = signals(made)[0]
    remove(made, accepted.signal, stages={Stage.ROUTER, Stage.NOTIFY})
    parking = parked(decided, Stage.ROUTER, message=accepted.event)
    made.world.entries += [parking, redriven(parking)]
    assert {one.event for one in await suspects(made, Undecided) if isinstance(one, Undecided)} == {accepted.event}
    assert (await made.looking().look()).parked["router"] == 0


@pytest.mark.parametrize("again", [False, True])
async def test_a_referral_that_notify_parked_explains_itself(shown: Make, *, again: bool) -> None:
    """It waits for a person till it is redriven; then it must come into the ledger."""
    made = shown(60)
    accepted, queued = queued_alone(made)
    remove(made, accepted.signal, stages={Stage.NOTIFY})
    parking = parked(queued, Stage.NOTIFY, message=queued.referral, signal=accepted.signal)
    made.world.entries += [parking, redriven(parking)] if again else [parking]
    found = await suspects(made, Unledgered)
    assert {one.signal for one in found if isinstance(one, Unledgered)} == ({accepted.signal} if again else set())
    book = (await made.looking().look()).books[accepted.corporation or ""]
    assert (book.notify_parked, book.at_notify) == ((0, 1) if again else (1, 0))


async def test_a_copy_that_was_parked_does_not_explain_a_lost_referral(shown: Make) -> None:
    """The referral that came into the ledger had another record that could not be read; the second referral is lost."""
    made = shown(60)
    accepted, queued = queued_alone(made)
    decided = next(entry for entry in made.world.entries if entry.event == accepted.event and entry.count == 1)
    made.world.entries[made.world.entries.index(decided)] = decided.model_copy(update={"count": 2})
    made.world.entries += [parked(queued, Stage.NOTIFY, message=queued.referral, signal=accepted.signal)]
    (found,) = await suspects(made, Unledgered)
    assert isinstance(found, Unledgered)
    assert (found.signal, found.decided, found.entered, found.unread) == (accepted.signal, 2, 1, 0)


def queued_alone(shown: Shown) -> tuple[AuditEntry, AuditEntry]:
    """A signal that led to one referral, and that referral's first fact."""
    queued = [entry for entry in shown.world.entries if entry.fact is Fact.REFERRAL_QUEUED]
    for accepted, decided in signals(shown):
        mine = [entry for entry in queued if entry.signal == accepted.signal]
        if decided.count == 1 and mine:
            return accepted, mine[0]
    raise AssertionError("no signal led to one referral")


async def test_what_was_redriven_also_follows_from_the_command(shown: Make) -> None:
    """Till that is committed, what comes of it may not be written yet: at each stage that may park."""
    made = shown(60)
    (accepted, decided), *_ = signals(made)
    alone, queued = queued_alone(made)
    for signal, stages in ((accepted.signal, {Stage.ROUTER, Stage.NOTIFY}), (alone.signal, {Stage.NOTIFY})):
        remove(made, signal, stages=stages)
    parkings = [
        parked(decided, Stage.ROUTER, message=accepted.event),
        parked(queued, Stage.NOTIFY, message=queued.referral, signal=alone.signal),
    ]
    for number, parking in enumerate(parkings):
        command, place = UUID(int=number), Coordinates(topic="commands.v1", partition=0, offset=number)
        taken = fact(Fact.COMMAND_TAKEN, Stage.INGEST, cause=command, event=command, input=place)
        again = redriven(parking).model_copy(update={"id": UUID(int=90 + number), "message": command})
        made.world.entries += [parking, taken, again]
    await made.recorded()
    found = {type(one): one.inputs for one in (await made.looking().look()).suspects if isinstance(one, With)}
    assert found[Undecided][-1].topic == found[Unledgered][-1].topic == "commands.v1"


async def test_a_command_that_nobody_took_up_is_missing(shown: Make) -> None:
    """Of three that were read, the second has no fact."""
    made = shown(10)
    made.world.ends["commands.v1"] = 3
    for number in (0, 2):
        place = Coordinates(topic="commands.v1", partition=0, offset=number)
        made.world.entries += [fact(Fact.COMMAND_TAKEN, Stage.NOTIFY, cause=place, event=UUID(int=number), input=place)]
    assert await suspects(made, Missing) == {Missing("commands.v1", 0, 1, 1)}

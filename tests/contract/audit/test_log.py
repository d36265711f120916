"""Reading the log, on SQLite and on PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.parked import Coordinates
from services.audit.append import read
from services.audit.books import Books
from services.audit.log import AuditLog
from services.audit.store import AuditStore
from services.audit.tally import ENDED, Counted, Increment, Tally
from services.audit.trail import Subject, span
from services.runtime.database import Database
from tests.unit.audit.samples import CORPORATION, PARTNER, accepted, fact, record, replayed, signal, story
from tests.unit.audit.world import World


async def fill(database: Database, entries: Sequence[AuditEntry]) -> AuditLog:
    """A log with these entries."""
    arrivals = [read(record(entry, offset)) for offset, entry in enumerate(entries)]
    await AuditStore(database).append(("audit.v1", 0), 0, len(arrivals), arrivals)
    return AuditLog(database)


async def test_lines_come_in_order_from_where_one_asks(database: Database) -> None:
    """After an index, oldest first, at most as many as asked; or the newest."""
    entries = [*story(1), *story(2)]
    log = await fill(database, entries)
    assert [line.index for line in await log.after(2, 3)] == [3, 4, 5]
    assert [line.index for line in await log.newest(3)] == [7, 8, 9]
    assert [line.index for line in await log.newest(100, beyond=7)] == [8, 9]
    assert [line.entry for line in await log.after(-1, 100)] == entries
    assert await log.size() == 10


async def test_lines_can_be_of_one_fact(database: Database) -> None:
    """Only those, in order."""
    log = await fill(database, [*story(1), *story(2)])
    assert [line.index for line in await log.after(-1, 9, [Fact.DELIVERY_DELIVERED])] == [4, 9]
    assert [line.index for line in await log.newest(1, [Fact.DELIVERY_DELIVERED, Fact.SIGNAL_ACCEPTED])] == [9]


async def test_any_id_finds_its_signal(database: Database) -> None:
    """Signal, referral and event, whole or by its first eight digits."""
    log = await fill(database, [*story(1), *story(2)])
    for one in (signal(1), ids.referral_id(signal(1), PARTNER, 1), ids.event_id(signal(1), "1")):
        for text in (str(one), str(one)[:8]):
            assert await log.subjects(*span(text)) == [Subject(signal(1))]
    assert await log.subjects(*span("00000000")) == []


async def test_the_beginning_of_two_ids_finds_both(database: Database) -> None:
    """Nothing is guessed."""
    log = await fill(database, [*story(1), *story(2)])
    low, high = span("00000000")
    everything = await log.subjects(low, high.__class__(int=2**128 - 1))
    assert set(everything) == {Subject(signal(1)), Subject(signal(2))}


async def test_a_story_holds_its_signal_and_nothing_else(database: Database) -> None:
    """Every line of it, in order."""
    log = await fill(database, [entry for pair in zip(story(1), story(2), strict=True) for entry in pair])
    assert [line.entry for line in await log.story(Subject(signal(2)))] == story(2)


async def test_a_parked_record_has_a_story_of_its_own(database: Database) -> None:
    """Found by the id it was parked under, also when it was tried again and failed again."""
    parked, entries = redriven(signal_id=None)
    log = await fill(database, [entries[0], story(2)[0], entries[1]])
    assert await log.subjects(*span(str(parked))) == [Subject(parked, signal=False)]
    assert [line.index for line in await log.story(Subject(parked, signal=False))] == [0, 2]


async def test_a_parked_record_joins_the_story_of_the_signal_it_became(database: Database) -> None:
    """Redriven and accepted, its id finds the signal, whose story begins with the parking."""
    parked, entries = redriven(signal_id=signal(1))
    log = await fill(database, [entries[0], story(2)[0], accepted(1), entries[1]])
    assert await log.subjects(*span(str(parked))) == [Subject(signal(1))]
    assert [line.index for line in await log.story(Subject(signal(1)))] == [0, 2, 3]


async def test_a_message_that_could_not_be_read_is_in_the_story_of_its_signal(database: Database) -> None:
    """The router knew its event and notify its signal; who redrove it and what it became follow."""
    first, queued = accepted(1), story(1)[2]
    entries = [first]
    known: dict[Stage, dict[str, Any]] = {
        Stage.ROUTER: {"message": first.event},
        Stage.NOTIFY: {"signal": first.signal},
    }
    for stage, names in known.items():
        parked = ids.input_id(stage, 0, 1)
        place = Coordinates(topic=f"{stage}.v1", partition=0, offset=1)
        entries += [
            fact(Fact.RECORD_PARKED, stage, cause=parked, event=parked, input=place, **names),
            fact(Fact.RECORD_REDRIVEN, Stage.INGEST, cause=f"command {stage}", event=parked, actor="operator-1"),
        ]
    log = await fill(database, [*entries, story(2)[0], queued])
    assert [line.index for line in await log.story(Subject(signal(1)))] == [0, 1, 2, 3, 4, 6]


@pytest.mark.parametrize("beyond", [-1, 0, 7, 150])
async def test_lines_are_counted_from_where_one_asks(database: Database, beyond: int) -> None:
    """Counting the lines beyond an index in the database is counting them one by one."""
    world = World()
    for _ in range(40):
        world.happen()
    log = await fill(database, world.entries)
    more = await log.counted(beyond)
    one_by_one = [
        Counted(entry.corporation, entry.stage, entry.fact, entry.before, entry.after, 1, entry.count or 0)
        for entry in world.entries[beyond + 1 :]
    ]
    assert more.last == len(world.entries) - 1
    whole = Tally()
    whole.take(await log.counted())
    assert (whole.at_router, whole.accepted) == (0, len({one.event for one in world.entries if one.fact in ENDED}))
    assert Tally().add(more.counted) == Tally().add(one_by_one)
    assert await log.counted(more.last) == Increment(more.last)


@pytest.mark.parametrize("step", [1, 3, 100])
async def test_what_is_told_again_is_counted_once(database: Database, step: int) -> None:
    """However the log is cut: a replay, a copy, a change that is decided anew, and what was parked and redriven."""
    entries = replayed()
    await fill(database, entries[:2])
    tally, log = Tally(), AuditLog(database)
    tally.take(await log.counted())
    for first in range(2, len(entries), step):
        arrivals = [read(record(entry, offset)) for offset, entry in enumerate(entries)][first : first + step]
        await AuditStore(database).append(("audit.v1", 0), first, first + len(arrivals), arrivals)
        tally.take(await log.counted(first - 1))
    assert (tally.events, tally.ended, tally.accepted, tally.at_router) == (5, 3, 5 + 2, 1)
    assert (tally.parked(Stage.ROUTER), tally.parked(Stage.INGEST), tally.parked()) == (1, 0, 1)
    book = (await Books(database).book())[CORPORATION]
    assert (book.accepted, book.at_router, book.router_parked) == (tally.accepted, tally.at_router, 1)


async def test_an_empty_log_has_nothing_to_count(database: Database) -> None:
    """Its last index is the one before the first."""
    log = await fill(database, [])
    assert (await log.counted(), await log.size(), await log.newest(5)) == (Increment(-1), 0, [])


def redriven(*, signal_id: UUID | None) -> tuple[UUID, list[AuditEntry]]:
    """What ingest tells of a record it parked and was asked to try again."""
    place = Coordinates(topic=f"source.{CORPORATION}", partition=0, offset=1)
    parked = ids.input_id(place.topic, place.partition, place.offset)
    first = fact(Fact.RECORD_PARKED, Stage.INGEST, cause=parked, event=parked, input=place, reason="code-unknown")
    again = fact(Fact.RECORD_REDRIVEN, Stage.INGEST, cause="command", event=parked, signal=signal_id, actor="af-1")
    return parked, [first, again]

"""The store, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from schemas.record import Captured
from services.audit.append import append, read
from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.audit.tables import ENTRY, POSITION, metadata
from services.runtime.database import Database, open_database
from services.runtime.errors import TryLater
from services.runtime.migration import drift
from tests.unit.audit.samples import accepted, record, story

PLACE = ("audit.v1", 0)
CASES = [entry for number in range(4) for entry in story(number)]


async def take(store: AuditStore, records: Sequence[Captured]) -> int:
    """Append a batch as the handler does."""
    return await store.append(PLACE, records[0].offset, records[-1].offset + 1, [read(one) for one in records])


async def rows(database: Database) -> list[tuple[int, int, bytes, bytes, bytes]]:
    """Index, offset, salt, commitment and body of the whole log."""
    columns = (ENTRY.c.index, ENTRY.c.offset, ENTRY.c.salt, ENTRY.c.commitment, ENTRY.c.body)
    async with database.read() as connection:
        found = (await connection.execute(select(*columns).order_by(ENTRY.c.index))).all()
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found]


async def test_the_migrations_make_the_tables(database: Database) -> None:
    """What the migrations make is what the tables say."""
    async with database.read() as connection:
        assert await connection.run_sync(drift, metadata) == []


async def test_the_bytes_come_back_as_they_were(store: AuditStore, database: Database) -> None:
    """Body, salt and commitment are stored byte for byte, with the offset."""
    sent = record(accepted(1), 0)
    assert await take(store, [sent]) == 1
    (line,) = append([read(sent)], known=set(), size=0)
    assert await rows(database) == [(0, 0, line.arrival.salt, line.commitment, sent.value)]


async def test_taking_in_again_changes_nothing(store: AuditStore, database: Database) -> None:
    """A batch that is read twice, or an entry that was produced twice, is in the log once: as it was first."""
    records = [record(accepted(number), number) for number in range(3)]
    await take(store, records)
    before = await rows(database)
    assert await take(store, records) == 0
    assert await take(store, [record(accepted(1), 3), record(accepted(3), 4)]) == 1
    assert (await rows(database))[:3] == before
    await take(store, records)
    assert await store.next_offset(PLACE) == 5


async def test_a_hole_is_never_written(store: AuditStore, database: Database) -> None:
    """Records beyond ones that were never taken in (a restored backup) wait: the log would be another one."""
    await take(store, [record(accepted(0), 0)])
    with pytest.raises(TryLater, match="before offset 1 "):
        await take(store, [record(accepted(2), 2)])
    assert len(await rows(database)) == 1


async def test_two_writers_take_turns(database_url: str, database: Database) -> None:
    """Two processes that both think they are the one write one log, without a hole or a double."""
    other = await open_database(database_url, MIGRATIONS)
    records = [record(entry, offset) for offset, entry in enumerate(CASES)]

    async def write(store: AuditStore) -> int:
        return sum([await take(store, records[start : start + 3]) for start in range(0, len(records), 3)])

    written = await asyncio.gather(write(AuditStore(database)), write(AuditStore(other)))
    await other.stop()
    assert sum(written) == len(records)
    assert [row[0] for row in await rows(database)] == list(range(len(records)))


@given(
    chosen=st.lists(st.integers(0, len(CASES) - 1), min_size=1, max_size=25),
    cuts=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    back=st.lists(st.integers(0, 5), min_size=1, max_size=4),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_log_is_a_function_of_the_topic(
    database: Database, chosen: list[int], cuts: list[int], back: list[int]
) -> None:
    """Any cutting into batches, with any replays and a new store object each time, makes the same log."""
    topic = [record(CASES[number], offset) for offset, number in enumerate(chosen)]
    async with database.begin() as connection:
        for table in (ENTRY, POSITION):
            await connection.execute(delete(table))
    position = turn = 0
    while position < len(topic):
        batch = topic[position : position + cuts[turn % len(cuts)]]
        await take(AuditStore(database), batch)
        position = max(position + 1, position + len(batch) - back[turn % len(back)])
        turn += 1
    expected = append([read(one) for one in topic], known=set(), size=0)
    lines = [(line.index, line.arrival.offset, line.arrival.salt, line.commitment) for line in expected]
    assert [row[:4] for row in await rows(database)] == lines

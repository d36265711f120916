"""Keeps the log: every batch in one transaction, first occurrence of an entry once, at its place."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.append import Appended, Arrival, append
from services.audit.tables import ENTRY, POSITION
from services.runtime.bulk import Rows, among
from services.runtime.database import Database, insert_ignore
from services.runtime.errors import TryLater

_ENTRIES: Final = Rows(insert(ENTRY))
_COLUMNS: Final = itemgetter(*ENTRY.c.keys())

Place = tuple[str, int]
"""A topic's partition."""


class Hole(TryLater):
    """The offsets from `start` to the first of the batch were never taken in."""

    def __init__(self, topic: str, start: int, first: int) -> None:
        super().__init__(f"audit: the log ends before offset {start} of {topic}, and {first} was read")
        self.start = start


class AuditStore:
    """The one writer of `audit_entry`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, place: Place, first: int, following: int, arrivals: Sequence[Arrival]) -> int:
        """Take in the records `first` (inclusive) to `following` (exclusive) of the topic; tell how many were new.

        All of it or nothing. Taking in what was taken in before changes nothing.

        Raises:
            TryLater: the database is not there, or another writer came between.
            Hole: records before `first` were never taken in: a log with a hole in it is no log, so it waits for them.
        """
        async with self._database.begin() as connection:
            expected = await _my_turn(connection, place)
            if first > expected:
                raise Hole(place[0], expected, first)
            known = await _known(connection, [arrival.entry.id for arrival in arrivals])
            new = append(arrivals, known=known, size=await _size(connection))
            if new:
                await _ENTRIES.write(connection, [_COLUMNS(_row(line)) for line in new])
            moved = update(POSITION).where(_at(place)).values(next_offset=max(expected, following))
            await connection.execute(moved)
        return len(new)

    async def next_offset(self, place: Place) -> int:
        """The first offset of the topic that is not in the log yet."""
        async with self._database.read() as connection:
            return await _next_offset(connection, place)

    async def first(self) -> tuple[int, bytes] | None:
        """Where in the topic the first line stood, and its salt: no other record has that one."""
        query = select(ENTRY.c.offset, ENTRY.c.salt).where(ENTRY.c.index == 0)
        async with self._database.read() as connection:
            found = (await connection.execute(query)).one_or_none()
        return None if found is None else (int(found[0]), bytes(found[1]))


async def _size(connection: AsyncConnection) -> int:
    last = (await connection.execute(select(func.max(ENTRY.c.index)))).scalar_one()
    return 0 if last is None else int(last) + 1


async def _next_offset(connection: AsyncConnection, place: Place) -> int:
    found = (await connection.execute(select(POSITION.c.next_offset).where(_at(place)))).scalar_one_or_none()
    return 0 if found is None else int(found)


async def _my_turn(connection: AsyncConnection, place: Place) -> int:
    """Wait until no other process writes (on SQLite none does), then tell the next offset."""
    fresh = {"topic": place[0], "partition": place[1], "next_offset": 0}
    await connection.execute(insert_ignore(POSITION), [fresh])
    query = select(POSITION.c.next_offset).where(_at(place)).with_for_update()
    return int((await connection.execute(query)).scalar_one())


def _at(place: Place) -> ColumnElement[bool]:
    return and_(POSITION.c.topic == place[0], POSITION.c.partition == place[1])


async def _known(connection: AsyncConnection, ids: Sequence[UUID]) -> set[UUID]:
    there = select(ENTRY.c.id).where(among(connection, ENTRY.c.id, ids))
    return set((await connection.execute(there)).scalars())


def _row(line: Appended) -> dict[str, object]:
    entry, place = line.arrival.entry, line.arrival.entry.input
    return {
        "index": line.index,
        "id": entry.id,
        "at": entry.at,
        "stage": entry.stage.value,
        "fact": entry.fact.value,
        "corporation": entry.corporation,
        "signal": entry.signal,
        "event": entry.event,
        "referral": entry.referral,
        "message": entry.message,
        "before": entry.before and entry.before.value,
        "after": entry.after and entry.after.value,
        "count": entry.count,
        "input_topic": place and place.topic,
        "input_partition": place and place.partition,
        "input_offset": place and place.offset,
        "offset": line.arrival.offset,
        "salt": line.arrival.salt,
        "commitment": line.commitment,
        "body": line.arrival.body,
    }

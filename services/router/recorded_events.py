"""RECORDED EVENTS: read back in the order they were decided, a page at a time, so that memory stays flat."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.codes import Change
from schemas.signal import Facts
from services.router import pages
from services.router.history_store import CAME_BACK
from services.router.replay import Occurrence, several
from services.router.tables import EVENT

CHUNK: Final = 200
"""Households read at once."""

_COLUMNS: Final = (*pages.ORDER, *(EVENT.c[name] for name in ("revision", "changed_at", "decided", "facts")))
_COUNTING: Final = EVENT.c.revision.is_not(None)
_OTHER: Final = EVENT.alias("other")
_BEGUN: Final = exists().where(_OTHER.c.signal == EVENT.c.signal, _OTHER.c.revision == 1, _OTHER.c.household.is_(None))
_WHOLE: Final = EVENT.c.household.is_not(None), ~_BEGUN
"""A signal is decided again from its first event on, or not at all: who is told of one follows from those before."""


async def sizes(connection: AsyncConnection, since: datetime, until: datetime) -> tuple[int, int]:
    """How many events of that time can be decided again, and how many cannot: facts or beginning are forgotten."""
    within = (*_within(since, until), _COUNTING)
    known_whole = func.count().filter(*_WHOLE)
    query = select(func.count(), known_whole).select_from(EVENT).where(*within)
    every, known = (await connection.execute(query)).one()
    return known, every - known


@dataclass(frozen=True, slots=True)
class Group:
    """Events that bear on each other, in the order they were decided. `retold`: those that came back after another."""

    retold: frozenset[UUID]
    pages: AsyncIterator[list[Occurrence]]


async def groups(connection: AsyncConnection, since: datetime, until: datetime) -> AsyncIterator[Group]:
    """Of every household with an event in that time: all its events up to `until`, in the order they were decided.

    Those of households that a signal of it was in before or after are in the same group. Events that were overtaken
    decided nothing and are left out, and so are signals whose beginning is forgotten. A group's pages are read before
    the next group.
    """
    last, ahead = "", set[str]()
    while events := await _events(connection, since, until, last):
        *_, last = events
        for some in packed(events, pages.PAGE):
            chosen = some - ahead
            linked = await _linked(connection, chosen, until)
            ahead |= linked
            if chosen:
                yield await _group(connection, sorted(chosen | linked), since, until)


def packed(events: Mapping[str, int], most: int) -> Iterator[set[str]]:
    """Households by how many events each has: together while all they have is no more than that, a larger one alone."""
    some, size = set[str](), 0
    for household, number in events.items():
        if some and size + number > most:
            yield some
            some, size = set(), 0
        some.add(household)
        size += number
    yield some


async def beside(connection: AsyncConnection, household: str, until: datetime) -> AsyncIterator[Any]:
    """The rows of all that was decided of a household, up to and with that moment, in order; also what was overtaken.

    With those of households that share a signal with it: one may have moved.
    """
    linked = await _linked(connection, {household}, until + timedelta.resolution)
    there = EVENT.c.household.in_(sorted({household} | linked))
    async for page in pages.read(connection, select(EVENT).where(there, EVENT.c.decided_at <= until)):
        for row in page:
            yield row


async def _group(connection: AsyncConnection, households: Sequence[str], since: datetime, until: datetime) -> Group:
    of_them = EVENT.c.household.in_(households), ~_BEGUN, _COUNTING, EVENT.c.decided_at < until
    found = pages.read(connection, select(*_COLUMNS).where(*of_them))
    first = [occurrence(row, since) for row in await anext(found, ())]
    retold = several(first) if len(first) < pages.PAGE else await _retold(connection, of_them)
    return Group(retold, _from(first, found, since))


async def _from(
    first: list[Occurrence], rest: AsyncIterator[Sequence[Any]], since: datetime
) -> AsyncIterator[list[Occurrence]]:
    yield first
    async for page in rest:
        yield [occurrence(row, since) for row in page]


async def _retold(connection: AsyncConnection, of_them: Sequence[ColumnElement[bool]]) -> frozenset[UUID]:
    found = set[UUID]()
    async for page in pages.read(connection, select(*pages.ORDER, EVENT.c.decided).where(*of_them, CAME_BACK)):
        found |= {UUID(orjson.loads(row.decided)["again"]) for row in page}
    return frozenset(found)


async def _events(connection: AsyncConnection, since: datetime, until: datetime, last: str) -> dict[str, int]:
    """How many events each of the next households has, in the order of their names.

    Grouped, so that the index by household answers it alone, whatever the database guesses of the period.
    """
    household, decided_at = EVENT.c.household, EVENT.c.decided_at
    known = (
        select(household, func.count().label("events")).where(household > last, decided_at < until).group_by(household)
    )
    query = known.having(func.max(decided_at) >= since).order_by(household).limit(CHUNK)
    return {row.household: row.events for row in await connection.execute(query)}


async def _linked(connection: AsyncConnection, chosen: set[str], until: datetime) -> set[str]:
    """Other households that share a signal with these, and with those: a correction may move a signal."""
    found, fresh = set[str](), chosen
    while fresh:
        among = sorted(chosen | found)
        # Each signal once: a join would meet every event of one with every other.
        signals = select(_OTHER.c.signal).where(_OTHER.c.household.in_(sorted(fresh)))
        query = select(EVENT.c.household).where(EVENT.c.signal.in_(signals), EVENT.c.decided_at < until).distinct()
        query = query.where(EVENT.c.household.not_in(among))
        fresh = set((await connection.execute(query)).scalars())
        found |= fresh
    return found


def _within(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return EVENT.c.decided_at >= since, EVENT.c.decided_at < until


def occurrence(row: Any, since: datetime) -> Occurrence:
    """One row as what a replay needs of it."""
    decided = orjson.loads(row.decided)
    again = decided.get("again")
    return Occurrence(
        signal=row.signal,
        event=UUID(again) if again else row.event,
        revision=row.revision,
        change=Change.WITHDRAWN if decided["outcome"] == "withdrawn" else Change.REPORTED,
        changed_at=row.changed_at,
        decided_at=row.decided_at,
        facts=Facts.read(row.facts),
        counts=row.decided_at >= since,
    )

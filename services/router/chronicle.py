"""CHRONICLE: recorded events read back for a replay, some households at a time, so that memory stays flat."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.codes import Change
from schemas.signal import Facts
from services.router.replay import Occurrence
from services.router.tables import EVENT

CHUNK: Final = 200
"""Households read at once."""

_COLUMNS: Final = tuple(
    EVENT.c[name] for name in ("signal", "event", "revision", "changed_at", "decided_at", "decided", "facts")
)
_COUNTING: Final = EVENT.c.revision.is_not(None)
_OTHER: Final = EVENT.alias("other")


async def sizes(connection: AsyncConnection, since: datetime, until: datetime) -> tuple[int, int]:
    """How many events were decided in that time, and of how many of them the facts are forgotten."""
    within = (*_within(since, until), _COUNTING)
    query = select(func.count(), func.count(EVENT.c.household)).select_from(EVENT).where(*within)
    every, known = (await connection.execute(query)).one()
    return known, every - known


async def groups(connection: AsyncConnection, since: datetime, until: datetime) -> AsyncIterator[list[Occurrence]]:
    """Events that bear on each other, in the order they were decided.

    Of every household with an event in that time: all its events up to `until`, and those of households that a signal
    of it was in before or after. Events that were overtaken decided nothing, and are left out.
    """
    last, ahead = "", set[str]()
    while page := await _page(connection, since, until, last):
        last = page[-1]
        chosen = {household for household in page if household not in ahead}
        linked = await _linked(connection, chosen, until)
        ahead |= linked
        rows = await _events(connection, sorted(chosen | linked), until)
        yield [occurrence(row, since) for row in rows]


async def beside(connection: AsyncConnection, household: str, until: datetime) -> Sequence[Any]:
    """The rows of all that was decided of a household, up to and with that moment, in order; also what was overtaken.

    With those of households that share a signal with it: one may have moved.
    """
    linked = await _linked(connection, {household}, until + timedelta.resolution)
    query = (
        select(EVENT)
        .where(EVENT.c.household.in_(sorted({household} | linked)), EVENT.c.decided_at <= until)
        .order_by(EVENT.c.decided_at, EVENT.c.topic, EVENT.c.partition, EVENT.c.offset)
    )
    return (await connection.execute(query)).all()


async def _page(connection: AsyncConnection, since: datetime, until: datetime, last: str) -> Sequence[str]:
    """Grouped, so that the index by household answers it alone, whatever the database guesses of the period."""
    household, decided_at = EVENT.c.household, EVENT.c.decided_at
    known = select(household).where(household > last, decided_at < until).group_by(household)
    query = known.having(func.max(decided_at) >= since).order_by(household).limit(CHUNK)
    return (await connection.execute(query)).scalars().all()


async def _linked(connection: AsyncConnection, chosen: set[str], until: datetime) -> set[str]:
    """Other households that share a signal with these, and with those: a correction may move a signal."""
    found, fresh = set[str](), chosen
    while fresh:
        among = sorted(chosen | found)
        query = (
            select(_OTHER.c.household)
            .distinct()
            .join_from(EVENT, _OTHER, EVENT.c.signal == _OTHER.c.signal)
            .where(EVENT.c.household.in_(sorted(fresh)), _OTHER.c.household.not_in(among), _OTHER.c.decided_at < until)
        )
        fresh = set((await connection.execute(query)).scalars())
        found |= fresh
    return found


async def _events(connection: AsyncConnection, households: Sequence[str], until: datetime) -> Iterable[Any]:
    query = (
        select(*_COLUMNS)
        .where(EVENT.c.household.in_(households), _COUNTING, EVENT.c.decided_at < until)
        .order_by(EVENT.c.decided_at, EVENT.c.topic, EVENT.c.partition, EVENT.c.offset)
    )
    return await connection.execute(query)


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

"""Reads the log: the newest lines, the lines after one, and all lines about one signal."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, union

from schemas.audit import AuditEntry, Fact
from services.audit import increment
from services.audit.line import Line
from services.audit.tables import ENTRY
from services.audit.tally import Increment
from services.audit.trail import Subject
from services.runtime.database import Database

_MANY: Final = 11
"""More subjects than this need not be told apart."""

_PARKING: Final = frozenset({Fact.RECORD_PARKED, Fact.RECORD_REDRIVEN})
"""Facts whose `event` is the id a record was parked under."""

_LINES: Final = select(ENTRY.c.index, ENTRY.c.body)


class AuditLog:
    """Reads only; any number of them, beside the one writer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def size(self) -> int:
        """How many lines there are: the index of the next one."""
        async with self._database.read() as connection:
            last = (await connection.execute(select(func.max(ENTRY.c.index)))).scalar_one()
        return 0 if last is None else int(last) + 1

    async def after(self, index: int, limit: int, facts: Collection[Fact] = ()) -> list[Line]:
        """The first lines beyond `index`, oldest first; -1 begins at the beginning. `facts`: only these, if any."""
        query = _LINES.where(ENTRY.c.index > index, *_only(facts)).order_by(ENTRY.c.index)
        return await self._lines(query.limit(limit))

    async def newest(self, limit: int, facts: Collection[Fact] = (), *, beyond: int = -1) -> list[Line]:
        """The last lines beyond `beyond`, oldest first."""
        query = _LINES.where(ENTRY.c.index > beyond, *_only(facts)).order_by(ENTRY.c.index.desc())
        return list(reversed(await self._lines(query.limit(limit))))

    async def subjects(self, low: UUID, high: UUID) -> list[Subject]:
        """What the ids from `low` to `high` belong to: of a signal, a referral or an event the signal, else the event.

        A record that was parked is found by the id it was parked under. Of very many only some are told.
        """
        entry = ENTRY.c
        by_id = select(entry.signal).where(entry.signal.between(low, high))
        by_referral = select(entry.signal).where(entry.referral.between(low, high), entry.signal.is_not(None))
        by_event = select(entry.signal).where(entry.event.between(low, high), entry.signal.is_not(None))
        became = select(entry.event).where(entry.event.between(low, high), entry.signal.is_not(None))
        lone = select(entry.event).where(entry.event.between(low, high), entry.event.not_in(became))
        async with self._database.read() as connection:
            signals = (await connection.execute(union(by_id, by_referral, by_event).limit(_MANY))).scalars().all()
            events = (await connection.execute(lone.distinct().limit(_MANY))).scalars().all()
        return [*(Subject(signal) for signal in signals), *(Subject(event, signal=False) for event in events)]

    async def story(self, subject: Subject) -> list[Line]:
        """Every line about it, in order; of a signal also of its records that could not be read, at any stage."""
        if not subject.signal:
            return await self._lines(_LINES.where(ENTRY.c.event == subject.id).order_by(ENTRY.c.index))
        lines = await self._lines(_LINES.where(ENTRY.c.signal == subject.id))
        parkings = {line.entry.event for line in lines if line.entry.fact in _PARKING}
        events = {line.entry.event for line in lines if line.entry.event} - parkings
        parked = select(ENTRY.c.event).where(ENTRY.c.message.in_(events), ENTRY.c.fact == Fact.RECORD_PARKED.value)
        theirs = or_(ENTRY.c.event.in_(parkings), ENTRY.c.event.in_(parked))
        lines += await self._lines(_LINES.where(theirs, ENTRY.c.signal.is_(None)))
        return sorted(lines, key=lambda line: line.index)

    async def counted(self, beyond: int = -1) -> Increment:
        """What the lines beyond one add to a tally, all of the same moment."""
        async with self._database.read() as connection:
            return await increment.beyond(connection, beyond)

    async def _lines(self, query: Select[Any]) -> list[Line]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Line(index, AuditEntry.read(body), body) for index, body in rows]


def _only(facts: Collection[Fact]) -> list[ColumnElement[bool]]:
    return [ENTRY.c.fact.in_([fact.value for fact in facts])] if facts else []

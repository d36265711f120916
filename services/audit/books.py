"""The log as an account: which records have their fact, which signals their decision, which referrals their entry."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from services.audit import redrives
from services.audit.findings import Doubled, Expired, Listed, Shortened, Unaccepted, Undecided, Unledgered
from services.audit.reconcile import Book, Reading
from services.audit.tables import ENTRY
from services.audit.tally import DECISIONS, ENDED, ENTERING
from services.audit.unread import by_corporation, unread, values
from services.runtime.database import Database

MOST: Final = 1000
"""Findings of a kind that are told one by one."""

_C: Final = ENTRY.c
_EARLIER: Final = ENTRY.alias("earlier").c
_ALL: Final = func.count().over()
"""How many rows there are, listed or not."""


class Books:
    """Reads the log only. Every question is answered from an index, in the order of that index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accounted(self, reading: Reading) -> Reading:
        """With what the log tells of the records before the committed offset."""
        each = _offsets(reading).add_columns(func.count().label("facts")).subquery()
        query = select(func.count(), func.coalesce(func.sum(each.c.facts), 0), func.min(each.c.input_offset))
        async with self._database.read() as connection:
            accounted, facts, first = (await connection.execute(query)).one()
        lowest = None if first is None else int(first)
        return replace(reading, accounted=int(accounted), facts=int(facts), first=lowest)

    async def doubled(self, reading: Reading) -> Listed:
        """Records that more than one fact accounts for."""
        query = _offsets(reading).add_columns(func.count(), _ALL).having(func.count() > 1).limit(MOST)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        told = [Doubled(reading.topic, reading.partition, int(offset), int(facts)) for offset, facts, _ in rows]
        return Listed(told, _more(rows))

    async def expired(self, reading: Reading) -> Listed:
        """Records that a stage says Kafka deleted before it had read them."""
        query = select(_C.input_offset, _C.count, _ALL).where(*_of(reading), _C.fact == Fact.RECORD_EXPIRED.value)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(_C.input_offset).limit(MOST))).all()
        told = [Expired(reading.topic, reading.partition, int(at), int(at + count) - 1) for at, count, _ in rows]
        return Listed(told, _more(rows))

    async def shortened(self, reading: Reading, known: int) -> list[Shortened]:
        """Where one of the first `known` lines accounts for a record at or past the end of its topic."""
        of = _of(reading) if reading.exists else _of(reading)[:1]
        query = select(_C.input_partition, func.max(_C.input_offset)).where(*of, _C.input_offset >= reading.end)
        query = query.where(_C.index < known).group_by(_C.input_partition)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Shortened(reading.topic, int(partition), int(last), reading.end) for partition, last in rows]

    async def offsets(self, reading: Reading, after: int, most: int) -> list[int]:
        """The next offsets, in order, that a fact accounts for."""
        query = _offsets(reading).where(_C.input_offset > after).limit(most)
        async with self._database.read() as connection:
            return [int(offset) for offset in (await connection.execute(query)).scalars()]

    async def undecided(self, known: int) -> Listed:
        """Events of the first `known` lines that were accepted and not decided or, first, the other way round.

        Those that the router parked wait for a person: in one statement, as a redrive may come at any moment.
        """
        accepted = _sum(_C.fact == Fact.SIGNAL_ACCEPTED.value)
        ended = _sum(_C.fact.in_(values(ENDED)))
        not_parked = _C.event.not_in(select(unread(Stage.ROUTER).subquery().c.message))
        uneven = (
            select(_C.event, accepted.label("accepted"))
            .where(_C.event.is_not(None), _C.fact.in_(values(ENDED | {Fact.SIGNAL_ACCEPTED})))
            .group_by(_C.event)
            .having(or_(and_(accepted > 0, ended == 0, not_parked), and_(accepted == 0, ended > 0)))
            .subquery()
            .c
        )
        told = exists().where(_EARLIER.event == uneven.event, _EARLIER.index < known)
        query = select(uneven.event, uneven.accepted, _ALL).where(told).order_by(uneven.accepted, uneven.event)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.limit(MOST))).all()
            wanted = [event for event, count, _ in rows if count]
            came = _told(_C.event, wanted, [Fact.SIGNAL_ACCEPTED])
            inputs = await _inputs(connection, came, redrives.of_events(wanted)) if wanted else {}
        found = [Undecided(event, inputs.get(event, ())) if count else Unaccepted(event) for event, count, _ in rows]
        return Listed(found, _more(rows))

    async def unledgered(self, known: int) -> Listed:
        """Signals of which another number of referrals was decided than came into the ledger or was parked unread.

        Those of which the first `known` lines tell.
        """
        decided = func.coalesce(func.sum(case((_C.fact.in_(values(DECISIONS)), _C.count), else_=0)), 0)
        entered = _sum(and_(_C.fact.in_(values(ENTERING)), _C.before.is_(None)))
        each = select(_C.signal, decided.label("decided"), entered.label("entered")).where(_C.signal.is_not(None))
        uneven = each.group_by(_C.signal).having(decided != entered).subquery().c
        waiting = unread(Stage.NOTIFY).subquery().c
        parked = select(func.count(waiting.message.distinct())).where(waiting.signal == uneven.signal).scalar_subquery()
        told = exists().where(_EARLIER.signal == uneven.signal, _EARLIER.index < known)
        query = (
            select(uneven.signal, uneven.decided, uneven.entered, parked.label("parked"), _ALL)
            .where(uneven.decided != uneven.entered + parked, told)
            .limit(MOST)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
            wanted = [row[0] for row in rows]
            followed = _told(_C.signal, wanted, DECISIONS)
            inputs = await _inputs(connection, followed, redrives.of_signals(wanted)) if wanted else {}
        found = [
            Unledgered(signal, int(came), int(went), inputs.get(signal, ()), unread=int(parked))
            for signal, came, went, parked, _ in rows
        ]
        return Listed(found, _more(rows))

    async def states(self, low: UUID, high: UUID) -> dict[UUID, DeliveryState]:
        """The last state the log tells of every referral whose id lies between."""
        following = func.lead(_C.referral).over(order_by=(_C.referral, _C.index))
        told = (
            select(_C.referral, _C.after, following.label("next"))
            .where(_C.referral.between(low, high), _C.after.is_not(None))
            .subquery()
        )
        last = select(told.c.referral, told.c.after).where(or_(told.c.next.is_(None), told.c.next != told.c.referral))
        async with self._database.read() as connection:
            return {referral: DeliveryState(after) for referral, after in await connection.execute(last)}

    async def size(self) -> int:
        """How many lines the log has."""
        async with self._database.read() as connection:
            last = (await connection.execute(select(func.max(_C.index)))).scalar_one()
        return 0 if last is None else int(last) + 1

    async def parked(self) -> Counter[str]:
        """How many records of each stage wait, parked, for a person: those that were redriven do no longer."""
        redriven = select(_C.event).where(_C.fact == Fact.RECORD_REDRIVEN.value, _C.event.is_not(None))
        query = (
            select(_C.stage, func.count())
            .where(_C.fact == Fact.RECORD_PARKED.value, _C.event.not_in(redriven))
            .group_by(_C.stage)
        )
        async with self._database.read() as connection:
            return Counter({stage: int(count) for stage, count in await connection.execute(query)})

    async def book(self) -> dict[str, Book]:
        """The counts of every corporation; the states are the ledger's to tell."""
        books: dict[str, Book] = {}
        events = select(_C.event, _C.corporation).where(_C.event.is_not(None), _C.fact == Fact.SIGNAL_ACCEPTED.value)
        each = events.distinct().subquery()
        accepted = select(each.c.corporation, func.count()).group_by(each.c.corporation)
        decided = and_(_C.stage == Stage.ROUTER.value, _C.fact.in_(values(ENDED)))
        # An event that came back alike after another one was decided each time: it counts as often.
        again = select(_C.corporation, func.count() - func.count(_C.event.distinct())).where(decided)
        again = again.group_by(_C.corporation)
        facts = (
            select(_C.corporation, _C.fact, func.count(), func.coalesce(func.sum(_C.count), 0), _sum(_C.count == 0))
            .where(decided)
            .group_by(_C.corporation, _C.fact)
        )
        async with self._database.read() as connection:
            for corporation, count in await connection.execute(accepted):
                books.setdefault(corporation or "", Book()).accepted = int(count)
            for corporation, count in await connection.execute(again):
                books.setdefault(corporation or "", Book()).accepted += int(count)
            for corporation, fact, lines, total, none in await connection.execute(facts):
                _enter(books.setdefault(corporation or "", Book()), Fact(fact), int(lines), int(total), int(none))
            for corporation, count in await connection.execute(by_corporation(Stage.ROUTER)):
                books.setdefault(corporation or "", Book()).router_parked = int(count)
            for corporation, count in await connection.execute(by_corporation(Stage.NOTIFY)):
                books.setdefault(corporation or "", Book()).notify_parked = int(count)
        return books


def _enter(book: Book, fact: Fact, lines: int, total: int, none: int) -> None:
    book.referrals += total
    if fact is Fact.SIGNAL_DECIDED:
        book.decided += lines
        book.recorded_only += none
    elif fact is Fact.SIGNAL_WITHDRAWN:
        book.withdrawn += lines
    else:
        book.overtaken += lines


def _more(rows: Sequence[Row[Any]]) -> int:
    return int(rows[0][-1]) - len(rows) if rows else 0


def _offsets(reading: Reading) -> Select[Any]:
    """Every offset before the committed one that a fact accounts for, once, in order."""
    return (
        select(_C.input_offset)
        .where(*_of(reading), _C.input_offset < reading.read, _C.fact != Fact.RECORD_EXPIRED.value)
        .group_by(_C.input_offset)
        .order_by(_C.input_offset)
    )


def _of(reading: Reading) -> tuple[ColumnElement[bool], ...]:
    return _C.input_topic == reading.topic, _C.input_partition == reading.partition


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _told(owner: ColumnElement[Any], wanted: Sequence[UUID], facts: Iterable[Fact]) -> Select[Any]:
    """The records that these facts about them account for."""
    query = select(owner, _C.input_topic, _C.input_partition, _C.input_offset)
    return query.where(owner.in_(wanted), _C.fact.in_(values(facts)), _C.input_topic.is_not(None)).order_by(_C.index)


async def _inputs(
    connection: AsyncConnection, *queries: Select[Any] | CompoundSelect[Any]
) -> dict[UUID, tuple[Coordinates, ...]]:
    """By owner, every record that something about it follows from."""
    inputs: dict[UUID, tuple[Coordinates, ...]] = {}
    for query in queries:
        for owner, topic, partition, offset in await connection.execute(query):
            at = Coordinates(topic=topic, partition=partition, offset=int(offset))
            inputs[owner] = (*inputs.get(owner, ()), at)
    return inputs

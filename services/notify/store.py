"""The ledger in SQL. Every function works inside a transaction of its caller: what belongs together commits as one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, false, insert, or_, select, update
from sqlalchemy import case as whichever
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import state_counts
from services.notify.line import Line
from services.notify.selection import EVERYTHING, Mark, Selection, mark_of
from services.notify.tables import ATTEMPT, DELIVERY, PENDING, WAITS
from services.runtime.bulk import Columns, Question, Row, Rows, many, one_of

NAMES: Final = tuple(field.name for field in fields(Line) if field.name not in {"stood", "row"})
COLUMNS: Final = tuple(DELIVERY.c[name] for name in NAMES)
"""All of a line; its content is read only where it is sent."""

_COLUMNS: Final = Columns(COLUMNS)

CHUNK: Final = 1000
"""Ids in one statement, below SQLite's bound on parameters."""

_CHANGING: Final = (
    "partner", "kind", "chosen", "legal_basis", "deadline", "rank", "state", "reason", "attempts", "rung", "queued_at",
    "due_at", "lease_until", "moves", "uncertain", "overdue", "told", "changed_at", "lost", "blamed",
    "decided",
)  # fmt: skip
_CHANGE: Final = Rows(
    update(DELIVERY)
    .where(DELIVERY.c.referral == bindparam("b_referral"))
    .values({name: bindparam(f"b_{name}") for name in _CHANGING}),
    ["b_referral", *(f"b_{name}" for name in _CHANGING)],
)
_NEW: Final = Rows(insert(DELIVERY), [*NAMES, "content"])
_changing: Final = attrgetter("referral", *_CHANGING)
_all_of: Final = attrgetter(*NAMES)


async def cases(connection: AsyncConnection, signals: Iterable[UUID]) -> dict[UUID, list[Line]]:
    """Every line of these signals, locked until the transaction ends, so that nothing moves in their lanes."""
    wanted = sorted(set(signals))
    found: dict[UUID, list[Line]] = {signal: [] for signal in wanted}
    for start in range(0, len(wanted), CHUNK):
        for line in await _locked(connection, DELIVERY.c.signal, wanted[start : start + CHUNK]):
            found[line.signal].append(line)
    return found


async def case(connection: AsyncConnection, signal: UUID) -> list[Line]:
    """Every line of this signal as it is now, not locked."""
    return await together(connection, [signal])


async def together(connection: AsyncConnection, signals: Collection[UUID]) -> list[Line]:
    """Every line of these signals as it is now, not locked."""
    query = select(*COLUMNS).where(DELIVERY.c.signal.in_(sorted(signals)))
    return [Line.of(row) for row in await connection.execute(query)]


async def tried(connection: AsyncConnection, signal: UUID) -> set[str]:
    """Every partner to which anything of this signal was ever sent, whoever it goes to now."""
    query = select(ATTEMPT.c.partner).join(DELIVERY, DELIVERY.c.referral == ATTEMPT.c.referral)
    return set((await connection.execute(query.where(DELIVERY.c.signal == signal).distinct())).scalars())


async def sent(connection: AsyncConnection, referrals: Collection[UUID], partner: str) -> dict[UUID, str]:
    """Of these, what was sent to that partner, so that it may have read it: the outcome of the last attempt there."""
    read = or_(ATTEMPT.c.outcome == "unknown", ATTEMPT.c.status.is_not(None))
    query = select(ATTEMPT.c.referral, ATTEMPT.c.outcome).where(ATTEMPT.c.referral.in_(sorted(referrals)), read)
    rows = await connection.execute(query.where(ATTEMPT.c.partner == partner).order_by(ATTEMPT.c.attempt))
    return {row.referral: row.outcome for row in rows}


def _standing(dialect: Dialect) -> Select[Any]:
    about = select(DELIVERY.c.signal).where(one_of(dialect, DELIVERY.c.referral, "referrals"))
    return _in_order(DELIVERY.c.signal.in_(about))


_STANDING: Final = Question(_standing)


async def standing(
    connection: AsyncConnection, referrals: Collection[UUID], read: Iterable[Line] = ()
) -> dict[UUID, Line]:
    """These lines, locked until the transaction ends, and with them all others of their cases.

    What happens to one may move what stands behind it. To lock that later would be a second order, and a circle.
    `read`: lines as they were read before: what still stands so is not made again.
    """
    wanted, dialect = set(referrals), connection.dialect
    given = many(dialect, DELIVERY.c.referral, sorted(wanted))
    rows = await _STANDING.of(connection, referrals=given)
    same = {line.row: line for line in read if line.row is not None}
    lines = [same[row] for row in rows if row in same]
    lines += lines_of(dialect, [row for row in rows if row not in same])
    return {line.referral: line for line in lines if line.referral in wanted}


def lines_of(dialect: Dialect, rows: Sequence[Row]) -> list[Line]:
    """Of rows as the driver gives them, which begin with `COLUMNS`."""
    given = [row[: len(COLUMNS)] for row in rows]
    return [Line.of(values, row) for values, row in zip(_COLUMNS.read(dialect, given), given, strict=True)]


async def named(connection: AsyncConnection, referrals: Collection[UUID]) -> dict[UUID, Line]:
    """These lines as they stand, for telling of them; nothing is locked."""
    query = select(*COLUMNS).where(DELIVERY.c.referral.in_(sorted(referrals)))
    rows = await connection.execute(query) if referrals else ()
    return {row.referral: Line.of(row) for row in rows}


async def content(connection: AsyncConnection, referral: UUID) -> bytes:
    """The referral's own bytes, particulars sealed."""
    query = select(DELIVERY.c.content).where(DELIVERY.c.referral == referral)
    return bytes((await connection.execute(query)).scalar_one())


async def add(connection: AsyncConnection, entered: Iterable[tuple[Line, bytes]]) -> None:
    """New lines, each with its content."""
    new = list(entered)
    if new:
        await _NEW.write(connection, [(*_all_of(line), content) for line, content in new])
        await state_counts.counted(connection, (line for line, _ in new))


async def change(connection: AsyncConnection, lines: Iterable[Line]) -> None:
    """What became of these lines; the caller holds their locks."""
    changed = sorted(lines, key=lambda line: line.referral)
    if changed:
        await _CHANGE.write(connection, [_changing(line) for line in changed])
        await state_counts.counted(connection, changed)


async def waiting(connection: AsyncConnection, signals: Collection[UUID]) -> list[UUID]:
    """Those of these signals in which something stands behind something else: pending, or before a person.

    A CASE, as there is no index by what is in it: of many signals SQLite would read all that is pending instead.
    """
    behind = whichever((PENDING, DELIVERY.c.due_at.is_(None)), (WAITS, DELIVERY.c.revision > 1), else_=false())
    query = select(DELIVERY.c.signal).where(DELIVERY.c.signal.in_(signals), behind)
    return list((await connection.execute(query.distinct())).scalars())


async def listed(
    connection: AsyncConnection, choice: Selection = EVERYTHING, *, most: int = 100, after: Mark | None = None
) -> list[Line]:
    """Lines for people to look at, the latest change first, on from `after`."""
    found: list[Line] = []
    for state in choice.states:
        found += map(Line.of, await connection.execute(choice.latest(COLUMNS, state, most, after)))
    return sorted(found, key=mark_of, reverse=True)[:most]


async def between(connection: AsyncConnection, first: UUID, last: UUID) -> list[Line]:
    """Two at most of the lines with such ids: enough to know whether there is exactly one."""
    query = select(*COLUMNS).where(DELIVERY.c.referral.between(first, last)).limit(2)
    return [Line.of(row) for row in await connection.execute(query)]


async def _locked(connection: AsyncConnection, column: Any, values: Sequence[UUID] | Select[tuple[UUID]]) -> list[Line]:
    """In one order, so that two transactions wait for each other in turn and never in a circle."""
    return [Line.of(row) for row in await connection.execute(_in_order(column.in_(values)))]


def _in_order(those: ColumnElement[bool]) -> Select[Any]:
    return select(*COLUMNS).where(those).order_by(DELIVERY.c.referral).with_for_update()

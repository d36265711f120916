"""CALLS: the call book. A call is opened inside the transaction of what made it necessary, and opens once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.call import CallReason
from services.notify import outbox
from services.notify.call_tables import CALL, OPEN
from services.notify.calling import Needed
from services.notify.facts import fact
from services.notify.line import Line
from services.runtime.database import insert_ignore


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of the book; what each field means is told in `call_tables.py`."""

    id: UUID
    referral: UUID
    signal: UUID
    why: CallReason
    opened_at: datetime
    due_at: datetime
    overdue: bool = False
    assigned_to: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    outcome: str | None = None

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row with these columns, perhaps with more."""
        return cls(**{name: getattr(row, name) for name in NAMES} | {"why": CallReason(row.why)})


NAMES: Final = tuple(field.name for field in fields(Entry))
COLUMNS: Final = tuple(CALL.c[name] for name in NAMES)

LATE: Final = timedelta(hours=1)
"""A call that is late by more than that is very late."""

_UNTOLD: Final = (OPEN, CALL.c.overdue.is_(False))
_LATE: Final = (
    select(*COLUMNS)
    .where(*_UNTOLD, CALL.c.due_at <= bindparam("now"))
    .order_by(CALL.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


async def open_call(connection: AsyncConnection, line: Line, why: CallReason, due_at: datetime, at: datetime) -> bool:
    """Open it with its fact, in the caller's transaction; returns whether it was not in the book yet.

    A line that is new must stand in the ledger first. A call that was opened before, also one that is done, stays as
    it is.
    """
    return await open_calls(connection, [Needed(line, why, due_at)], at) == 1


async def open_calls(connection: AsyncConnection, needed: Iterable[Needed], at: datetime) -> int:
    """Open those that are not in the book; returns how many that was."""
    opened = [each for each in needed if await _new(connection, each, at)]
    await outbox.put(
        connection,
        [fact(each.line, Fact.CALL_OPENED, at, cause=each.id, reason=each.why, due_at=each.due_at) for each in opened],
    )
    return len(opened)


async def entry(connection: AsyncConnection, call: UUID) -> Entry | None:
    """This call, locked until the transaction ends."""
    row = (await connection.execute(select(*COLUMNS).where(CALL.c.id == call).with_for_update())).one_or_none()
    return None if row is None else Entry.of(row)


async def close(connection: AsyncConnection, call: UUID, by: str, outcome: str, at: datetime) -> None:
    """Somebody telephoned; the caller holds its lock."""
    done = update(CALL).where(CALL.c.id == call).values(done_at=at, done_by=by, outcome=outcome)
    await connection.execute(done)


async def next_due(connection: AsyncConnection) -> datetime | None:
    """By when the next call must be made, of those that were not said to be late."""
    found: datetime | None = (await connection.execute(select(func.min(CALL.c.due_at)).where(*_UNTOLD))).scalar()
    return found


async def late(connection: AsyncConnection, now: datetime, most: int) -> Sequence[Entry]:
    """Calls that nobody made in time and nobody was told of, locked until the transaction ends."""
    return [Entry.of(row) for row in await connection.execute(_LATE, {"now": now, "most": most})]


async def told_late(connection: AsyncConnection, call: UUID, assigned_to: str | None) -> None:
    """It was said, and it is that person's from now on; the caller holds its lock."""
    await connection.execute(update(CALL).where(CALL.c.id == call).values(overdue=True, assigned_to=assigned_to))


async def ages(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """How many calls are still to be made in their time, should have been made within the last hour, or before it."""
    late = now - LATE
    of = {
        "in-time": CALL.c.due_at > now,
        "late": (CALL.c.due_at <= now) & (CALL.c.due_at > late),
        "very-late": CALL.c.due_at <= late,
    }
    counts = [select(func.count()).where(OPEN, when).scalar_subquery() for when in of.values()]
    return dict(zip(of, (await connection.execute(select(*counts))).one(), strict=True))


async def _new(connection: AsyncConnection, needed: Needed, at: datetime) -> bool:
    row = {
        "id": needed.id,
        "referral": needed.line.referral,
        "signal": needed.line.signal,
        "why": needed.why,
        "opened_at": at,
        "due_at": needed.due_at,
        "overdue": False,
    }
    entered = insert_ignore(CALL).values([row]).returning(CALL.c.id)
    return (await connection.execute(entered)).scalar() is not None

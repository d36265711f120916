"""CALLS: the call book in SQL. Every function works in a transaction of its caller."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.call import CallReason
from services.notify.call_tables import CALL, OPEN
from services.notify.early_tables import EARLY
from services.runtime.bulk import counts


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
    .where(*_UNTOLD, CALL.c.due_at <= bindparam("now"), ~exists().where(EARLY.c.target == CALL.c.id))
    .order_by(CALL.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


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
    return await counts(connection, {name: select(CALL.c.id).where(OPEN, when) for name, when in of.items()})

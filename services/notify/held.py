"""HELD: whose question each held referral is, in SQL, inside a transaction of the caller."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.escalation import Waiting
from services.notify.held_tables import HELD
from services.notify.line import Line
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, WAITS
from services.runtime.database import insert_ignore

_CHANGE: Final = (
    update(HELD)
    .where(HELD.c.referral == bindparam("b_referral"))
    .values(assigned_to=bindparam("b_assigned_to"), step=bindparam("b_step"), next_at=bindparam("b_next_at"))
)
_DUE: Final = HELD.c.next_at <= bindparam("now")
_LATE: Final = (
    select(*COLUMNS)
    .join(HELD, HELD.c.referral == DELIVERY.c.referral)
    .where(_DUE, WAITS)
    .order_by(DELIVERY.c.referral)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=DELIVERY)
)
_DECIDED: Final = (
    update(HELD).where(_DUE, HELD.c.referral.not_in(select(DELIVERY.c.referral).where(WAITS))).values(next_at=None)
)


async def waiting(connection: AsyncConnection, referrals: Collection[UUID]) -> dict[UUID, Waiting]:
    """Of those that somebody was given, or that were put before somebody; the caller holds the locks of their lines."""
    query = select(HELD).where(HELD.c.referral.in_(sorted(referrals)))
    rows = await connection.execute(query) if referrals else ()
    return {row.referral: Waiting(row.assigned_to, row.step, row.next_at) for row in rows}


async def put(connection: AsyncConnection, referral: UUID, after: Waiting) -> None:
    """How it stands now."""
    row = {"referral": referral, **asdict(after)}
    await connection.execute(insert_ignore(HELD), [row])
    await connection.execute(_CHANGE, {f"b_{name}": value for name, value in row.items()})


async def passed_on(connection: AsyncConnection, questions: Mapping[UUID, UUID]) -> None:
    """Who was asked, and the clock, go over from each question to the one in its place, unless that has its own."""
    standing = await waiting(connection, {*questions, *questions.values()})
    for asked, by in questions.items():
        if asked in standing and by not in standing:
            await put(connection, by, standing[asked])


async def asked_anew(connection: AsyncConnection, referrals: Collection[UUID]) -> None:
    """Another question begins about them: it is the first person's, whoever had the one before."""
    if referrals:
        await connection.execute(delete(HELD).where(HELD.c.referral.in_(sorted(referrals))))


async def next_at(connection: AsyncConnection) -> datetime | None:
    """When the next one is put before somebody else."""
    found: datetime | None = (await connection.execute(select(func.min(HELD.c.next_at)))).scalar()
    return found


async def late(connection: AsyncConnection, now: datetime, most: int) -> Sequence[Line]:
    """Lines that are still held when their person's time has passed, locked; the clock of decided ones is stopped."""
    await connection.execute(_DECIDED, {"now": now})
    return [Line.of(row) for row in await connection.execute(_LATE, {"now": now, "most": most})]


async def escalated(connection: AsyncConnection) -> int:
    """How many wait before another person than the first, as nobody decided in time."""
    query = select(func.count()).join_from(HELD, DELIVERY).where(WAITS, HELD.c.step > 0)
    found: int = (await connection.execute(query)).scalar_one()
    return found

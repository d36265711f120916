"""LETTING GO: what was parked since its partner could not have it goes back once it can, a slice at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import TextClause, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from services.notify import moves, outbox, store
from services.notify.conclusion import settled
from services.notify.facts import Tells
from services.notify.line import Line
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, PENDING

SLICE: Final = 200
"""Lines in one transaction, and how many may wait for a partner before more go back."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """How many went; `done` when nothing is left to go."""

    lines: int
    done: bool


async def to_go_back(connection: AsyncConnection, partner: str, most: int, which: TextClause) -> list[Line]:
    """The longest waiting of those, locked. `which` is `tables.BACK` or `tables.UNPROVEN`."""
    query = (
        select(*COLUMNS)
        .where(which, DELIVERY.c.partner == partner)
        .order_by(DELIVERY.c.queued_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [Line.of(row) for row in await connection.execute(query)]


async def waiting(connection: AsyncConnection, partner: str, most: int) -> list[Line]:
    """What waits for it and is not on its way; locked."""
    query = (
        select(*COLUMNS)
        .where(PENDING, DELIVERY.c.partner == partner, DELIVERY.c.lease_until.is_(None))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [Line.of(row) for row in await connection.execute(query)]


async def let_go(
    connection: AsyncConnection, partner: str, which: TextClause, *, at: datetime, tells: Tells, reason: str
) -> LetGo:
    """As many as are not waiting already; the partner's rate holds for them as for all."""
    room = SLICE - len(await waiting(connection, partner, SLICE))
    if room <= 0:
        return LetGo(0, done=False)
    lines = await to_go_back(connection, partner, room, which)
    # The fact follows from this one parking and its end, so it is told once.
    moved = [
        moves.released(line, at, cause=ids.derived(line.referral, line.reason, line.moves), reason=reason)
        for line in lines
    ]
    await store.change(connection, (each.line for each in moved))
    follows = await settled(connection, [each.line for each in moved], tells)
    await outbox.put(connection, [output for each in (*moved, *follows) for output in each.outputs])
    return LetGo(len(lines), done=not lines)

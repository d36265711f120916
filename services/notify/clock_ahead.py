"""CLOCK AHEAD: what a clock that ran ahead left in the ledger, brought back to the time that is right now.

Left alone it would be due, late, or put before the next person only when that day has come. What was due before is not
touched, and neither is what is under way. Every function works in a transaction of its caller.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.codes import Urgency
from schemas.delivery import DeliveryState
from services.notify import held, store
from services.notify.call_tables import CALL
from services.notify.call_tables import OPEN as TO_BE_MADE
from services.notify.calling import urgency_of
from services.notify.escalation import AGAIN
from services.notify.held_tables import HELD
from services.notify.line import Line
from services.notify.progress_store import AHEAD
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, OPEN, WAITS

MOST: Final = 500
"""Of each kind in one transaction; the rest follows."""


async def heal(connection: AsyncConnection, now: datetime) -> int:
    """Referrals first, as whoever else locks both does; returns how much there was."""
    return await _lines(connection, now) + await _questions(connection, now) + await _calls(connection, now)


async def _lines(connection: AsyncConnection, now: datetime) -> int:
    waits = (OPEN, DELIVERY.c.changed_at > now + AHEAD, DELIVERY.c.lease_until.is_(None))
    found = await _locked(connection, select(*COLUMNS).where(*waits))
    await store.change(connection, (line_at(line, now) for line in found))
    return len(found)


def line_at(line: Line, now: datetime) -> Line:
    """What waits is due at once, and its deadline as far from now as it was from when it was set."""
    since = line.changed_at if line.state is DeliveryState.HELD else line.queued_at
    shifts = since > now + AHEAD and line.deadline > since
    return line.but(
        due_at=None if line.due_at is None else min(line.due_at, now),
        deadline=now + (line.deadline - since) if shifts else line.deadline,
        queued_at=min(line.queued_at, now),
        changed_at=min(line.changed_at, now),
    )


async def _questions(connection: AsyncConnection, now: datetime) -> int:
    """Each next person has no more time than is theirs."""
    far = [
        and_(DELIVERY.c.rank == rank, HELD.c.next_at > now + AGAIN[urgency] + AHEAD)
        for rank, urgency in enumerate(Urgency)
    ]
    soonest = HELD.c.next_at > now + min(AGAIN.values()) + AHEAD
    query = select(*COLUMNS).join(HELD, HELD.c.referral == DELIVERY.c.referral).where(soonest, WAITS, or_(*far))
    lines = await _locked(connection, query)
    standing = await held.waiting(connection, [line.referral for line in lines])
    for line in lines:
        again = now + AGAIN[urgency_of(line)]
        await held.put(connection, line.referral, replace(standing[line.referral], next_at=again))
    return len(lines)


async def _calls(connection: AsyncConnection, now: datetime) -> int:
    """To be made as soon after now as they were to be made after they were opened."""
    ahead = now + AHEAD
    query = (
        select(CALL.c.id, CALL.c.opened_at, CALL.c.due_at)
        .where(TO_BE_MADE, CALL.c.due_at > ahead, CALL.c.opened_at > ahead)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    found = (await connection.execute(query)).all()
    for row in found:
        due_at = now + (row.due_at - row.opened_at)
        await connection.execute(update(CALL).where(CALL.c.id == row.id).values(opened_at=now, due_at=due_at))
    return len(found)


async def _locked(connection: AsyncConnection, query: Any) -> Sequence[Line]:
    """In no order, as an index has them: what somebody else has in hand is passed over, so nobody waits in a circle."""
    query = query.limit(MOST).with_for_update(skip_locked=True, of=DELIVERY)
    return [Line.of(row) for row in await connection.execute(query)]

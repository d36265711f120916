"""SUSPECTS: what was in hand each time when its sender died goes alone, and is parked when that kills the sender again.

A process may die for a hundred reasons while it sends something, and each of them would be tried without end. So blame
must be certain. Twice in hand makes a suspect and nothing more. Then it counts only when a process died of which this
was the one thing begun, three times in a row, with no other death between and no attempt that ended in order.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, insert, literal, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import claims, store
from services.notify.claims import Queue
from services.notify.conclusion import Conclusion, conclude
from services.notify.directory import Directory
from services.notify.instance_runs import DIED, RUN
from services.notify.line import Line
from services.notify.presence import FORGOTTEN, INSTANCE
from services.notify.retry import Park
from services.notify.tables import DELIVERY, PENDING, SUSPECT
from services.runtime.log import get_logger

log = get_logger(__name__)

KILLS_ITS_SENDER: Final = "kills-its-sender"
"""Why it is parked: three processes died of sending this alone."""

DEATHS: Final = 3

WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (0, 5, 30, 120, 900, 3_600))
"""Before it is tried again, by how many leases of it were lost before this one. A process that dies of something else
dies meanwhile, too.
"""


async def began(connection: AsyncConnection, owner: str, directory: Directory, now: datetime) -> int:
    """At the start of an instance, before anything is claimed: what the end of its last run says of referrals.

    A run that ended in order says nothing. One that died while it had begun this one alone is counted against that
    one; after `DEATHS` of them it is parked. Any other death shows that processes die of something else: whatever was
    counted begins anew. Returns how many lines the last run left leased; a namesake that runs finds its own fenced.
    """
    last = (await connection.execute(select(RUN).where(RUN.c.instance == owner))).one_or_none()
    await connection.execute(delete(RUN).where(RUN.c.instance == owner))
    there = select(INSTANCE.c.instance)
    await connection.execute(delete(RUN).where(RUN.c.began_at < now - FORGOTTEN, RUN.c.instance.not_in(there)))
    await connection.execute(insert(RUN), [{"instance": owner, "began_at": now, "alone": None}])
    if last is None:
        return await _left_in_order(connection, owner, now)
    if last.alone is None or not await _blamed(connection, last.alone, owner, directory, now):
        await connection.execute(update(DELIVERY).where(PENDING, SUSPECT, DELIVERY.c.blamed > 0).values(blamed=0))
    again = await put_off(connection, DELIVERY.c.leased_by == owner, now)
    return again + await claims.abandoned(connection, owner, now)


async def due(connection: AsyncConnection, partners: Collection[str], now: datetime) -> tuple[Queue, Line] | None:
    """The one to be tried first, of those for whose partners there is a place: the least suspect.

    Under a lease: it is over, and whoever held it did not come back to it. It must be put off first.
    """
    query = (
        select(*store.COLUMNS)
        .where(PENDING, SUSPECT, DELIVERY.c.due_at <= now, DELIVERY.c.partner.in_(sorted(partners)))
        .order_by(
            DELIVERY.c.lease_until.is_(None), DELIVERY.c.blamed, DELIVERY.c.lost, DELIVERY.c.rank, DELIVERY.c.due_at
        )
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else ((row.partner, row.rank), Line.of(row))


async def put_off(connection: AsyncConnection, whose: ColumnElement[bool], now: datetime) -> int:
    """These were lost once more: each waits, and longer each time. What was lost for the first time goes on at once.

    So does what was left by a run that ended in order: it was not lost.
    """
    at = DELIVERY.c.due_at.type
    waits, longest = {lost: literal(now + wait, at) for lost, wait in enumerate(WAITS)}, literal(now + WAITS[-1], at)
    again = update(DELIVERY).where(PENDING, SUSPECT, DELIVERY.c.lease_until.is_not(None), whose)
    values = {
        "due_at": case((not_(DIED), literal(now, at)), else_=case(waits, value=DELIVERY.c.lost, else_=longest)),
        "lost": DELIVERY.c.lost + case((DIED, 1), else_=0),
        "lease_until": None,
        "uncertain": True,
    }
    return (await connection.execute(again.values(values))).rowcount


async def _left_in_order(connection: AsyncConnection, owner: str, now: datetime) -> int:
    """What a run that ended in order was still sending is due, and nothing is held against it."""
    left = update(DELIVERY).where(PENDING, DELIVERY.c.lease_until.is_not(None), DELIVERY.c.leased_by == owner)
    return (await connection.execute(left.values(due_at=now, lease_until=None, uncertain=True))).rowcount


async def _blamed(connection: AsyncConnection, referral: UUID, owner: str, directory: Directory, now: datetime) -> bool:
    """Whether it was in hand when the run died; then that is counted, and it is parked when it was once too often."""
    line = (await store.standing(connection, [referral])).get(referral)
    holder = select(DELIVERY.c.leased_by).where(DELIVERY.c.referral == referral)
    if line is None or not line.in_flight or line.final or (await connection.execute(holder)).scalar() != owner:
        return False
    deaths = line.blamed + 1
    log.error("notify.sender_died", referral=str(referral), count=deaths)
    if deaths < DEATHS:
        await store.change(connection, [line.but(blamed=deaths)])
    else:
        await conclude(connection, [Conclusion(line, Park(KILLS_ITS_SENDER), now, uncertain=True)], directory)
    return True

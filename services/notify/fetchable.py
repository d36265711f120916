"""FETCHABLE: what lies ready for one partner, without content: which, since when, by when, how often it was fetched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import DeliveryState
from services.notify.fetch_tables import FETCH
from services.notify.fetching import Current, collecting
from services.notify.lanes import lanes
from services.notify.line import Line
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY

MOST: Final = 500
"""Lines in one answer; what waits longest stands first."""


@dataclass(frozen=True, slots=True)
class Item:
    """One referral that can be fetched. `fetched` counts how often its current revision was."""

    referral: UUID
    revision: int
    waits: bool
    since: datetime
    deadline: datetime
    fetched: int


async def items(connection: AsyncConnection, partner: str, *, waiting: bool) -> list[Item]:
    """For this partner: those that nobody came for yet, or all that were not taken back."""
    shown = (DeliveryState.PENDING, DeliveryState.PARKED) + (() if waiting else (DeliveryState.DELIVERED,))
    mine = and_(DELIVERY.c.partner == partner, DELIVERY.c.state.in_(shown))
    some = select(DELIVERY.c.signal).where(mine).group_by(DELIVERY.c.signal).order_by(func.min(DELIVERY.c.queued_at))
    signals = list((await connection.execute(some.limit(MOST))).scalars())
    rows = await connection.execute(select(*COLUMNS).where(DELIVERY.c.signal.in_(signals)))
    found = [collecting(lane, partner) for lane in lanes(Line.of(row) for row in rows)]
    lines = [each.line for each in found if isinstance(each, Current) and not (waiting and each.line.final)]
    counts = await _counts(connection, [line.referral for line in lines])
    listed = [_item(line, counts.get(line.referral, 0)) for line in lines]
    return sorted(listed, key=lambda item: (not item.waits, item.since, item.referral))


async def _counts(connection: AsyncConnection, referrals: list[UUID]) -> dict[UUID, int]:
    query = select(FETCH.c.referral, func.count()).where(FETCH.c.referral.in_(referrals)).group_by(FETCH.c.referral)
    return {referral: count for referral, count in await connection.execute(query)}  # noqa: C416  rows, not pairs


def _item(line: Line, fetched: int) -> Item:
    return Item(line.referral, line.revision, not line.final, line.queued_at, line.deadline, fetched)

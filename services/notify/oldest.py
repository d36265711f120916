"""OLDEST: since when the longest waiting of each partner and state waits; each is the first of an index."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import String, column, func, select, values
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import FINAL, DeliveryState
from services.notify.tables import DELIVERY, OPEN

OPEN_STATES: Final = tuple(state for state in DeliveryState if state not in FINAL)

Oldest = dict[tuple[str | None, DeliveryState], datetime]
"""By partner and state; where nothing waits there is none."""


async def oldest(connection: AsyncConnection, partners: Collection[str | None]) -> Oldest:
    """Of these partners; None stands for what has no partner yet."""
    named = sorted(name for name in partners if name is not None)
    found: Oldest = {}
    if named:
        found |= await _of(connection, named)
    if None in partners:
        found |= await _of_nobody(connection)
    return found


async def _of(connection: AsyncConnection, names: Sequence[str]) -> Oldest:
    pairs = [(name, state.value) for name in names for state in OPEN_STATES]
    kinds = values(column("name", String), column("kind", String), name="kinds").data(pairs).cte("kinds")
    mine = (DELIVERY.c.partner == kinds.c.name, DELIVERY.c.state == kinds.c.kind)
    first = select(func.min(DELIVERY.c.queued_at)).where(*mine, OPEN).scalar_subquery()
    rows = await connection.execute(select(kinds.c.name, kinds.c.kind, first.label("at")))
    return {(row.name, DeliveryState(row.kind)): row.at for row in rows if row.at is not None}


async def _of_nobody(connection: AsyncConnection) -> Oldest:
    firsts = [
        select(func.min(DELIVERY.c.queued_at))
        .where(DELIVERY.c.partner.is_(None), DELIVERY.c.state == state.value, OPEN)
        .scalar_subquery()
        .label(state.value)
        for state in OPEN_STATES
    ]
    row = (await connection.execute(select(*firsts))).one()
    return {(None, state): at for state, at in zip(OPEN_STATES, row, strict=True) if at is not None}

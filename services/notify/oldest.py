"""OLDEST: since when the longest waiting of each partner and state waits; each is the first of an index."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import FINAL, DeliveryState
from services.notify.earliest import Earliest
from services.notify.tables import DELIVERY, OPEN

OPEN_STATES: Final = tuple(state for state in DeliveryState if state not in FINAL)

_STATES: Final = [and_(DELIVERY.c.state == state.value, OPEN) for state in OPEN_STATES]
_FIRSTS: Final = Earliest(DELIVERY.c.queued_at, _STATES)
_OF_NOBODY: Final = select(
    *(
        select(func.min(DELIVERY.c.queued_at)).where(DELIVERY.c.partner.is_(None), each).scalar_subquery()
        for each in _STATES
    )
)

Oldest = dict[tuple[str | None, DeliveryState], datetime]
"""By partner and state; where nothing waits there is none."""


async def oldest(connection: AsyncConnection, partners: Collection[str | None]) -> Oldest:
    """Of these partners; None stands for what has no partner yet."""
    moments: dict[str | None, Sequence[datetime | None]] = {}
    moments.update(await _FIRSTS.of(connection, [name for name in partners if name is not None]))
    if None in partners:
        moments[None] = (await connection.execute(_OF_NOBODY)).one()
    return {
        (name, state): at for name, each in moments.items() for state, at in zip(OPEN_STATES, each, strict=True) if at
    }

"""INSTANCE RUNS: which have begun and not ended in order, so that nobody is taken for dead who stopped."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Column, String, Table, Uuid, and_, delete, exists, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.tables import DELIVERY, PENDING, SUSPECT, metadata
from services.runtime.columns import Instant

# Every run of an instance that has begun and not ended in order. `alone`: the referral it began, and nothing after it.
RUN: Final = Table(
    "notify_run",
    metadata,
    Column("instance", String(64), primary_key=True),
    Column("began_at", Instant, nullable=False),
    Column("alone", Uuid),
)

DIED: Final = and_(DELIVERY.c.lease_until.is_not(None), exists().where(RUN.c.instance == DELIVERY.c.leased_by))
"""Of a lease that is over: its holder was lost with it. Whoever ended in order has no run, and lost nothing."""


async def ended(connection: AsyncConnection, owner: str, began_at: datetime) -> None:
    """This run ends in order from here on, however long it takes: what kills it now is not what it sends.

    What it has in hand is anybody's once its lease is over. Of a namesake that has begun since nothing is said.
    """
    ours = delete(RUN).where(RUN.c.instance == owner, RUN.c.began_at == began_at)
    if (await connection.execute(ours)).rowcount:
        await _nothing_to_tell(connection, owner)


async def alone(connection: AsyncConnection, owner: str, referral: UUID | None) -> None:
    """In the transaction that claims: nothing but this is begun from now on; None: other things are, or it ended."""
    if referral is None:
        await _nothing_to_tell(connection, owner)
    await connection.execute(update(RUN).where(RUN.c.instance == owner).values(alone=referral))


async def _nothing_to_tell(connection: AsyncConnection, owner: str) -> None:
    """The next run would know no more of what was begun alone than anybody, so it waits for its lease, as all does."""
    left = (PENDING, SUSPECT, DELIVERY.c.leased_by == owner, DELIVERY.c.due_at > DELIVERY.c.lease_until)
    await connection.execute(update(DELIVERY).where(*left).values(due_at=DELIVERY.c.lease_until))

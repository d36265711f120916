"""LANE SETTLER: settles lanes that wait, whoever last changed them: an earlier version knew other rules."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import held, moves, outbox, store
from services.notify.footing import Footing
from services.notify.lanes import Settled, lanes, settle
from services.notify.tables import DELIVERY, PENDING

SLICE: Final = 100
"""Cases in one transaction."""

EVERY: Final = timedelta(hours=1).total_seconds()
"""Seconds between two rounds: an instance of the earlier version may still be at work."""


class LaneSettler:
    """Goes through what waits behind something else, case by case. What is settled stays as it is."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing
        self._after: UUID | None = None

    async def step(self) -> float:
        """One slice; returns when to look again, in seconds. Nothing is locked that is settled."""
        async with self._footing.database.read() as connection:
            signals = await _waiting(connection, self._after)
            lines = await store.together(connection, signals) if signals else []
        left = {lane[0].signal for lane in lanes(lines) if settle(lane) != Settled()}
        if left and await self._settle(left):
            self._footing.committed()
        self._after = signals[-1] if len(signals) == SLICE else None
        return 0.0 if self._after else EVERY

    async def _settle(self, signals: Collection[UUID]) -> int:
        at, tells = self._footing.clock(), self._footing.directory.tells
        async with self._footing.database.begin() as connection:
            cases = await store.cases(connection, signals)
            found = [settle(lane) for lane in lanes(line for case in cases.values() for line in case)]
            moved = [each for what in found for each in moves.settled(what, at, tells)]
            await store.change(connection, (each.line for each in moved))
            await held.passed_on(connection, {asked: by for what in found for asked, by in what.questions.items()})
            await outbox.put(connection, [output for each in moved for output in each.outputs])
        return len(moved)


async def _waiting(connection: AsyncConnection, after: UUID | None) -> list[UUID]:
    query = select(DELIVERY.c.signal).where(PENDING, DELIVERY.c.due_at.is_(None))
    query = query if after is None else query.where(DELIVERY.c.signal > after)
    return list((await connection.execute(query.distinct().order_by(DELIVERY.c.signal).limit(SLICE))).scalars())

"""DISABLED PARTNERS: parks what waits for one, and lets it go, slice by slice, once it is enabled again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, TextClause, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import clock_ahead, reach_store
from services.notify.automatic_redrive import SLICE, let_go
from services.notify.claims import RANKS
from services.notify.footing import Footing
from services.notify.line import Line
from services.notify.orphaned import come_back, put_aside
from services.notify.reach import Reach
from services.notify.retry import PARTNER_DISABLED
from services.notify.store import COLUMNS
from services.notify.tables import BACK, DELIVERY, PENDING

POLL: Final = 2.0
"""Seconds at most between two looks."""

BEYOND: Final = timedelta(days=30)
"""Nothing waits so long, be it for a rung, a Retry-After or to be fetched: a clock that was wrong put it there."""

LEASED_BEYOND: Final = timedelta(days=2)
"""No attempt is leased for so long, or a wrong clock leased it."""

HEAL: Final = timedelta(minutes=1)
"""How often that is looked for."""


class DisabledPartners:
    """Looks after disabled partners, and after what a wrong clock left. Any number of them share one ledger."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing
        self._healed = footing.clock() - HEAL * 2

    async def step(self) -> float:
        """One slice for each partner that needs one; returns when to look again, in seconds."""
        async with self._footing.database.read() as connection:
            reaches = await reach_store.read(connection)
        moved = 0
        for name, reach in reaches.items():
            if reach.disabled is not None:
                moved += await self._park(name)
            elif reach.redriving and name in self._footing.directory.partners:
                moved += await self._let_go(reach)
        if self._footing.clock() - self._healed > HEAL or self._footing.clock() < self._healed:
            await self._heal()
            self._healed = self._footing.clock()
        if moved:
            self._footing.committed()
        return 0.0 if moved else POLL

    async def _park(self, partner: str) -> int:
        """Under its lock: what was parked since somebody enabled it would stay parked for good."""
        at = self._footing.clock()
        async with self._footing.database.begin() as connection:
            if (await reach_store.held(connection, [partner]))[partner].disabled is None:
                return 0
            lines = await waiting(connection, partner, at, SLICE)
            back = await put_aside(connection, self._footing, lines, at, reason=PARTNER_DISABLED)
        await come_back(self._footing, back, at)
        return len(lines)

    async def _let_go(self, reach: Reach) -> int:
        at, tells = self._footing.clock(), self._footing.directory.tells
        async with self._footing.database.begin() as connection:
            went = await let_go(connection, reach.partner, BACK, at=at, tells=tells, reason="enabled")
            if went.done:
                await self._done(connection, reach)
        return went.lines

    async def _done(self, connection: AsyncConnection, reach: Reach) -> None:
        held = (await reach_store.held(connection, [reach.partner]))[reach.partner]
        if held.changes == reach.changes:  # nobody disabled it meanwhile
            await reach_store.change(connection, [replace(held, redriving=False)])

    async def _heal(self) -> None:
        now = self._footing.clock()
        async with self._footing.database.read() as connection:
            late = [name for name in self._footing.directory.partners if await _beyond(connection, name, now)]
        for name in late:
            async with self._footing.database.begin() as connection:
                await connection.execute(update(DELIVERY).where(*_far(name, now)).values(due_at=now))
        healed = bool(late)
        while await self._ahead(now):
            healed = True
        if healed:
            self._footing.committed()

    async def _ahead(self, now: datetime) -> int:
        async with self._footing.database.begin() as connection:
            return await clock_ahead.heal(connection, now)


async def waiting(connection: AsyncConnection, partner: str, now: datetime, most: int) -> list[Line]:
    """What waits for it and is not on its way, whatever it waits for; locked. What somebody else has is passed over."""
    nobodys = or_(DELIVERY.c.lease_until.is_(None), DELIVERY.c.lease_until <= now)
    query = (
        select(*COLUMNS)
        .where(PENDING, DELIVERY.c.partner == partner, nobodys)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [Line.of(row) for row in await connection.execute(query)]


async def _beyond(connection: AsyncConnection, partner: str, now: datetime) -> bool:
    """Whether something of it is due so late that no ladder put it there."""
    for rank in RANKS:
        far = (*_far(partner, now), DELIVERY.c.rank == rank)
        if (await connection.execute(select(DELIVERY.c.referral).where(*far).limit(1))).first() is not None:
            return True
    return False


def _far(partner: str, now: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """The first bound is for the index: few wait so long."""
    due_at = DELIVERY.c.due_at
    too_far = or_(due_at > now + BEYOND, DELIVERY.c.lease_until.is_not(None))
    return (PENDING, DELIVERY.c.partner == partner, due_at > now + LEASED_BEYOND, too_far)

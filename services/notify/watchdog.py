"""WATCHDOG: what is late is said once; what nobody can send any more is put before a person."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.outcome import OutcomeStatus
from schemas.record import Output
from services.notify import outbox, presence, state_counts, store
from services.notify.arrival import UNKNOWN_PARTNER
from services.notify.facts import fact, tell
from services.notify.footing import POLL, Footing, rest
from services.notify.line import Line
from services.notify.orphaned import come_back, put_aside
from services.notify.overdue import before_people
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, PENDING, RUNNING

MOST: Final = 500
"""Lines in one transaction."""

STRAND_EVERY: Final = timedelta(minutes=1)
"""How often what was left for an unknown partner is looked for."""

UNCLAIMED: Final = timedelta(minutes=15)
"""What was due so long ago, no instance that knows its partner is there to claim."""

_EARLIEST: Final = select(func.min(DELIVERY.c.deadline)).where(RUNNING)
_LATE: Final = (
    select(*COLUMNS)
    .where(RUNNING, DELIVERY.c.deadline <= bindparam("now"))
    .order_by(DELIVERY.c.deadline)
    .limit(MOST)
    .with_for_update(skip_locked=True)
)


async def earliest(connection: AsyncConnection) -> datetime | None:
    """The next deadline of anything that is not final and was not told to be late."""
    found: datetime | None = (await connection.execute(_EARLIEST)).scalar()
    return found


async def late(connection: AsyncConnection, now: datetime) -> list[Line]:
    """What is past its deadline by then, the earliest first; what another instance has in hand is passed over."""
    return [Line.of(row) for row in await connection.execute(_LATE, {"now": now})]


class Watchdog:
    """Looks after deadlines. Any number of them may look at one ledger."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing
        self._stranded = footing.clock()

    async def step(self) -> float:
        """Mark what is past its deadline and not final; returns when to look again, in seconds."""
        now = self._now()
        await self._strand_left()
        async with self._footing.database.read() as connection:
            deadline = await earliest(connection)
        wait = rest(deadline, now)
        if wait:
            return wait
        async with self._footing.database.begin() as connection:
            lines = await late(connection, now)
            if not lines:
                return POLL
            told = [tell(line, OutcomeStatus.DELAYED, now, self._footing.directory.tells) for line in lines]
            entries = [_overdue(line, now) for line in lines]
            await store.change(connection, (replace(line, overdue=True) for line, _ in told))
            await outbox.put(connection, [*entries, *(output for _, outputs in told for output in outputs)])
            await before_people(connection, lines, now, self._footing.directory)
        self._footing.committed()
        return 0.0

    async def strand(self) -> int:
        """At a start: park what waits for a partner that nobody knows any more; returns how many there were.

        What another instance is sending, or left under a lease that has not ended, is looked at again later.
        """
        parked = 0
        while some := await self._park(or_(DELIVERY.c.lease_until.is_(None), DELIVERY.c.due_at <= self._now())):
            parked += some
        return parked

    async def _strand_left(self) -> None:
        """What a killed instance, or one that is no more, left for such a partner: nobody else would ever claim it.

        An instance that was here a moment ago may know a partner that is new to us, and claims what is due for it.
        """
        now = self._now()
        if self._stranded <= now < self._stranded + STRAND_EVERY:
            return
        async with self._footing.database.read() as connection:
            sums, known = await state_counts.sums(connection), await self._known(connection)
        if any(each.state is DeliveryState.PENDING and each.partner not in known for each in sums):
            while await self._park(DELIVERY.c.due_at <= now - UNCLAIMED):
                self._footing.committed()
        self._stranded = now

    async def _park(self, left: ColumnElement[bool]) -> int:
        """One slice of what waits for a partner that no instance knows."""
        now = self._now()
        async with self._footing.database.begin() as connection:
            nobody = DELIVERY.c.partner.not_in(sorted(await self._known(connection)))
            query = select(*COLUMNS).where(PENDING, left, nobody).order_by(DELIVERY.c.referral).limit(MOST)
            lines = [Line.of(row) for row in await connection.execute(query.with_for_update(skip_locked=True))]
            back = await put_aside(connection, self._footing, lines, now, reason=UNKNOWN_PARTNER)
        await come_back(self._footing, back, now)
        return len(lines)

    async def _known(self, connection: AsyncConnection) -> Collection[str]:
        return await presence.known(connection, self._footing.directory.partners, self._now())

    def _now(self) -> datetime:
        return self._footing.clock()


def _overdue(line: Line, at: datetime) -> Output:
    """What a partner turned down may be late a second time: it has moved since the first."""
    return fact(line, Fact.REFERRAL_OVERDUE, at, ordinal=line.moves, after=line.state, due_at=line.deadline)

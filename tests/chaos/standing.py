"""STANDING: how far a campaign is, as its ledger says; a database that is away says nothing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from schemas.delivery import FINAL, DeliveryState
from services.notify import reach_store, store
from services.notify.breaker import Closed
from services.notify.line import Line
from services.notify.selection import Selection
from services.notify.settings import MIGRATIONS
from services.notify.tables import DELIVERY, OUTBOX, PENDING
from services.runtime.database import Database
from services.runtime.errors import SeinpaalError


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts at one moment. `shut`: partners that are left alone; `holding`: what each instance has in its hands."""

    states: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    tried: int = 0
    """Referrals that wait for another attempt."""
    unpublished: int = 0
    shut: frozenset[str] = frozenset()
    holding: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    backlog: Counter[str] = field(default_factory=Counter)

    @property
    def entered(self) -> int:
        """Referrals that are in the ledger."""
        return self.states.total()

    @property
    def still(self) -> int:
        """Referrals for which nothing is under way: final, or parked for a person."""
        return self.states[DeliveryState.PARKED] + sum(self.states[state] for state in FINAL)

    def rid_of(self, partner: str) -> bool:
        """Whether it is left alone, or nothing is left to send to it."""
        return partner in self.shut or (self.entered > 0 and not self.backlog[partner])

    def held_by(self, instance: str) -> frozenset[UUID]:
        """What it has in its hands."""
        return self.holding.get(instance, frozenset())

    @property
    def progress(self) -> tuple[int, int, int]:
        """What moves while anything moves."""
        return self.still, self.attempts, self.unpublished


class Ledger:
    """The ledger of one campaign, looked at from outside."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, MIGRATIONS, connections=2)

    async def stop(self) -> None:
        """Close its connections."""
        await self._database.stop()

    async def look(self) -> Standing | None:
        """Where all stands, or None while the database, or its tables, are not there."""
        try:
            return await self._look()
        except SeinpaalError:
            return None

    async def waits(self, referrals: Collection[UUID]) -> bool:
        """Whether any of these is still to be sent, as far as is known."""
        some = select(func.count()).where(PENDING, DELIVERY.c.referral.in_(referrals))
        try:
            async with self._database.read() as connection:
                return bool((await connection.execute(some)).scalar_one())
        except SeinpaalError:
            return True

    async def _look(self) -> Standing:
        async with self._database.read() as connection:
            counts = select(DELIVERY.c.state, func.count(), func.sum(DELIVERY.c.attempts)).group_by(DELIVERY.c.state)
            rows = [tuple(row) for row in await connection.execute(counts)]
            reaches = await reach_store.read(connection)
            leased = select(DELIVERY.c.leased_by, DELIVERY.c.referral).where(
                PENDING, DELIVERY.c.lease_until.is_not(None)
            )
            holding: dict[str, set[UUID]] = defaultdict(set)
            for instance, referral in await connection.execute(leased):
                holding[instance].add(referral)
            waiting = select(DELIVERY.c.partner, func.count()).where(PENDING).group_by(DELIVERY.c.partner)
            backlog = [tuple(row) for row in await connection.execute(waiting)]
            again = select(func.count()).where(PENDING, DELIVERY.c.attempts > 0)
            tried = (await connection.execute(again)).scalar_one()
            unpublished = (await connection.execute(select(func.count()).select_from(OUTBOX))).scalar_one()
        return Standing(
            states=Counter({state: count for state, count, _ in rows}),
            attempts=sum(int(attempts or 0) for _, _, attempts in rows),
            tried=tried,
            unpublished=unpublished,
            shut=frozenset(name for name, reach in reaches.items() if not isinstance(reach.breaker, Closed)),
            holding={instance: frozenset(held) for instance, held in holding.items()},
            backlog=Counter(dict(backlog)),
        )

    async def waiting(self, most: int, now: datetime) -> list[Line]:
        """Some that wait for their next attempt, in nobody's hands."""
        choice = Selection((DeliveryState.PENDING,), resting=True, waits_at=now)
        async with self._database.read() as connection:
            return await store.listed(connection, choice, most=most)

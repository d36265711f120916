"""Notify's ledger as a reconciliation sees it: where each referral stands, and what is not published yet."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select

from schemas.delivery import DeliveryState
from services.notify.tables import DELIVERY, OUTBOX
from services.runtime.database import Database


@dataclass(frozen=True, slots=True)
class Standing:
    """One referral in the ledger."""

    referral: UUID
    corporation: str
    state: DeliveryState


class LedgerCount(Protocol):
    """What must be known of the ledger."""

    async def standing(self, low: UUID, high: UUID) -> list[Standing]:
        """Every referral whose id lies between."""

    async def newest(self) -> int:
        """The number of the newest line that waits to be published; 0 when none does."""

    async def unpublished(self, upto: int) -> bool:
        """Whether a line up to that number still waits."""


class NotifyLedger:
    """Reads the database of notify."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, low: UUID, high: UUID) -> list[Standing]:
        """Every referral whose id lies between."""
        query = select(DELIVERY.c.referral, DELIVERY.c.corporation, DELIVERY.c.state).where(
            DELIVERY.c.referral.between(low, high)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Standing(referral, corporation, DeliveryState(state)) for referral, corporation, state in rows]

    async def newest(self) -> int:
        """The number of the newest line of the outbox; 0 when it is empty."""
        async with self._database.read() as connection:
            return int((await connection.execute(select(func.max(OUTBOX.c.id)))).scalar_one() or 0)

    async def unpublished(self, upto: int) -> bool:
        """Whether a line up to that number is still in the outbox."""
        async with self._database.read() as connection:
            oldest = (await connection.execute(select(func.min(OUTBOX.c.id)))).scalar_one()
        return oldest is not None and int(oldest) <= upto

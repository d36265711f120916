"""DELIVERY: where a referral stands in notify's ledger."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.message import Message
from schemas.signal import Slug


class DeliveryState(StrEnum):
    """Conservation: every referral is in exactly one of these, and each that is not final has a deadline."""

    HELD = "held"
    PENDING = "pending"
    DELIVERED = "delivered"
    PARKED = "parked"
    DISMISSED = "dismissed"
    CANCELLED = "cancelled"


FINAL = frozenset({DeliveryState.DELIVERED, DeliveryState.DISMISSED, DeliveryState.CANCELLED})
"""Nothing more happens. Parked is not final: it waits for a person."""


class Delivery(Message):
    """One line of the ledger, as people and scripts see it: no content."""

    referral: UUID
    signal: UUID
    corporation: Slug
    partner: Slug | None = None
    revision: int
    state: DeliveryState
    reason: str | None = None
    attempts: int = 0
    due_at: datetime | None = Field(default=None, description="When the next attempt is due")
    deadline: datetime
    changed_at: datetime

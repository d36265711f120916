"""OUTCOME: what became of a signal, told back to the corporation within what the law lets it know."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.message import Message


class OutcomeStatus(StrEnum):
    """A class, never content: not which partner, not what it found.

    A reader passes over one it does not know: there may be more of them.
    """

    UNDER_REVIEW = "under-review"
    FORWARDED = "forwarded"
    NOT_FORWARDED = "not-forwarded"
    DELAYED = "delayed"
    RECEIVED = "received"
    IN_HAND = "in-hand"
    CLOSED = "closed"


class Outcome(Message):
    """One line to the tenant system about its own record."""

    id: UUID
    signal: UUID
    reference: str | None = Field(default=None, description="The tenant system's own record id")
    revision: int
    status: OutcomeStatus
    at: datetime

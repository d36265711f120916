"""CALL: somebody must telephone about a referral, by when, and whether that was done."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.message import Message
from schemas.signal import Slug


class CallReason(StrEnum):
    """Why an electronic referral alone is not enough."""

    EMERGENCY = "emergency"
    NOT_DELIVERED = "not-delivered"
    NOT_SEEN = "not-seen"
    NOT_ACCEPTED = "not-accepted"
    NO_OUTCOME = "no-outcome"
    TURNED_DOWN = "turned-down"
    CONTRADICTED = "contradicted"


class Call(Message):
    """One telephone call that somebody must make, as people and scripts see it: no content."""

    id: UUID = Field(description="Derived from the referral and why")
    referral: UUID
    signal: UUID
    corporation: Slug
    partner: Slug | None = Field(default=None, description="Whom to tell; absent while nobody was chosen")
    why: CallReason
    opened_at: datetime
    due_at: datetime = Field(description="By when somebody must have telephoned")
    overdue: bool = Field(default=False, description="Whether that has been said on the audit stream")
    assigned_to: str | None = Field(default=None, description="Pseudonym of who must telephone")
    done_at: datetime | None = None
    done_by: str | None = Field(default=None, description="Pseudonym of who said that it was done")
    outcome: str | None = Field(default=None, description="What came of it, in that person's words; no personal data")

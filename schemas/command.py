"""COMMAND: what a person decided."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.message import Message
from schemas.parked import Parked
from schemas.signal import Slug


class Action(StrEnum):
    """What people may decide."""

    RELEASE = "release"
    DISMISS = "dismiss"
    REDRIVE = "redrive"
    CANCEL = "cancel"
    ERASE = "erase"


class Command(Message):
    """One decision of one person about one thing. Carrying it out twice is carrying it out once."""

    id: UUID = Field(description="Derived from action, target and moment")
    at: datetime
    action: Action
    target: UUID = Field(description="A referral, a parked record or a case")
    actor: str = Field(min_length=1, max_length=64, description="Pseudonym of who decided")
    reason: str = Field(min_length=1, max_length=200, description="Why; no personal data")
    partner: Slug | None = Field(default=None, description="The chosen partner, when a referral has none")
    parked: Parked | None = Field(default=None, description="What to redrive, sealed as it was parked")

"""REFERRAL: one signal, one partner, one revision."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from schemas.codes import LegalBasis, PartnerKind
from schemas.decision import Explanation
from schemas.message import Message
from schemas.signal import Facts, Sealed, Slug


class ReferralChange(StrEnum):
    """What the partner must do with it."""

    NEW = "new"
    UPDATE = "update"
    WITHDRAWAL = "withdrawal"


class Handling(StrEnum):
    """Send it, or hold it for a person first."""

    SEND = "send"
    HOLD = "hold"


class Referral(Message):
    """What the router decided for one recipient. Held without a partner: the reviewer chooses one."""

    id: UUID = Field(description="Derived from signal, partner and revision")
    signal: UUID = Field(description="Also the case")
    event: UUID
    corporation: Slug
    reference: str | None = Field(default=None, max_length=64, description="The tenant system's own record id")
    revision: int = Field(ge=1)
    change: ReferralChange
    handling: Handling
    reason: str = Field(default="rule", description="Why it is held, as a code")
    partner: Slug | None = None
    kind: PartnerKind | None = None
    legal_basis: LegalBasis | None = None
    decided_at: datetime
    deadline: datetime = Field(description="By when it must be final, or a person is told")
    explanation: Explanation
    facts: Facts
    particulars: Sealed

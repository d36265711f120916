"""TOLD: one referral as the audit entry of its decision tells it: who, how, and why."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from schemas.codes import LegalBasis, PartnerKind
from schemas.message import Message
from schemas.referral import Handling, ReferralChange
from schemas.signal import Slug


class Told(Message):
    """Everything of a referral but what it is about. Codes and names from configuration, nothing personal."""

    referral: UUID
    change: ReferralChange
    handling: Handling
    reason: str = Field(description="Why it is sent, or held, as a code")
    partner: Slug | None = None
    kind: PartnerKind | None = None
    legal_basis: LegalBasis | None = None
    deadline: datetime

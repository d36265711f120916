"""DECISION: which rules fired and why, as data a person can read back."""

from enum import StrEnum

from pydantic import Field

from schemas.codes import LegalBasis, PartnerKind
from schemas.message import Lasting, Message
from schemas.signal import Slug


class Effect(StrEnum):
    """What a rule does: send it, hold it for a person, or only record that it fired."""

    REFER = "refer"
    HOLD = "hold"
    RECORD = "record"


class Seen(Message):
    """One name a condition looked at, with the value it had. Facts hold codes only, so nothing personal."""

    name: str
    value: str


class RuleTrace(Message):
    """One rule that fired: its effect, where it pointed, and what it saw."""

    rule: str
    effect: Effect
    kind: PartnerKind | None = None
    partner: Slug | None = None
    legal_basis: LegalBasis | None = None
    condition: str = Field(default="", description="The CEL text that held")
    seen: tuple[Seen, ...] = ()
    note: str | None = Field(default=None, description="Why the effect differs from the rule's own, as a code")
    without_consent: str | None = Field(default=None, description="Why it is shared though nobody agreed: policy text")


class Explanation(Lasting):
    """Why a signal went where it went."""

    rule_set: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the rule set's content")
    fired: tuple[RuleTrace, ...] = ()

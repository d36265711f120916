"""What became of one event: the types `decide` answers with, and what of them is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, TypeAlias
from uuid import UUID

from pydantic import Field

from schemas import ids
from schemas.codes import LegalBasis, PartnerKind
from schemas.decision import Effect, Explanation
from schemas.message import Message
from schemas.parked import Coordinates
from schemas.referral import Handling, ReferralChange
from schemas.signal import Signal, Slug


class Reason(StrEnum):
    """Why a referral waits for a person; of several, the first in this order is told."""

    AREA_UNKNOWN = "area-unknown"
    NO_PARTNER = "no-partner"
    ELSEWHERE = "elsewhere"
    PARTNER_GONE = "partner-gone"
    SYSTEM_RULE = "system-rule"
    SECRET_ADDRESS = "secret-address"  # noqa: S105  a reason, not a secret
    CONDITION_FAILED = "condition-failed"
    LEGAL_BASIS = "legal-basis"
    PATTERN = "pattern"
    NO_RULE_FIRED = "no-rule-fired"
    EMERGENCY = "emergency"
    FOLLOW_UP = "follow-up"
    MOVED = "moved"
    TOLD_AGAIN = "told-again"
    RULE = "rule"


WHEREABOUTS = frozenset({Reason.AREA_UNKNOWN, Reason.ELSEWHERE, Reason.MOVED})
"""Why who was told before waits since it lies elsewhere now."""

EMERGENCY_CALL = "emergency-call"
"""Note on a rule that fired for an emergency: call too, an electronic referral alone is not enough."""


def recipient(partner: str | None, kind: PartnerKind | None) -> str:
    """Who a referral is for, as one word: the partner, `:kind` where nobody gives that help, or nothing at all.

    A partner's id cannot begin with a colon, so the three never meet.
    """
    if partner is not None:
        return partner
    return f":{kind}" if kind is not None else ""


class Planned(Message):
    """One referral as decided, without what only the signal's own record holds (facts, particulars)."""

    id: UUID
    recipient: str = Field(description="As `recipient` says; a partner that is gone keeps its place in the case")
    change: ReferralChange
    handling: Handling
    reason: Reason
    partner: Slug | None = None
    kind: PartnerKind | None = None
    legal_basis: LegalBasis | None = None
    deadline: datetime
    waited: Reason | None = Field(default=None, description="Why it waited before it lay elsewhere: that stands")


class Revision(Message):
    """What the signal is from now on."""

    revision: int
    again: UUID | None = Field(default=None, description="The event that came back alike after another one, if it did")


class Routed(Revision):
    """It goes to somebody, or waits for somebody: there is at least one referral."""

    outcome: Literal["routed"] = "routed"
    referrals: tuple[Planned, ...] = Field(min_length=1)
    explanation: Explanation


class Recorded(Revision):
    """Rules fired, and every one of them says to record only."""

    outcome: Literal["recorded"] = "recorded"
    explanation: Explanation


class Withdrawn(Revision):
    """Whoever got a revision hears that it is withdrawn; nobody, when no revision was ever seen."""

    outcome: Literal["withdrawn"] = "withdrawn"
    referrals: tuple[Planned, ...]
    explanation: Explanation


class Overtaken(Message):
    """A later change of the same signal is known already: this one would undo it."""

    outcome: Literal["overtaken"] = "overtaken"
    newest: datetime


Decided: TypeAlias = Annotated[Routed | Recorded | Withdrawn | Overtaken, Field(discriminator="outcome")]


class Past(NamedTuple):
    """One event of a signal that was decided, with the input that decided it.

    `event` is unique within the signal: what came back alike has an id of its own (`ids.told_again_id`).
    """

    event: UUID
    changed_at: datetime
    decided_at: datetime
    at: Coordinates
    decided: Decided
    said_at: datetime | None = None
    """When the tenant system last said the same again, while it was the newest; None when it did not."""

    @classmethod
    def of(cls, signal: Signal, decided: Decided, *, at: Coordinates, decided_at: datetime) -> "Past":
        """What is kept of that event."""
        event = signal.event
        if isinstance(decided, Revision) and decided.again is not None:
            event = ids.told_again_id(event, decided.revision)
        return cls(event, signal.changed_at, decided_at, at, decided)

    def tells(self, event: UUID) -> bool:
        """Whether it is that event, the first time or again."""
        return self.event == event or (isinstance(self.decided, Revision) and self.decided.again == event)


@dataclass(frozen=True, slots=True)
class Repeated:
    """The very record that decided it is read again, as after a crash: its outputs may not have left yet."""

    past: Past


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same event in another record: the tenant system, or ingest, sent it twice, and it says nothing new."""

    past: Past
    still: datetime | None = None
    """When it was said again, if it is the newest and later than all we know: a change before that is overtaken."""


Decision: TypeAlias = Routed | Recorded | Withdrawn | Overtaken | Repeated | Duplicate


def explained(planned: Planned, explanation: Explanation) -> Explanation:
    """The part of an explanation that concerns one referral: no partner reads why another one was told."""
    fired = tuple(
        trace
        for trace in explanation.fired
        if trace.effect is not Effect.RECORD and recipient(trace.partner, trace.kind) == planned.recipient
    )
    whole = len(fired) == len(explanation.fired)
    return explanation if whole else Explanation(rule_set=explanation.rule_set, fired=fired)


def counted_as(decided: Decided) -> str:
    """The word it is counted under."""
    match decided:
        case Routed(referrals=referrals):
            return "routed" if any(one.handling is Handling.SEND for one in referrals) else "held"
        case Recorded():
            return "recorded"
        case Withdrawn():
            return "withdrawn"
        case Overtaken():
            return "overtaken"

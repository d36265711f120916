"""CALLING: when an electronic referral alone is not enough, and by when somebody must telephone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

from schemas import ids
from schemas.call import CallReason
from schemas.codes import Urgency
from schemas.delivery import DeliveryState
from schemas.referral import Referral, ReferralChange
from services.notify.line import Line

EMERGENCY_CALL: Final = "emergency-call"
"""The router's note on a rule that fired for an emergency."""

WITHIN: Final[Mapping[Urgency, timedelta]] = MappingProxyType(
    {
        Urgency.EMERGENCY: timedelta(minutes=15),
        Urgency.ACUTE: timedelta(minutes=30),
        Urgency.URGENT: timedelta(hours=2),
        Urgency.ROUTINE: timedelta(hours=24),
    }
)
"""Within how long after a call is opened somebody must have telephoned."""

ALARM: Final[Mapping[Literal["NL", "GB"], str]] = MappingProxyType({"NL": "112", "GB": "999"})
"""The emergency number, by country."""

_URGENCIES: Final = tuple(Urgency)
_UNSENT: Final = frozenset({DeliveryState.PENDING, DeliveryState.PARKED})


@dataclass(frozen=True, slots=True)
class Needed:
    """Somebody must telephone about this line, for this reason, by then."""

    line: Line
    why: CallReason
    due_at: datetime

    @property
    def id(self) -> UUID:
        """The same for the same referral, reason and deadline."""
        return ids.call_id(self.line.referral, self.why, self.line.deadline)


def urgency_of(line: Line) -> Urgency:
    """How soon somebody must act on it."""
    return _URGENCIES[line.rank]


def emergency(line: Line, referral: Referral, at: datetime) -> Needed | None:
    """For an emergency that enters the ledger, held or not. Nobody is called because something is taken back."""
    noted = any(EMERGENCY_CALL in (trace.note or "").split(",") for trace in referral.explanation.fired)
    if referral.change is ReferralChange.WITHDRAWAL or not (noted or referral.facts.urgency is Urgency.EMERGENCY):
        return None
    return Needed(line, CallReason.EMERGENCY, min(at + WITHIN[Urgency.EMERGENCY], referral.deadline))


def not_delivered(line: Line, at: datetime) -> Needed | None:
    """For an urgent line past its deadline that is still to be delivered. What is held, somebody decides first."""
    urgency = urgency_of(line)
    if urgency is Urgency.ROUTINE or line.state not in _UNSENT:
        return None
    return Needed(line, CallReason.NOT_DELIVERED, at + WITHIN[urgency])

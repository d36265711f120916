"""ARRIVAL: a referral that was read becomes a line of the ledger, or is recognised as one that stands there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from schemas import ids
from schemas.codes import Urgency
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from schemas.referral import Handling, Referral
from services.notify.lanes import DISMISSED_BEFORE, dismissed_before
from services.notify.line import Line
from services.runtime.trace_parent import TraceParent

UNKNOWN_PARTNER: Final = "unknown-partner"
"""Why it is parked: nobody here knows where to send it."""

_RANKS: Final = tuple(Urgency)
"""The list stands in the order in which somebody must act."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One referral as its record brought it, with its span and the span it came with."""

    referral: Referral
    content: bytes
    at: Coordinates
    span: TraceParent
    parent: TraceParent


@dataclass(frozen=True, slots=True)
class Entered:
    """It is new: this is its line, before its lane is settled."""

    line: Line


@dataclass(frozen=True, slots=True)
class Again:
    """Another record with the same referral: the first one stands."""

    line: Line


@dataclass(frozen=True, slots=True)
class Reread:
    """The very record that brought it, as after a crash: everything about it was told."""


def enter(arrived: Arrived, case: Iterable[Line], partners: Collection[str], at: datetime) -> Entered | Again | Reread:
    """`case` is every line of its signal, `partners` whom we can reach."""
    case = tuple(case)
    referral = arrived.referral
    for line in case:
        if line.referral == referral.id:
            return Reread() if line.origin == arrived.at else Again(line)
    recipient = recipient_of(referral, (line.recipient for line in case))
    lane = sorted((line for line in case if line.recipient == recipient), key=attrgetter("revision"))
    earlier = [line for line in lane if line.chosen]
    partner, kind = (earlier[-1].partner, earlier[-1].kind) if earlier else (referral.partner, referral.kind)
    state, reason = _state(referral, partner, partners)
    if state is DeliveryState.PENDING and dismissed_before(referral.change, lane):
        state, reason = DeliveryState.HELD, DISMISSED_BEFORE
    line = Line(
        referral=referral.id,
        signal=referral.signal,
        corporation=referral.corporation,
        reference=referral.reference,
        recipient=recipient,
        partner=partner,
        kind=kind,
        revision=referral.revision,
        change=referral.change,
        state=state,
        rank=_RANKS.index(referral.facts.urgency),
        queued_at=at,
        deadline=_deadline(referral, at),
        changed_at=at,
        topic=arrived.at.topic,
        partition=arrived.at.partition,
        offset=arrived.at.offset,
        traceparent=str(arrived.span),
        reason=reason,
        chosen=bool(earlier),
        legal_basis=earlier[-1].legal_basis if earlier else None,
    )
    return Entered(line)


def recipient_of(referral: Referral, known: Iterable[str]) -> str:
    """For whom it is, as its id tells: a partner; `:kind` or nothing where none was found; or one that is gone.

    The id is derived from it, so the right one of the few it can be makes the same id.
    """
    named = (referral.partner or (f":{referral.kind}" if referral.kind else ""), "")
    for candidate in (*named, *known):
        if ids.referral_id(referral.signal, candidate, referral.revision) == referral.id:
            return candidate
    return named[0]


def _deadline(referral: Referral, at: datetime) -> datetime:
    """As far from now as a router meant it whose clock is ahead of ours: else it is late when that day has come."""
    return referral.deadline - max(referral.decided_at - at, timedelta())


def _state(referral: Referral, partner: str | None, partners: Collection[str]) -> tuple[DeliveryState, str | None]:
    if referral.handling is Handling.HOLD or partner is None:
        return DeliveryState.HELD, referral.reason
    if partner not in partners:
        return DeliveryState.PARKED, UNKNOWN_PARTNER
    return DeliveryState.PENDING, None

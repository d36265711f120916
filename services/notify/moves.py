"""MOVES: every way a line changes its state, each with its one fact and what the corporation is told of it.

A line counts its moves, and the number is part of the fact's id: a state that comes back has a fact of its own, and
the same move worked out again has the same one.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.outcome import OutcomeStatus
from schemas.parked import Coordinates
from schemas.record import Output
from schemas.referral import ReferralChange
from services.notify.facts import Tells, fact, outcome, tell
from services.notify.lanes import SUPERSEDED, Settled
from services.notify.line import Line

_ENTRY: Final = {
    DeliveryState.PENDING: (Fact.REFERRAL_QUEUED, None),
    DeliveryState.HELD: (Fact.REFERRAL_HELD, OutcomeStatus.UNDER_REVIEW),
    DeliveryState.PARKED: (Fact.DELIVERY_PARKED, OutcomeStatus.DELAYED),
}

SUSPECTED: Final = 2
"""So many leases in a row were lost of what goes alone from then on, with the shortest waits (`suspects.py`)."""

SHORTEST: Final = timedelta(hours=1)
"""The least time a person has for what came back."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A line as it became, and what is to be told of that."""

    line: Line
    outputs: tuple[Output, ...]


def entered(line: Line, at: datetime, tells: Tells) -> Moved:
    """A new line, with the fact that accounts for the record that brought it."""
    what, status = _ENTRY[line.state]
    entry = fact(line, what, at, after=line.state, reason=line.reason, input=line.origin)
    if status is None:
        return Moved(line, (entry,))
    line, told = tell(line, status, at, tells)
    return Moved(line, (entry, *told))


def again(line: Line, at: datetime, origin: Coordinates, cause: UUID) -> Output:
    """The fact that accounts for another record of the same referral; `cause` is that record's own id."""
    return fact(line, Fact.REFERRAL_DUPLICATE, at, cause=cause, input=origin)


def held(line: Line, at: datetime, tells: Tells, *, reason: str) -> Moved:
    """A person decides first, after all."""
    after = line.to(DeliveryState.HELD, at, reason=reason)
    return _moved(line, after, Fact.REFERRAL_HELD, OutcomeStatus.UNDER_REVIEW, tells)


def delivered(line: Line, at: datetime, tells: Tells, **why: Any) -> Moved:
    """The partner has it."""
    after = line.to(DeliveryState.DELIVERED, at)
    return _moved(line, after, Fact.DELIVERY_DELIVERED, OutcomeStatus.FORWARDED, tells, **why)


def collected(line: Line, at: datetime, tells: Tells) -> Moved:
    """The partner came for it. Whoever told the partner may not have concluded yet, and keeps its lease to do so."""
    moved = delivered(line, at, tells)
    return replace(moved, line=moved.line.but(lease_until=line.lease_until))


def superseded(line: Line, at: datetime) -> Moved:
    """The partner gets or has a later revision: this one goes no more. The corporation hears of the later one."""
    after = line.to(DeliveryState.CANCELLED, at, reason=SUPERSEDED).but(lease_until=line.lease_until)
    return _moved(line, after, Fact.REFERRAL_CANCELLED, None, _nobody)


def parked(line: Line, at: datetime, tells: Tells, *, reason: str) -> Moved:
    """A person must look. What takes its sender down is no less suspect for that: see `let_go`."""
    after = line.to(DeliveryState.PARKED, at, reason=reason).but(lost=line.lost)
    return _moved(line, after, Fact.DELIVERY_PARKED, OutcomeStatus.DELAYED, tells)


def cancelled(line: Line, at: datetime, tells: Tells, *, reason: str, **why: Any) -> Moved:
    """It is not sent any more. Of a withdrawal that was never needed, there is nothing to tell."""
    after = line.to(DeliveryState.CANCELLED, at, reason=reason)
    status = None if line.change is ReferralChange.WITHDRAWAL else _not_forwarded(line)
    return _moved(line, after, Fact.REFERRAL_CANCELLED, status, tells, **why)


def dismissed(line: Line, at: datetime, tells: Tells, **why: Any) -> Moved:
    """A person decided that it goes nowhere."""
    after = line.to(DeliveryState.DISMISSED, at, reason="dismissed")
    return _moved(line, after, Fact.REFERRAL_DISMISSED, _not_forwarded(line), tells, **why)


def released(line: Line, at: datetime, **why: Any) -> Moved:
    """A person decided that it goes, or goes again: its retries count from now, and its lane says when it is due."""
    return let_go(line.but(decided=True), at, **why)


def let_go(line: Line, at: datetime, **why: Any) -> Moved:
    """The same by itself, once its partner may have it: as it was sent before, by the rules or by a person.

    A suspect goes alone again, as nothing has shown yet that it is none; what was counted against it begins anew.
    """
    after = line.to(DeliveryState.PENDING, at).but(queued_at=at, rung=0, lost=min(line.lost, SUSPECTED))
    return _moved(line, after, Fact.REFERRAL_RELEASED, None, _nobody, **why)


def turned_down(line: Line, at: datetime, tells: Tells, *, reason: str, partner: str | None) -> Moved:
    """The partner that has it does not take it: a person decides whether this other one gets it, or who does.

    It has as much time as it had at first. Revisions to come go where this one goes.
    """
    after = line.to(DeliveryState.HELD, at, reason=reason).but(
        partner=partner,
        chosen=True,
        uncertain=False,
        overdue=False,
        deadline=at + max(line.deadline - line.queued_at, SHORTEST),
    )
    return _moved(line, after, Fact.REFERRAL_HELD, OutcomeStatus.UNDER_REVIEW, tells)


def settled(what: Settled, at: datetime, tells: Tells) -> list[Moved]:
    """What follows in a lane: withdrawn before or after it may have arrived, overtaken by a later one, due, asked."""
    moves = [cancelled(line, at, tells, reason="withdrawn") for line in what.cancel]
    moves += [superseded(line, at) for line in what.superseded]
    moves += [cancelled(line, at, tells, reason="recalled") for line in what.recalled]
    if what.release is not None:
        moves.append(Moved(what.release.but(due_at=at), ()))
    if what.asks is not None:
        moves.append(Moved(what.asks, ()))
    return moves


def _moved(before: Line, after: Line, what: Fact, status: OutcomeStatus | None, tells: Tells, **more: Any) -> Moved:
    at, number = after.changed_at, before.moves + 1
    more.setdefault("reason", after.reason)
    entry = fact(after, what, at, ordinal=number, before=before.state, after=after.state, **more)
    outputs = () if status is None else outcome(after, status, at, tells, moves=number)
    told = after.told if not outputs else status
    return Moved(after.but(moves=number, told=told), (entry, *outputs))


def _not_forwarded(line: Line) -> OutcomeStatus | None:
    """Of what may have arrived nobody can say so: the corporation keeps what it was told last."""
    return None if line.uncertain else OutcomeStatus.NOT_FORWARDED


def _nobody(corporation: str) -> bool:
    del corporation
    return False

"""LANES: one per case and recipient. Strict order by revision inside a lane, full independence between lanes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.line import Line


@dataclass(frozen=True, slots=True)
class Settled:
    """What a lane needs done: lines a withdrawal made needless, and the head that is due from now on."""

    cancel: tuple[Line, ...] = ()
    release: Line | None = None


def lanes(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of any cases, lane by lane, each in the order of its revisions."""
    grouped: dict[tuple[UUID, str], list[Line]] = {}
    for line in lines:
        grouped.setdefault((line.signal, line.recipient), []).append(line)
    return [sorted(lane, key=attrgetter("revision")) for lane in grouped.values()]


def settle(lane: Sequence[Line]) -> Settled:
    """After anything happened in a lane, in the order of its revisions. Settling what is settled changes nothing.

    A held or parked head blocks what comes after it. A withdrawal cancels whatever before it cannot have arrived; when
    nothing can have arrived it is cancelled itself, so that the partner is told nothing at all.
    """
    needless = _needless(lane)
    head = next((line for line in lane if not line.final and line not in needless), None)
    if head is None or head.due_at is not None or head.state is not DeliveryState.PENDING:
        return Settled(needless)
    return Settled(needless, head)


def _needless(lane: Sequence[Line]) -> tuple[Line, ...]:
    withdrawal = _withdrawal(lane)
    if withdrawal is None:
        return ()
    before = [line for line in lane if line.revision < withdrawal.revision]
    needless = [line for line in before if not (line.final or line.may_have_arrived)]
    # With nothing before it the ledger does not know what the partner has: then the partner is told.
    # What a partner turned down, and another one never got, that other one is not told about.
    if before and not any(line.may_have_arrived and line.partner == withdrawal.partner for line in before):
        needless.append(withdrawal)
    return tuple(needless)


def _withdrawal(lane: Sequence[Line]) -> Line | None:
    """The last one that is still to be sent."""
    for line in reversed(lane):
        if line.change is ReferralChange.WITHDRAWAL and not (line.final or line.may_have_arrived):
            return line
    return None

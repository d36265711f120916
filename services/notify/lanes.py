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
    """What a lane needs done: lines a withdrawal made needless, and the head that is due from now on.

    `superseded`: lines that came too late, as the same partner gets or has a later revision of them. `recalled`: parked
    ones that may have arrived and were taken back since.
    """

    cancel: tuple[Line, ...] = ()
    release: Line | None = None
    superseded: tuple[Line, ...] = ()
    recalled: tuple[Line, ...] = ()


def lanes(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of any cases, lane by lane, each in the order of its revisions."""
    grouped: dict[tuple[UUID, str], list[Line]] = {}
    for line in lines:
        grouped.setdefault((line.signal, line.recipient), []).append(line)
    return [sorted(lane, key=attrgetter("revision")) for lane in grouped.values()]


def settle(lane: Sequence[Line]) -> Settled:
    """After anything happened in a lane, in the order of its revisions. Settling what is settled changes nothing.

    A held or parked head blocks what comes after it; but a withdrawal never waits for a person to look at what is not
    sent again anyway, as its partner goes on with it meanwhile. A withdrawal cancels whatever before it cannot have
    arrived; when nothing can have arrived it is cancelled itself, so that the partner is told nothing at all. A
    revision holds all that is known, so one that comes after a later one has begun to go out is not sent any more.
    What something more urgent waits behind is as urgent, and goes now, with its waits begun anew.
    """
    needless = _needless(lane)
    late = tuple(line for line in lane if line not in needless and _overtaken(line, lane))
    going = [line for line in lane if not (line.final or line in needless or line in late)]
    back = tuple(line for line in going if line.state is DeliveryState.PARKED and recalled(line, _to_go(line, going)))
    left = [line for line in going if line not in back]
    if not left or left[0].state is not DeliveryState.PENDING:
        return Settled(needless, None, late, back)
    head = left[0]
    rank = min(line.rank for line in left if line is head or line.state is DeliveryState.PENDING)
    if head.due_at is None:
        return Settled(needless, head.but(rank=rank), late, back)
    if rank < head.rank and not head.in_flight:
        return Settled(needless, head.but(rank=rank, rung=0), late, back)
    return Settled(needless, None, late, back)


def recalled(line: Line, lane: Iterable[Line]) -> bool:
    """Whether what may have arrived is not sent again, since its withdrawal waits behind it and tells all there is.

    If it arrived, the withdrawal takes it back; if not, nobody needs to have it. A withdrawal itself tells of nobody.
    """
    if not line.uncertain or line.change is ReferralChange.WITHDRAWAL:
        return False
    behind = (each for each in lane if each.revision > line.revision and not each.final)
    return any(each.change is ReferralChange.WITHDRAWAL for each in behind)


def _to_go(line: Line, lane: Iterable[Line]) -> list[Line]:
    """What goes to the same partner by itself, once its turn has come."""
    return [each for each in lane if each.partner == line.partner and each.state is DeliveryState.PENDING]


def _overtaken(line: Line, lane: Sequence[Line]) -> bool:
    """Whether the same partner has a later one, or it is that one's turn already. What is being sent ends first."""
    if line.final or line.in_flight:
        return False
    later = [each for each in lane if each.revision > line.revision and each.partner == line.partner]
    return any(each.may_have_arrived or each.due_at is not None for each in later)


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

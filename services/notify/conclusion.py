"""CONCLUSION: the end of one attempt, written with its facts in one transaction, if the lease is still ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.record import Output
from services.notify import held, moves, outbox, progress_store, store
from services.notify.directory import Directory
from services.notify.facts import Tells, fact
from services.notify.lanes import lanes, settle
from services.notify.line import Line
from services.notify.moves import Moved
from services.notify.outcome import Outcome
from services.notify.retry import AgainAt, Done, Park, Recall, Step
from services.notify.returning import returning
from services.notify.tables import ATTEMPT
from services.runtime.bulk import Row, Rows

_ATTEMPTS: Final = Rows(insert(ATTEMPT))


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried: `outcome` is the name of its type, `seconds` how long it took, `digest` the SHA-256 sent."""

    outcome: str
    reason: str | None
    status: int | None
    seconds: float
    digest: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What becomes of a claimed line. `attempt` and `outcome` are None when nothing was tried.

    `uncertain`: it may have arrived.
    """

    line: Line
    step: Step
    at: datetime
    attempt: Attempt | None = None
    uncertain: bool = False
    outcome: Outcome | None = None


async def conclude(
    connection: AsyncConnection, conclusions: Sequence[Conclusion], directory: Directory
) -> list[Conclusion]:
    """Write those whose lease is still ours, with what follows in their lanes; returns which were ours.

    Of what was moved out of their hands meanwhile, that it was tried is told all the same.
    """
    tells = directory.tells
    claimed = [each.line for each in conclusions]
    standing = await store.standing(connection, [line.referral for line in claimed], claimed)
    ours = [replace(each, line=line) for each in conclusions if _holds(each.line, line := standing[each.line.referral])]
    gone = [each for each in conclusions if _moved_on(each, standing[each.line.referral])]
    back = await returning(connection, [(each.line, each.at) for each in ours], directory)
    moved = [_moved(each, tells, back) for each in ours]
    told = [_tried(standing[each.line.referral], each) for each in gone]
    await store.change(connection, (each.line for each in (*moved, *told)))
    there = (each.line for each in moved if each.line.state is DeliveryState.DELIVERED)
    await progress_store.begin(connection, there, directory)
    await _let_go(connection, [each.line for each in moved if each.line.state is DeliveryState.HELD])
    attempts = [_row(each) for each in (*ours, *gone) if each.attempt is not None]
    if attempts:
        await _ATTEMPTS.write(connection, attempts)
    moved += await settled(connection, [each.line for each in moved], tells)
    await outbox.put(connection, [output for each in (*told, *moved) for output in each.outputs])
    return [*ours, *gone]


async def settled(connection: AsyncConnection, lines: Sequence[Line], tells: Tells) -> list[Moved]:
    """What follows in the lanes of these lines, once they are written; what it changes is written too."""
    if not lines:
        return []
    waiting = await store.waiting(connection, {line.signal for line in lines})
    cases = await store.cases(connection, waiting) if waiting else {}
    at = max(line.changed_at for line in lines)
    found = [settle(lane) for lane in lanes(line for case in cases.values() for line in case)]
    moved = [each for what in found for each in moves.settled(what, at, tells)]
    await store.change(connection, (each.line for each in moved))
    await held.passed_on(connection, {asked: by for what in found for asked, by in what.questions.items()})
    return moved


def _holds(claimed: Line, standing: Line) -> bool:
    """Whether the lease is still the one that was claimed; a conclusion that was written already finds none.

    A final line may be under a lease: the partner that was told came for it before we could write that it was told.
    """
    return standing.fence == claimed.fence and standing.in_flight


def _moved_on(conclusion: Conclusion, standing: Line) -> bool:
    """Whether it was tried, and the line was decided on before that was written: its partner turned it down, say."""
    claimed, tried = conclusion.line, conclusion.attempt is not None
    same = (standing.fence, standing.attempts) == (claimed.fence, claimed.attempts)
    return tried and same and not standing.in_flight


def _moved(conclusion: Conclusion, tells: Tells, back: Mapping[UUID, str | None]) -> Moved:
    line = conclusion.line
    if conclusion.uncertain and not line.uncertain:
        line = line.but(uncertain=True)
    if line.final:
        return _tried(line.but(lease_until=None), conclusion)
    if conclusion.attempt is not None:
        line = line.but(attempts=line.attempts + 1, rung=line.rung + 1, lost=0, blamed=0)  # its sender outlived it
    moved = _stepped(line, conclusion, tells)
    if line.referral in back:
        arrived = moved if isinstance(conclusion.step, Done) else Moved(line, ())
        moved = _back(arrived, conclusion.at, tells, reason=str(line.reason), partner=back[line.referral])
    tried = moved.line if moved.line.partner == line.partner else moved.line.but(partner=line.partner)
    told = () if conclusion.attempt is None else (_attempted(tried, conclusion.attempt, conclusion.at),)
    return Moved(moved.line, (*told, *moved.outputs))


def _tried(line: Line, conclusion: Conclusion) -> Moved:
    """What became of it is decided; that it was tried is told all the same, and at whom."""
    if conclusion.attempt is None:
        return Moved(line, ())
    line = line.but(attempts=line.attempts + 1)
    at_whom = line.but(partner=conclusion.line.partner)
    return Moved(line, (_attempted(at_whom, conclusion.attempt, conclusion.at),))


def _stepped(line: Line, conclusion: Conclusion, tells: Tells) -> Moved:
    at = conclusion.at
    match conclusion.step:
        case Done():
            return moves.delivered(line, at, tells)
        case AgainAt(due_at=due_at, reason=reason):
            later = line.to(DeliveryState.PENDING, at, reason=reason, due_at=due_at)
            return Moved(later.but(lost=line.lost, blamed=line.blamed), ())
        case Park(reason=reason):
            return moves.parked(line, at, tells, reason=reason)
        case Recall():
            return moves.cancelled(line, at, tells, reason="recalled")


def _back(moved: Moved, at: datetime, tells: Tells, *, reason: str, partner: str | None) -> Moved:
    """It was turned down for somebody else before that was written: a person decides who gets it."""
    back = moves.turned_down(moved.line, at, tells, reason=reason, partner=partner)
    return Moved(back.line, (*moved.outputs, *back.outputs))


async def _let_go(connection: AsyncConnection, back: Sequence[Line]) -> None:
    threads = await progress_store.locked(connection, [line.thread for line in back])
    await progress_store.change(connection, [thread.let_go() for thread in threads])
    await held.asked_anew(connection, [line.referral for line in back])


def _attempted(line: Line, attempt: Attempt, at: datetime) -> Output:
    details: dict[str, Any] = {
        "attempt": line.attempts,
        "status": attempt.status,
        "seconds": attempt.seconds,
        "digest": attempt.digest,
        "due_at": line.due_at,
        "reason": attempt.reason or attempt.outcome,
    }
    return fact(line, Fact.DELIVERY_ATTEMPTED, at, ordinal=line.attempts, **details)


def _row(conclusion: Conclusion) -> Row:
    attempt = conclusion.attempt
    if attempt is None:
        raise ValueError("nothing was tried")
    line, what = conclusion.line, (attempt.outcome, attempt.reason, attempt.status, attempt.seconds, attempt.digest)
    return line.referral, line.attempts + 1, conclusion.at, *what, line.partner

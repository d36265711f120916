"""REPORT EFFECTS: all that follows from a report which carries a referral forward, before anything is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.local_day import day_in
from schemas.progress import Progress
from schemas.record import Output
from schemas.signal import Facts
from services.notify import moves
from services.notify.corporation_outcome import heard
from services.notify.directory import Directory
from services.notify.facts import fact, tell
from services.notify.line import Line
from services.notify.milestones import TURNED_DOWN_WITHIN, call_by
from services.notify.progress import Report, Standing
from services.notify.rerouting import alternative, goes_elsewhere
from services.notify.thread import Thread

_THEIRS: Final = frozenset({DeliveryState.DELIVERED, DeliveryState.PENDING, DeliveryState.PARKED})
"""What its partner has; or may have, when it speaks of it while our answer was lost."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The thread and the line as they became, and what is told; `call_by`: somebody must telephone by then."""

    thread: Thread
    line: Line
    outputs: tuple[Output, ...]
    call_by: datetime | None = None


def follow(
    directory: Directory,
    thread: Thread,
    line: Line,
    *,
    case: Sequence[Line],
    tried: Collection[str],
    standing: Standing,
    report: Report,
    facts: Facts,
    at: datetime,
) -> Followed:
    """One fact for the progress; what the corporation may hear; and a person, when nobody has the referral now.

    `tried` is whom anything of this case was ever sent to.
    """
    thread = thread.to(standing, at)
    told = _changed(line, thread, report, at)
    elsewhere = goes_elsewhere(standing, line, case)
    if elsewhere and _being_sent(line, at):
        return Followed(thread, replace(line, reason=standing.rejection), (told,))  # it comes back once that has ended
    if elsewhere and line.state in _THEIRS:
        had = {*tried, *(each.partner for each in case)}
        other = alternative(directory, line, standing.rejection, had, area=facts.area, day=day_in(facts.country, at))
        moved = moves.turned_down(line, at, directory.tells, reason=str(standing.rejection), partner=other)
        return Followed(thread.let_go(), moved.line, (told, *moved.outputs))
    corporation = directory.corporations.get(line.corporation)
    hears = None if corporation is None else heard(corporation, line.kind, standing.status)
    if hears is not None:
        line, outcome = tell(line, hears, at, directory.tells)
        return Followed(thread, line, (told, *outcome))
    call = call_by(line.rank, TURNED_DOWN_WITHIN, at) if _nobody_has_it(thread) else None
    return Followed(thread, line, (told,), call)


def _changed(line: Line, thread: Thread, report: Report, at: datetime) -> Output:
    """The fact of where the partner is now."""
    return fact(
        line,
        Fact.PROGRESS_CHANGED,
        at,
        ordinal=thread.version,
        progress=thread.standing.status,
        reason=thread.standing.rejection,
        count=report.dropped or None,
    )


def _being_sent(line: Line, at: datetime) -> bool:
    """Whether an attempt is under way: after its lease nobody begins one, and whoever made it writes it alone."""
    return line.state is DeliveryState.PENDING and line.lease_until is not None and line.lease_until > at


def _nobody_has_it(thread: Thread) -> bool:
    """The partner does nothing about it, and we did not take it back."""
    ends = {Progress.REJECTED, Progress.FAILED, Progress.CANCELLED}
    return thread.standing.status in ends and not thread.withdrawn

"""MILESTONES: by when a person at the partner must have seen a referral, accepted it, told how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from schemas.call import CallReason
from schemas.codes import Urgency
from schemas.partner import Answers
from schemas.progress import Milestone
from services.notify.thread import Thread

WHY: Final = {
    Milestone.SEEN: CallReason.NOT_SEEN,
    Milestone.ACCEPTED: CallReason.NOT_ACCEPTED,
    Milestone.OUTCOME: CallReason.NO_OUTCOME,
}

CALL_WITHIN: Final = {
    Urgency.EMERGENCY: timedelta(minutes=15),
    Urgency.ACUTE: timedelta(hours=1),
    Urgency.URGENT: timedelta(hours=4),
}
"""How soon somebody must telephone about what is late. Of what is routine it is only said that it is late."""

_URGENCIES: Final = tuple(Urgency)
TURNED_DOWN_WITHIN: Final = {**CALL_WITHIN, Urgency.ROUTINE: timedelta(days=1)}
"""How soon somebody must telephone about what a partner turned down: nobody else has it."""


@dataclass(frozen=True, slots=True)
class Missed:
    """One milestone that is not reached in its time."""

    milestone: Milestone
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What was missed since the last look, and the thread that says so and when to look again."""

    missed: tuple[Missed, ...]
    thread: Thread


def look(thread: Thread, answers: Answers, now: datetime) -> Looked:
    """Each milestone is missed once. A withdrawal need only be seen, which is to confirm it."""
    ahead = [each for each in _ahead(thread, answers) if each.milestone not in thread.late]
    missed = tuple(each for each in ahead if each.due_at <= now)
    later = [each.due_at for each in ahead if each.due_at > now]
    late = thread.late | {each.milestone for each in missed}
    return Looked(missed, replace(thread, late=late, look_at=min(later, default=None)))


def first(thread: Thread, answers: Answers) -> datetime | None:
    """When the milestones of one that has just begun are to be looked at first; None when none of them has a time."""
    return min(deadlines(thread, answers).values(), default=None)


def call_by(rank: int, within: dict[Urgency, timedelta], now: datetime) -> datetime | None:
    """When somebody must have telephoned about a line of this rank; None when nobody need."""
    wait = within.get(_URGENCIES[rank])
    return None if wait is None else now + wait


def deadlines(thread: Thread, answers: Answers) -> dict[Milestone, datetime]:
    """By when each is to be reached, of those that have a time."""
    hours = {
        Milestone.SEEN: answers.seen_hours,
        Milestone.ACCEPTED: None if thread.withdrawn else answers.accepted_hours,
        Milestone.OUTCOME: None if thread.withdrawn else answers.outcome_hours,
    }
    return {each: thread.since + timedelta(hours=given) for each, given in hours.items() if given is not None}


def _ahead(thread: Thread, answers: Answers) -> Iterator[Missed]:
    for milestone, due_at in deadlines(thread, answers).items():
        if not thread.standing.reached(milestone):
            yield Missed(milestone, due_at)

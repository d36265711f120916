"""FHIR ANSWERS: what a FHIR server's answers to our questions mean, and what a partner says in its own Task. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from uuid import UUID

from schemas.progress import Progress, Rejection
from services.notify.classify import failure, unsent
from services.notify.json_object import json_object
from services.notify.outcome import Accepted, Duplicate, Offered, Outcome, Refused, TryLater, Unknown
from services.notify.progress import Report
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.notify.task_report import Unread, report_of, revisions_of, thread_of
from services.notify.thread import Thread

ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
"""FHIR R4, section 2.24.0.1."""

_OK: Final = 200
_UNFIT: Final = frozenset({400, 404, 405, 414, 501})
"""It does not understand the question as we put it: it may understand a plainer one."""

_SAID: Final = frozenset({"resourceType", "status", "statusReason", "businessStatus", "lastModified", "note", "output"})
"""Elements in which a partner speaks: the others are as we wrote them."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """What it showed. `whole`: there is no further page. `skew`: how far its clock is ahead of ours, if it said."""

    tasks: tuple[Mapping[str, Any], ...]
    whole: bool = True
    skew: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """The question must be put in another way: plainer, or about fewer."""

    reason: str
    status: int


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such Task any more."""


@dataclass(frozen=True, slots=True)
class Unshown:
    """It does not show this Task, or not so that it can be read; of others that says nothing."""

    reason: str
    status: int


@dataclass(frozen=True, slots=True)
class NotNow:
    """No answer. It is asked again later, and whatever is to be delivered goes its own way."""

    reason: str
    status: int | None = None
    not_before: datetime | None = None


Answered = Tasks | Unfit | NotNow


def found(reply: Reply, now: datetime) -> Answered:
    """The answer to a search for Tasks."""
    match reply:
        case Answer(status=200, body=None):
            return Unfit("answer-too-long", _OK)
        case Answer(status=status) if status in _UNFIT:
            return Unfit("question-not-understood", status)
        case Answer(status=200, body=bytes() as body):
            return _searchset(body, skew(reply.date, now)) or NotNow("unreadable-answer", _OK)
        case _:
            return failed_to(reply, now)


def read(reply: Reply, now: datetime) -> Tasks | Missing | Unshown | NotNow:
    """The answer to reading one Task."""
    match reply:
        case Answer(status=200, body=bytes() as body) if (task := json_object(body)).get("resourceType") == "Task":
            return Tasks((task,))
        case Answer(status=404 | 410):
            return Missing()
        case Answer(status=200 | 400 | 403 | 406 | 409 | 422 | 500 as status, body=body):
            return Unshown("answer-too-long" if body is None else "unreadable-answer", status)
        case _:
            return failed_to(reply, now)


def skew(date: str | None, now: datetime) -> timedelta | None:
    """How far a server's clock is ahead of ours, by the Date of its answer."""
    try:
        return parsedate_to_datetime(date) - now if date else None
    except (ValueError, TypeError, OverflowError):
        return None


def task_id(task: Mapping[str, Any]) -> str | None:
    """What a Task is called at its server, when that is an id of FHIR's."""
    given = task.get("id")
    return given if isinstance(given, str) and ID.fullmatch(given) else None


def about(tasks: Iterable[Mapping[str, Any]], threads: Mapping[UUID, Thread]) -> list[tuple[Thread, Mapping[str, Any]]]:
    """Those that are about what was asked. A server that passes over our condition shows us others': none is read."""
    named = ((thread_of(task), task) for task in tasks if task.get("resourceType") == "Task")
    return [(threads[thread], task) for thread, task in named if thread is not None and thread in threads]


def useful(answered: Answered, threads: Mapping[UUID, Thread]) -> Answered:
    """Itself, unless it shows a first page with nothing that was asked for: nobody could go on from there."""
    match answered:
        case Tasks(tasks=tasks, whole=False) if not about(tasks, threads):
            return NotNow("unreadable-answer", _OK)
        case _:
            return answered


def reported(
    task: Mapping[str, Any], thread: Thread, codes: Mapping[str, Rejection], written_at: datetime | None
) -> Report | Unread | None:
    """What the partner says in it; None when it says nothing but what we wrote there.

    `requested` is our own word, and so is `cancelled` after a withdrawal, until the partner dates it after `written_at`
    or adds a status of its own. Texts of ours are not counted as the partner's.
    """
    said = {name: part for name, part in task.items() if name in _SAID}
    report = report_of(said, codes)
    if isinstance(report, Unread):
        return report
    report = replace(report, revision=revision_named(task, thread))
    if report.business is None and _ours(report, thread, written_at):
        return None
    return report


def _ours(report: Report, thread: Thread, written_at: datetime | None) -> bool:
    match report.status:
        case Progress.REQUESTED:
            return True
        case Progress.CANCELLED if thread.withdrawn:
            return report.at is None or (written_at is not None and report.at <= written_at)
        case _:
            return False


def revision_named(task: Mapping[str, Any], thread: Thread) -> int | None:
    """Of which one the partner speaks, by our identifiers; None when it names none.

    Of another one than it has by our ledger nothing is taken: it is asked, or tells, again.
    """
    named = revisions_of(task)
    if not named:
        return None
    return thread.standing.revision if thread.referral in named else thread.standing.revision - 1


def _searchset(body: bytes, ahead: timedelta | None) -> Tasks | None:
    bundle = json_object(body)
    if bundle.get("type") != "searchset":
        return None
    try:
        tasks = tuple(entry["resource"] for entry in bundle.get("entry", ()))
        further = any(link.get("relation") == "next" for link in bundle.get("link", ()))
    except (TypeError, KeyError, AttributeError):
        return None
    return Tasks(tuple(task for task in tasks if isinstance(task, dict)), not further, ahead)


def failed_to(reply: Reply, now: datetime) -> NotNow:
    """Why this is no answer; the codes are those of deliveries."""
    match reply:
        case Answer(status=status, body=None):
            return NotNow("answer-too-long", status)
        case Answer(status=status) if status < 300:  # noqa: PLR2004  the class of redirects begins there
            return NotNow("unreadable-answer", status)
        case Answer():
            return _as_delivering(failure(reply, now))
        case NotSent():
            return _as_delivering(unsent(reply, now))
        case Lost(reason=reason):
            return NotNow(reason)


def _as_delivering(outcome: Outcome) -> NotNow:
    """The same codes as where something is delivered."""
    match outcome:
        case TryLater(reason=reason, not_before=at) | Unknown(reason=reason, not_before=at):
            return NotNow(reason, outcome.status, at)
        case Refused(reason=reason, status=status):
            return NotNow(reason, status)
        case Accepted(status=status) | Duplicate(status=status) | Offered(status=status):
            return NotNow("unreadable-answer", status)

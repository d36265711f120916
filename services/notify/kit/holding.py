"""HOLDING: what the partner has of a test referral by now, read from its answer. Pure."""

from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import Field

from schemas import ids
from schemas.message import Malformed, Message
from schemas.progress import Progress
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.kit.letters import Case
from services.notify.reply import Answer, Lost, NotSent, Reply

REVISIONS: Final = range(1, 4)
_OK: Final = 200
_REASONS: Final = {401: "not-authorised", 403: "not-authorised", 429: "throttled", 503: "unavailable"}


class Held(Message):
    """What is answered at a `receipts` address: `records` of one referral, its newest revision, and its status."""

    records: int = Field(ge=0)
    revision: int = Field(ge=0)
    status: Progress


@dataclass(frozen=True, slots=True)
class NotTold:
    """It could not be learned. `reason` is a stable code."""

    reason: str
    status: int | None = None


Told = Held | NotTold


def receipts(reply: Reply) -> Told:
    """From the partner's `receipts` address."""
    match reply:
        case Answer(status=200, body=bytes() as body):
            try:
                return Held.read(body)
            except Malformed:
                return NotTold("receipts-unreadable", _OK)
        case _:
            return _not_told(reply)


def searchset(reply: Reply, case: Case) -> Told:
    """From a search for the Tasks of a referral."""
    match reply:
        case Answer(status=200, body=bytes() as body):
            try:
                tasks = [entry["resource"] for entry in orjson.loads(body).get("entry", ())]
                return _of_tasks([task for task in tasks if task["resourceType"] == "Task"], case)
            except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
                return NotTold("search-unreadable", _OK)
        case _:
            return _not_told(reply)


def _of_tasks(tasks: list[Any], case: Case) -> Told:
    """A Task that does not bear what was asked for proves nothing, and would be counted as one of ours."""
    if not tasks:
        return Held(records=0, revision=0, status=Progress.REQUESTED)
    if any((THREAD, str(case.thread)) not in _identifiers(task) for task in tasks):
        return NotTold("not-as-asked", _OK)
    values = {value for system, value in _identifiers(tasks[0]) if system == REVISION}
    known = {str(ids.referral_id(case.signal, case.partner.id, number)): number for number in REVISIONS}
    revision = max((known[value] for value in values if value in known), default=0)
    return Held(records=len(tasks), revision=revision, status=Progress(tasks[0]["status"]))


def _identifiers(task: dict[str, Any]) -> set[tuple[Any, Any]]:
    return {(each.get("system"), each.get("value")) for each in task.get("identifier", ())}


def _not_told(reply: Reply) -> NotTold:
    match reply:
        case Answer(status=200, body=None):
            return NotTold("answer-too-long", _OK)
        case Answer(status=status):
            return NotTold(_REASONS.get(status, "not-answered"), status)
        case NotSent(reason=reason) | Lost(reason=reason):
            return NotTold(reason)

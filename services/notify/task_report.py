"""TASK REPORT: a partner's Task as FHIR's JSON becomes a report. Codes only: what was written in words is left out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from schemas.partner import Partner
from schemas.progress import Progress, Rejection
from services.notify.fhir.codes import OURS, REVISION, THREAD
from services.notify.progress import Report

REJECTION: Final = f"{OURS}:rejection"

_WORDS: Final = frozenset({"text", "div", "description", "comment", "valueString", "valueMarkdown", "display"})
"""Elements in which people write."""

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DEEPEST: Final = 20
_INSTANT: Final = TypeAdapter(AwareDatetime)
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Outside these a time stands for none: .NET writes its empty one as 0001-01-01, at any offset, and 9999 is for ever.

No database keeps all of them, and some are no moment of any calendar in UTC.
"""


@dataclass(frozen=True, slots=True)
class Unread:
    """It cannot be read. `where` is the path of the element at fault, without its value."""

    where: str
    text: str


def report_of(task: Mapping[str, Any], codes: Mapping[str, Rejection]) -> Report | Unread:
    """`codes` are the partner's own for a rejection, beside ours."""
    if task.get("resourceType") != "Task":
        return Unread("resourceType", "Send a Task.")
    status = task.get("status")
    if not isinstance(status, str) or status not in set(Progress):
        return Unread("Task.status", f"The status must be one of {', '.join(Progress)}.")
    try:
        at = instant(task.get("lastModified"))
    except ValidationError:
        return Unread("Task.lastModified", "It must be a time with its zone, as 2026-03-02T21:45:12Z.")
    business = next((code for _, code in _codings(task.get("businessStatus")) if _CODE.fullmatch(code)), None)
    return Report(
        status=Progress(status),
        at=at,
        rejection=_rejection(task.get("statusReason"), codes),
        business=business,
        dropped=sum(1 for _ in _words(task, _DEEPEST)),
    )


def codes_of(partner: Partner) -> Mapping[str, Rejection]:
    """Its own codes for why it turns something down."""
    return partner.feedback.codes if partner.feedback is not None else {}


def instant(value: object) -> datetime | None:
    """A FHIR dateTime with a time in it, in UTC; None when there is none, only a day, or a filler.

    Raises:
        ValidationError: it is no time, or has no zone.
    """
    if value is None or (isinstance(value, str) and "T" not in value):
        return None
    found = _INSTANT.validate_python(value)
    return found.astimezone(UTC) if _EARLIEST <= found < _LATEST else None


def thread_of(task: Mapping[str, Any]) -> UUID | None:
    """Which referral of ours a Task is about."""
    return next((found for found in _identifiers(task, THREAD)), None)


def revisions_of(task: Mapping[str, Any]) -> list[UUID]:
    """The revisions of it that a Task names."""
    return list(_identifiers(task, REVISION))


def _identifiers(task: Mapping[str, Any], system: str) -> Iterator[UUID]:
    given = task.get("identifier")
    for each in given if isinstance(given, list) else ():
        match each:
            case {"system": str(of), "value": str(value)} if of == system:
                try:
                    yield UUID(value)
                except ValueError:
                    continue


def _rejection(concept: object, codes: Mapping[str, Rejection]) -> Rejection | None:
    """Ours by our system or without any, theirs by their list; any other is other, so that none gets into the log."""
    found = None
    for system, code in _codings(concept):
        known = codes.get(code)
        ours = system == REJECTION or (not system and known is None)
        if ours and code in set(Rejection):
            known = Rejection(code)
        if known is not None:
            return known
        found = Rejection.OTHER
    return found


def _codings(concept: object) -> Iterator[tuple[str, str]]:
    match concept:
        case {"coding": list(codings)}:
            for each in codings:
                match each:
                    case {"code": str(code)}:
                        yield str(each.get("system", "")), code


def _words(value: object, depth: int) -> Iterator[str]:
    """Every text in it, counted and never kept."""
    if depth == 0:
        return
    match value:
        case dict():
            for name, part in value.items():
                if name in _WORDS and isinstance(part, str):
                    yield name
                else:
                    yield from _words(part, depth - 1)
        case list():
            for part in value:
                yield from _words(part, depth - 1)

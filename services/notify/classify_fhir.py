"""CLASSIFY FHIR: what a FHIR server's answers mean, to a transaction, to a message, and to being asked.

A status alone proves little: a portal says 200 to anything, and an OperationOutcome in a 200 may say no.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.notify.classify import LATER, REFUSALS, not_before, otherwise, unsent
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.outcome import Accepted, Duplicate, Outcome, Refused, TryLater, Unknown
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.notify.resource import resource_of

LATER_THERE: Final = "later-there"
"""Noted of a first revision that did not go: the server has a later one, which holds all that is known."""

_NOT_IMPLEMENTED: Final = 501
_CONFLICT: Final = 409
_TRANSIENT: Final = frozenset({"transient", "lock-error", "no-store", "timeout", "incomplete", "throttled"})
"""http://hl7.org/fhir/issue-type: the same again may succeed later."""

_DONE: Final = re.compile("2[0-9]{2}")
_REFUSED: Final = re.compile("[345][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Absent:
    """It was asked, and does not have it."""


@dataclass(frozen=True, slots=True)
class Unaskable:
    """It cannot be asked so: what it has, only sending tells."""


Asked = Outcome | Absent | Unaskable


def transaction(reply: Reply, now: datetime, *, entries: int, creates: bool = True) -> Outcome:
    """The answer to a transaction of so many `entries` (FHIR R4, section 3.1.0.11.3): success is a 2xx for each.

    Where it `creates`, nothing but 200s means that all was there before; of an update they tell nothing. 409 is a race
    of two equal posts: the same again succeeds later. Any other 2xx proves nothing, so we ask.
    """
    match reply:
        case Answer(status=409):
            return TryLater("conflict", _CONFLICT, not_before(reply, now))
        case Answer(status=status, body=body) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return _transaction_response(status, resource_of(body), entries, creates=creates)
        case _:
            return otherwise(reply, now)


def message(reply: Reply, now: datetime) -> Outcome:
    """The answer to `$process-message`. A 409 that says `duplicate` knows the message: an earlier attempt arrived.

    Success has no body, an OperationOutcome without errors, or a Bundle that does not say otherwise.
    """
    match reply:
        case Answer(status=409, body=body) if _issues(resource_of(body)) == {"duplicate"}:
            return Duplicate(_CONFLICT)
        case Answer(status=status, body=body) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return Accepted(status) if body == b"" else _message_response(status, resource_of(body))
        case _:
            return otherwise(reply, now)


def search(reply: Reply, now: datetime, referral: UUID) -> Asked:
    """The answer to "did this revision arrive?": Duplicate when it did, or when a later one stands in its place.

    That is seen of a first revision, whose id all later ones bear too; of any other it must be this very one.

    A server that passes over what it does not know in a search answers with what others sent it. One that cannot be
    asked so (400, 404, 405, 501 and the like) leaves it to the conditions in the Bundle. Any other answer is none:
    nothing is sent, and it is asked again later. More than one of it is a person's.
    """
    match reply:
        case Answer():
            return _asked(reply, now, referral)
        case NotSent():
            return unsent(reply, now)
        case Lost(reason=reason):
            return Unknown(reason)


def _asked(answer: Answer, now: datetime, referral: UUID) -> Asked:
    status = answer.status
    match status:
        case _ if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return _found(status, resource_of(answer.body), referral)
        case 401 | 403 | 410:
            return Refused(REFUSALS[status], status)
        case _ if status == _NOT_IMPLEMENTED or (400 <= status < 500 and status not in LATER):  # noqa: PLR2004  ours
            return Unaskable()
        case _:
            return Unknown("not-answered", status, not_before(answer, now))


def _found(status: int, bundle: dict[str, Any], referral: UUID) -> Asked:
    if bundle.get("type") != "searchset":
        return Unknown("unreadable-answer", status)
    try:
        resources = [entry["resource"] for entry in bundle.get("entry", ())]
        ours = [revisions for resource in resources if (revisions := _revisions(resource, str(referral)))]
    except (TypeError, KeyError, AttributeError):
        return Unknown("unreadable-answer", status)
    match ours:
        case []:
            return Absent()
        case [revisions]:
            return Duplicate(status, None if str(referral) in revisions else LATER_THERE)
        case _:
            return Refused("several-matches", status)


def _revisions(resource: dict[str, Any], referral: str) -> set[str]:
    """Which revisions a Task says it is of, when it is of this referral; nothing else bears its id."""
    own = {(each.get("system"), each.get("value")) for each in resource.get("identifier", ())}
    if resource["resourceType"] != "Task" or own.isdisjoint({(REVISION, referral), (THREAD, referral)}):
        return set()
    return {str(value) for system, value in own if system == REVISION}


def _transaction_response(status: int, bundle: dict[str, Any], entries: int, *, creates: bool) -> Outcome:
    if issues := _issues(bundle):
        return _said(status, issues)
    statuses = _entry_statuses(bundle)
    if any(_REFUSED.fullmatch(code) for code in statuses):
        return Refused("entry-refused", status)
    if len(statuses) != entries or not all(_DONE.fullmatch(code) for code in statuses):
        return Unknown("unreadable-answer", status)
    if creates and all(code == "200" for code in statuses):
        return Duplicate(status)
    return Accepted(status)


def _message_response(status: int, resource: dict[str, Any]) -> Outcome:
    if issues := _issues(resource):
        return Duplicate(status) if issues == {"duplicate"} else _said(status, issues)
    if str(resource.get("resourceType")) not in {"Bundle", "OperationOutcome"}:
        return Unknown("unreadable-answer", status)
    match _response_code(resource):
        case "transient-error":
            return TryLater("error-in-answer", status)
        case "fatal-error":
            return Refused("error-in-answer", status)
        case _:
            return Accepted(status)


def _said(status: int, issues: set[str]) -> Outcome:
    """Errors in a 2xx: it says no, whatever its status says."""
    return TryLater("error-in-answer", status) if issues <= _TRANSIENT else Refused("error-in-answer", status)


def _issues(outcome: dict[str, Any]) -> set[str]:
    """The codes of the errors in an OperationOutcome, nothing when it has none or this is no such thing."""
    if outcome.get("resourceType") != "OperationOutcome":
        return set()
    try:
        return {str(issue["code"]) for issue in outcome["issue"] if issue["severity"] in {"error", "fatal"}}
    except (TypeError, KeyError):
        return {"unreadable"}


def _entry_statuses(bundle: dict[str, Any]) -> list[str]:
    """The three digits of each `entry.response.status`, or nothing when this is no transaction-response."""
    try:
        if bundle["type"] != "transaction-response":
            return []
        return [str(entry["response"]["status"])[:3] for entry in bundle["entry"]]
    except (TypeError, KeyError):
        return []


def _response_code(bundle: dict[str, Any]) -> str | None:
    """`MessageHeader.response.code` of a message that answers ours."""
    try:
        return str(bundle["entry"][0]["resource"]["response"]["code"])
    except (TypeError, KeyError, IndexError):
        return None

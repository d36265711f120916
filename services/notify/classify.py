"""CLASSIFY: what a reply means on each channel. 2xx, wait, ask, or a person: nothing in between."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from services.notify.outcome import GONE, Accepted, Duplicate, Outcome, Refused, TryLater, Unknown
from services.notify.reply import Answer, Lost, NotSent, Reply

_REFUSALS: Final = {
    401: "not-authorised",
    403: "not-authorised",
    404: "no-such-address",
    409: "conflict",
    410: GONE,
    412: "several-matches",
    413: "too-large",
    422: "not-accepted",
}
_LATER: Final = {408: "timed-out-there", 425: "too-early", 429: "throttled", 503: "unavailable"}
_FOR_A_PERSON: Final = frozenset({"address-refused", "other-origin"})
"""Of what was not sent: trying again by itself would ask the same wrong one."""

_NOT_IMPLEMENTED: Final = 501
_SECONDS_DIGITS: Final = 9
"""A Retry-After of more digits is read as some thirty years, so that no number overflows."""


def webhook(reply: Reply, now: datetime) -> Outcome:
    """Standard Webhooks 1.0.0: any 2xx is success, whatever the body."""
    match reply:
        case Answer(status=status) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return Accepted(status)
        case Answer():
            return _failure(reply, now)
        case NotSent():
            return _unsent(reply, now)
        case Lost(reason=reason):
            return Unknown(reason)


def fhir(reply: Reply, now: datetime, *, creates: bool = True) -> Outcome:
    """The answer to a transaction (FHIR R4, section 3.1.0.11.3): success is a transaction-response we can read.

    Where it `creates`, nothing but 200s means that all was there before; of an update they tell nothing. 409 is a race
    of two equal posts: the same again succeeds later. A 2xx without a transaction-response proves nothing, so we ask.
    """
    match reply:
        case Answer(status=409):
            return TryLater("conflict", 409, _not_before(reply, now))
        case Answer(status=status, body=body) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return _transaction_response(status, body, creates=creates)
        case Answer():
            return _failure(reply, now)
        case NotSent():
            return _unsent(reply, now)
        case Lost(reason=reason):
            return Unknown(reason)


def fhir_search(reply: Reply, now: datetime) -> Outcome | None:
    """The answer to "did this revision arrive?": Duplicate when it did, None when it did not and may be sent.

    A server that cannot be asked so (400, 404, 405, 501 and the like) leaves it to the conditions in the Bundle. Any
    other answer is none: nothing is sent, and it is asked again later.
    """
    match reply:
        case Answer():
            return _asked(reply, now)
        case NotSent():
            return _unsent(reply, now)
        case Lost(reason=reason):
            return Unknown(reason)


def retry_at(text: str | None, now: datetime) -> datetime | None:
    """Retry-After in both its forms, seconds or an HTTP date (RFC 9110, section 10.2.3); None when it is neither."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return now + timedelta(seconds=int(text) if len(text) <= _SECONDS_DIGITS else 10**_SECONDS_DIGITS)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _failure(answer: Answer, now: datetime) -> Outcome:
    """A 3xx is a failure that a person must look at: our content goes to the address we were given, or nowhere.

    After a 500, 502 or 504 the partner may have kept it: something behind the door failed, we do not know when.
    """
    status = answer.status
    match status:
        case 408 | 425 | 429 | 503:
            return TryLater(_LATER[status], status, _not_before(answer, now))
        case _ if status >= 500:  # noqa: PLR2004  the class of server errors
            return Unknown("failed-there", status, _not_before(answer, now))
        case _ if 300 <= status < 400:  # noqa: PLR2004  the class of redirects
            return Refused("redirected", status)
        case _:
            return Refused(_REFUSALS.get(status, "refused"), status)


def _unsent(unsent: NotSent, now: datetime) -> Outcome:
    """Where it is not the network that is at fault but who or where they are, a person must look."""
    if unsent.reason in _FOR_A_PERSON:
        return Refused(unsent.reason)
    return TryLater(unsent.reason, None, retry_at(unsent.retry_after, now))


def _asked(answer: Answer, now: datetime) -> Outcome | None:
    status = answer.status
    match status:
        case _ if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return _found(status, answer.body)
        case 401 | 403 | 410:
            return Refused(_REFUSALS[status], status)
        case _ if status == _NOT_IMPLEMENTED or (400 <= status < 500 and status not in _LATER):  # noqa: PLR2004  ours
            return None
        case _:
            return Unknown("not-answered", status, _not_before(answer, now))


def _not_before(answer: Answer, now: datetime) -> datetime | None:
    return retry_at(answer.retry_after, now)


def _transaction_response(status: int, body: bytes | None, *, creates: bool) -> Outcome:
    statuses = _entry_statuses(body)
    if not statuses:
        return Unknown("unreadable-answer", status)
    if any(code >= "3" for code in statuses):
        return Refused("entry-refused", status)
    if creates and all(code == "200" for code in statuses):
        return Duplicate(status)
    return Accepted(status)


def _entry_statuses(body: bytes | None) -> list[str]:
    """The three digits of each `entry.response.status`, or nothing when this is no transaction-response."""
    try:
        bundle: Any = orjson.loads(body or b"")
        if bundle["type"] != "transaction-response":
            return []
        return [str(entry["response"]["status"])[:3] for entry in bundle["entry"]]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return []


def _found(status: int, body: bytes | None) -> Outcome | None:
    """Duplicate when a searchset has a Task in it, None when it has none."""
    try:
        bundle: Any = orjson.loads(body or b"")
        types = [entry["resource"]["resourceType"] for entry in bundle.get("entry", ())]
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
        return Unknown("unreadable-answer", status)
    if bundle.get("type") != "searchset":
        return Unknown("unreadable-answer", status)
    return Duplicate(status) if "Task" in types else None

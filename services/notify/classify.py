"""CLASSIFY: what a reply means: 2xx, wait, ask, or a person, nothing in between. FHIR's are in `classify_fhir`."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from services.notify.outcome import GONE, Accepted, Offered, Outcome, Refused, TryLater, Unknown
from services.notify.reply import Answer, Lost, NotSent, Reply

REFUSALS: Final = {
    401: "not-authorised",
    403: "not-authorised",
    404: "no-such-address",
    409: "conflict",
    410: GONE,
    412: "several-matches",
    413: "too-large",
    422: "not-accepted",
}
LATER: Final = {408: "timed-out-there", 425: "too-early", 429: "throttled", 503: "unavailable"}
AT_TOKEN_ENDPOINT: Final = "token-"  # noqa: S105  a prefix
"""Before a reason: it is about where we get our token, and not about where the referral goes."""

CLOCKS_APART: Final = "clocks-apart"
"""They did not take what we dated, and by their own Date theirs is another time than ours."""

APART: Final = timedelta(minutes=1)
"""A Date is of a whole second, and an answer may take twenty; signatures and assertions hold for a few minutes."""

_NO_TOKEN: Final = frozenset(
    {"token-invalid-client", "token-invalid-scope", "token-refused", AT_TOKEN_ENDPOINT + CLOCKS_APART}
)
_WRONG_WAY: Final = frozenset(
    {
        "address-refused",
        "certificate-invalid",
        "certificate-untrusted",
        "client-certificate-refused",
        "other-origin",
        "tls-too-old",
        "wrong-host",
        "wrong-pin",
    }
)
"""Somebody else may be answering, or they and we must agree on something first.

A certificate that has expired, or is not valid yet, is still theirs: it is tried again, as when nobody answers.
"""

_SECONDS_DIGITS: Final = 9
"""A Retry-After of more digits is read as some thirty years, so that no number overflows."""


def webhook(reply: Reply, now: datetime) -> Outcome:
    """Standard Webhooks 1.0.0: any 2xx is success, whatever the body."""
    match reply:
        case Answer(status=status) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return Accepted(status)
        case Answer(status=400 | 401 | 403 as status, date=date) if clocks_apart(date, now):
            return Refused(CLOCKS_APART, status)
        case _:
            return otherwise(reply, now)


def clocks_apart(date: str | None, at: datetime) -> bool:
    """Whether whoever answers, by its `date`, has another time than ours, by which we dated our request `at`."""
    theirs = _http_date(date)
    return theirs is not None and abs(theirs - at) > APART


def notification(reply: Reply, now: datetime) -> Outcome:
    """As a webhook; but who took a notification has nothing yet: it lies ready, and is delivered when it is fetched."""
    match webhook(reply, now):
        case Accepted(status=status):
            return Offered(status)
        case outcome:
            return outcome


def retry_at(text: str | None, now: datetime, date: str | None = None) -> datetime | None:
    """Retry-After in both its forms, seconds or an HTTP date (RFC 9110, section 10.2.3); None when it is neither.

    An HTTP date is by the clock of whoever answered: how long it is after the answer's own `date` counts, where that
    can be read.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return now + timedelta(seconds=int(text) if len(text) <= _SECONDS_DIGITS else 10**_SECONDS_DIGITS)
    moment, began = _http_date(text), _http_date(date)
    if moment is None:
        return None
    try:
        return (moment if began is None else now + (moment - began)).astimezone(UTC)
    except OverflowError:
        return None


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def otherwise(reply: Reply, now: datetime) -> Outcome:
    """What no channel takes for success: another status, nothing that was sent, an answer that was lost."""
    match reply:
        case Answer():
            return failure(reply, now)
        case NotSent():
            return unsent(reply, now)
        case Lost(reason=reason):
            return Unknown(reason)


def failure(answer: Answer, now: datetime) -> Outcome:
    """A 3xx is a failure that a person must look at: our content goes to the address we were given, or nowhere.

    After a 500, 502 or 504 the partner may have kept it: something behind the door failed, we do not know when.
    """
    status = answer.status
    match status:
        case 408 | 425 | 429 | 503:
            return TryLater(LATER[status], status, not_before(answer, now))
        case _ if status >= 500:  # noqa: PLR2004  the class of server errors
            return Unknown("failed-there", status, not_before(answer, now))
        case _ if 300 <= status < 400:  # noqa: PLR2004  the class of redirects
            return Refused("redirected", status)
        case _:
            return Refused(REFUSALS.get(status, "refused"), status)


def wrong_way(reason: str) -> bool:
    """Whether it is the way there that is wrong: every referral would meet the same, and a person must look."""
    return reason in _NO_TOKEN or reason.removeprefix(AT_TOKEN_ENDPOINT) in _WRONG_WAY


def unsent(reply: NotSent, now: datetime) -> Outcome:
    """Where it is not the network that is at fault but who or where they are, a person must look."""
    if wrong_way(reply.reason):
        return Refused(reply.reason)
    return TryLater(reply.reason, None, retry_at(reply.retry_after, now, reply.date))


def not_before(answer: Answer, now: datetime) -> datetime | None:
    """What the partner asked for; None when it asked for nothing."""
    return retry_at(answer.retry_after, now, answer.date)

"""JUDGE: what came back in a trial, and what that makes of each check. Pure: times and limits are arguments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from schemas.partner import Partner
from schemas.progress import Progress
from services.notify.kit.heard import Heard
from services.notify.kit.holding import Held, NotTold, Told
from services.notify.kit.report import Check, Finding, Verdict
from services.notify.kit.scope import unasked
from services.notify.outcome import Accepted, Duplicate, Offered, Outcome, Refused, TryLater, Unknown
from services.notify.patient_copy import Copy, Nothing, Theirs, Wanted, standing
from services.notify.reply import Answer, Reply

OFF: Final = timedelta(seconds=60)
"""How far the partner's clock may be from ours: signatures and tokens have five minutes, and both clocks may err."""

TLS_REASONS: Final = frozenset(
    {
        "certificate-expired",
        "certificate-invalid",
        "certificate-not-yet-valid",
        "certificate-untrusted",
        "client-certificate-refused",
        "no-tls",
        "tls-too-old",
        "wrong-host",
        "wrong-pin",
    }
)
_REFUSING: Final = frozenset({400, 401, 403})
_AT_FAULT_ITSELF: Final = frozenset({"refused", "not-accepted", "conflict"})
"""Refusals of a referral for what it is, such as that it is there already."""


def passed(check: Check, **given: object) -> Finding:
    """The finding of a check that the partner stood; `given` are other fields of it."""
    return Finding.model_validate({"check": check, "verdict": Verdict.PASSED, **given})


def failed(check: Check, reason: str, **given: object) -> Finding:
    """The finding of a check that it did not stand; `reason` is a code of `reasons.py`."""
    return Finding.model_validate({"check": check, "verdict": Verdict.FAILED, "reason": reason, **given})


def not_shown(check: Check, reason: str, **given: object) -> Finding:
    """Nobody could see whether it would."""
    return Finding.model_validate({"check": check, "verdict": Verdict.NOT_SHOWN, "reason": reason, **given})


def not_asked(check: Check, reason: str) -> Finding:
    """It is not for this partner."""
    return Finding(check=check, verdict=Verdict.NOT_ASKED, reason=reason)


def arrives(outcome: Outcome, *, fetched: bool = True) -> Finding:
    """A referral that was never there before is taken; where it is fetched, somebody came."""
    match outcome:
        case Offered(status=status) if not fetched:
            return failed(Check.ARRIVES, "not-fetched", status=status)
        case Accepted(status=status) | Offered(status=status):
            return passed(Check.ARRIVES, status=status)
        case Duplicate(status=status):
            return failed(Check.ARRIVES, "not-new", status=status)
        case Refused(reason=reason, status=status) | TryLater(reason=reason, status=status):
            return failed(Check.ARRIVES, reason, status=status)
        case Unknown(reason=reason, status=status):
            return failed(Check.ARRIVES, reason, status=status)


def tls(partner: Partner, outcome: Outcome) -> Finding:
    """The connection is to whom it should be. Unknown is what left: whatever became of it, the connection was made."""
    if (why := unasked(Check.TLS, partner)) is not None:
        return not_asked(Check.TLS, why)
    match outcome:
        case Refused(reason=reason) | TryLater(reason=reason) | Unknown(reason=reason) if reason in TLS_REASONS:
            return failed(Check.TLS, reason)
        case Refused() | TryLater() if outcome.status is None:
            return not_shown(Check.TLS, "not-reached")
        case _:
            return passed(Check.TLS, reason=None if partner.tls.pins else "no-pin")


def once(again: Outcome, told: Told) -> Finding:
    """The same sent again is there once. What the second was answered must be no reason to send a third."""
    match told:
        case NotTold(reason=reason, status=status):
            return not_shown(Check.ONCE, reason, status=status)
        case Held(records=0):
            return failed(Check.ONCE, "not-there", count=0)
        case Held(records=records) if records > 1:
            return failed(Check.ONCE, "twice-there", count=records)
        case Held() if isinstance(again, Refused) and again.reason in _AT_FAULT_ITSELF:
            return failed(Check.ONCE, "repeat-refused", status=again.status)
        case _:
            return _taken(Check.ONCE, again)


def asked(again: Outcome, never_sent: Told) -> Finding:
    """Asked whether a revision arrived that did, it must say so; of what was `never_sent` it must show nothing."""
    match again:
        case Duplicate(status=status):
            return _nothing_else(never_sent, status)
        case Accepted(status=status) | Offered(status=status):
            return failed(Check.ASKED, "denied", status=status)
        case Refused(reason="not-kept", status=status):  # sent once more it was there, and asked for it never was
            return failed(Check.ASKED, "denied", status=status)
        case Refused(reason=reason, status=status) | TryLater(reason=reason, status=status):
            return failed(Check.ASKED, reason, status=status)
        case Unknown(reason=reason, status=status):
            return failed(Check.ASKED, reason, status=status)


def _nothing_else(never_sent: Told, status: int) -> Finding:
    """Who shows all Tasks whatever is asked has ours on a later page as soon as there are others."""
    match never_sent:
        case Held(records=0):
            return passed(Check.ASKED, status=status)
        case Held():
            return failed(Check.ASKED, "not-as-asked", status=status)
        case NotTold(reason=reason, status=code):
            return failed(Check.ASKED, reason, status=code)


def order(second: Outcome, told: Told) -> Finding:
    """After the second revision, and the first once more as if it came late, the second holds."""
    match told:
        case NotTold(reason=reason, status=status):
            return not_shown(Check.ORDER, reason, status=status)
        case Held(records=records) if records != 1:
            return failed(Check.ORDER, "twice-there" if records else "not-there", count=records)
        case Held(revision=2):
            return _taken(Check.ORDER, second)
        case _:
            return failed(Check.ORDER, "old-revision")


def cancel(third: Outcome, told: Told) -> Finding:
    """What was withdrawn is cancelled there."""
    match told:
        case NotTold(reason=reason, status=status):
            return not_shown(Check.CANCEL, reason, status=status)
        case Held(status=Progress.CANCELLED):
            return _taken(Check.CANCEL, third)
        case _:
            return failed(Check.CANCEL, "still-open")


def emptied(reply: Reply, at: datetime, wanted: Wanted) -> Finding:
    """Our Patient there is as the withdrawal has it. What they made their own, or show to nobody, is theirs."""
    match standing(reply, at, wanted):
        case Nothing():
            return passed(Check.EMPTIED)
        case Copy():
            return failed(Check.EMPTIED, "not-emptied")
        case Theirs():
            seen = isinstance(reply, Answer) and reply.status < 300  # noqa: PLR2004  the class of success
            return not_asked(Check.EMPTIED, "theirs-by-now" if seen else "no-look")
        case Unknown(reason=reason, status=code):
            return not_shown(Check.EMPTIED, reason, status=code)


def status(told: Told, waited: float) -> Finding:
    """Somebody there said what becomes of it; `waited` in seconds."""
    match told:
        case NotTold(reason=reason, status=code):
            return not_shown(Check.STATUS, reason, status=code)
        case Held(status=Progress.REQUESTED):
            return failed(Check.STATUS, "no-status", seconds=round(waited, 1))
        case _:
            return passed(Check.STATUS)


def refuses(check: Check, outcome: Outcome, told: Told) -> Finding:
    """What is not from us must be refused, and `told` must not have it; who tells nothing of it says so elsewhere."""
    match outcome:
        case Refused(status=code) if code in _REFUSING and isinstance(told, Held) and told.records:
            return failed(check, "kept-though-refused", status=code, count=told.records)
        case Refused(status=code) if code in _REFUSING:
            return passed(check, status=code)
        case Accepted(status=code) | Duplicate(status=code) | Offered(status=code):
            return failed(check, "believed", status=code)
        case Refused(reason=reason, status=code) | TryLater(reason=reason, status=code):
            return failed(check, "not-refused" if code else reason, status=code)
        case Unknown(reason=reason, status=code):
            return failed(check, "not-refused" if code else reason, status=code)


def in_time(heard: Sequence[Heard], prompt: float) -> Finding:
    """No exchange takes longer than `prompt` seconds."""
    longest = round(max((each.seconds for each in heard), default=0.0), 3)
    if longest > prompt:
        return failed(Check.IN_TIME, "too-slow", seconds=longest)
    if not _answered(heard):
        return not_shown(Check.IN_TIME, "nothing-answered")
    return passed(Check.IN_TIME, seconds=longest)


def short(heard: Sequence[Heard]) -> Finding:
    """Every answer was read whole."""
    if not _answered(heard):
        return not_shown(Check.SHORT, "nothing-answered")
    for each in heard:
        match each.reply:
            case Answer(status=code, body=None):
                return failed(Check.SHORT, "answer-too-long", status=code)
            case _:
                pass
    return passed(Check.SHORT)


def clock(heard: Sequence[Heard]) -> Finding:
    """The Date of every answer is near our own time."""
    if not _answered(heard):
        return not_shown(Check.CLOCK, "nothing-answered")
    offs = [off for each in heard if (off := _off(each)) is not None]
    if not offs:
        return not_asked(Check.CLOCK, "no-date")
    worst = max(offs, key=abs)
    if abs(worst) > OFF:
        return failed(Check.CLOCK, "clock-off", seconds=round(worst.total_seconds()))
    return passed(Check.CLOCK)


def _answered(heard: Sequence[Heard]) -> bool:
    return any(isinstance(each.reply, Answer) for each in heard)


def _off(heard: Heard) -> timedelta | None:
    match heard.reply:
        case Answer(date=str() as date):
            try:
                return parsedate_to_datetime(date) - heard.at
            except (ValueError, TypeError, OverflowError):
                return None
        case _:
            return None


def _taken(check: Check, outcome: Outcome) -> Finding:
    match outcome:
        case Accepted(status=code) | Duplicate(status=code) | Offered(status=code):
            return passed(check, status=code)
        case Refused(reason=reason, status=code) | TryLater(reason=reason, status=code):
            return failed(check, reason, status=code)
        case Unknown(reason=reason, status=code):
            return failed(check, reason, status=code)

"""NOTIFYING: how far a partner's server came with our Subscription, and what that makes of its checks. Pure."""

from dataclasses import dataclass
from typing import Final

from schemas.progress import Progress
from services.notify.kit.holding import Held, NotTold, Told
from services.notify.kit.judge import failed, not_shown, passed
from services.notify.kit.report import Check, Finding

_LATER: Final = frozenset({408, 425, 429})
_NOT_IMPLEMENTED: Final = 501


@dataclass(frozen=True, slots=True)
class Declined:
    """It has none of ours. `reason` is a stable code."""

    reason: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Inactive:
    """It took ours, and does not notify us by it. `reason` says what is missing, after so many `seconds`."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Active:
    """It notifies us from now on, by all that it says."""


Begun = Declined | Inactive | Active


@dataclass(frozen=True, slots=True)
class Brought:
    """A notification had us read that somebody there said something."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A notification came, and the Task could not be read."""

    status: int | None


@dataclass(frozen=True, slots=True)
class Unheard:
    """No notification brought anything in so many `seconds`; a search finds what is `held`. `unread`: one was none."""

    held: Told
    seconds: float
    unread: bool = False


Came = Brought | Unreadable | Unheard


def subscription(begun: Begun, *, ended: bool) -> Finding:
    """It takes ours, reaches us by it, and lets us end it."""
    match begun:
        case Declined(status=int() as code) if _refuses(code):
            return failed(Check.SUBSCRIPTION, "subscription-refused", status=code)
        case Declined(reason=reason, status=code):
            return failed(Check.SUBSCRIPTION, reason, status=code)
        case Inactive(reason=reason, seconds=seconds):
            return failed(Check.SUBSCRIPTION, reason, seconds=round(seconds, 1))
        case Active() if not ended:
            return failed(Check.SUBSCRIPTION, "not-ended")
        case Active():
            return passed(Check.SUBSCRIPTION)


def status(came: Came, *, more: bool) -> Finding:
    """What somebody there said came back by a notification and a read. `more`: a notification carried more than ids."""
    match came:
        case _ if more:
            return failed(Check.STATUS, "more-than-ids")
        case Brought():
            return passed(Check.STATUS)
        case Unreadable(status=code):
            return failed(Check.STATUS, "not-readable", status=code)
        case Unheard(unread=True):
            return failed(Check.STATUS, "notification-unreadable")
        case Unheard(held=held, seconds=seconds):
            return _unheard(held, round(seconds, 1))


def _unheard(held: Told, seconds: float) -> Finding:
    """Whether there was nothing to tell, or it was not told."""
    match held:
        case NotTold(reason=reason, status=code):
            return not_shown(Check.STATUS, reason, status=code)
        case Held(records=0):
            return failed(Check.STATUS, "not-there", count=0)
        case Held(status=Progress.REQUESTED):
            return failed(Check.STATUS, "no-status", seconds=seconds)
        case Held():
            return failed(Check.STATUS, "not-notified", seconds=seconds)


def _refuses(code: int) -> bool:
    return (400 <= code < 500 and code not in _LATER) or code == _NOT_IMPLEMENTED  # noqa: PLR2004  the class of refusals

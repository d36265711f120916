"""STANDING: whether a partner may get real referrals: a passing report younger than a year, or two persons' word.

A report counts for what it is proof of, a word for the server it was given for (`fingerprint.py`), and neither for
what came in its place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.partner import Partner

VALID: Final = timedelta(days=365)
"""How long a passing report holds."""

ENDING: Final = timedelta(days=30)
"""How long before its end it warns."""

ADMITTED: Final = timedelta(days=30)
"""How long two persons' word holds: time to mend what the report found, no more."""

ADMITTED_ENDING: Final = timedelta(days=7)
"""How long before its end it warns: whoever gave it knows, and a warning in the same hour would say nothing."""

NOT_LIVE: Final = "not-live"
NEVER_CHECKED: Final = "never-checked"
CHANGED: Final = "changed-since-check"
CHECK_EXPIRED: Final = "check-expired"
UNPROVEN: Final = (NOT_LIVE, NEVER_CHECKED, CHANGED, CHECK_EXPIRED)
"""Why a real referral is parked that nothing else is wrong with; it goes when its partner may get it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The youngest passing report. `current`: it is of the partner as its entry is now, and not of another server."""

    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a partner: its youngest passing report, and when two persons last vouched for it."""

    proof: Proof | None = None
    admitted_at: datetime | None = None


NONE: Final = Evidence()


@dataclass(frozen=True, slots=True)
class Live:
    """Real referrals may go there. `until` is None for a partner without a server: there is nothing to prove.

    `ending`: it is time to prove it, or to prove it again. `warns`: people are told of the end.
    """

    until: datetime | None = None
    ending: bool = False
    warns: bool = False


@dataclass(frozen=True, slots=True)
class NotLive:
    """Only marked test data may go there. `reason` is a stable code, `since` when what it had came to its end."""

    reason: str
    since: datetime | None = None


Standing = Live | NotLive


def as_configured(partner: Partner) -> str | None:
    """Why its entry alone keeps it out, or None."""
    return None if partner.live else NOT_LIVE


def standing(partner: Partner, proof: Proof | None, admitted_at: datetime | None, now: datetime) -> Standing:
    """What the partner's entry, its youngest passing report and the last admission by two persons come to.

    A later report that failed takes nothing away: a supplier may try things out at a test address.
    """
    if not partner.live:
        return NotLive(NOT_LIVE)
    if partner.channel.type == "inbox":
        return Live()
    ends = [] if admitted_at is None else [(admitted_at + ADMITTED, ADMITTED_ENDING)]
    if proof is not None and proof.current:
        ends.append((proof.at + VALID, ENDING))
    if not ends:
        return NotLive(NEVER_CHECKED if proof is None else CHANGED)
    until, warned = max(ends)
    left = until - now
    if left <= timedelta(0):
        return NotLive(CHECK_EXPIRED, until)
    return Live(until, ending=left <= ENDING, warns=left <= warned)


def stands(partner: Partner, evidence: Evidence, now: datetime) -> Standing:
    """As `standing`."""
    return standing(partner, evidence.proof, evidence.admitted_at, now)


def due(standing: Standing) -> bool:
    """Whether it is time to prove it, or to prove it again."""
    match standing:
        case Live(ending=ending):
            return ending
        case NotLive():
            return True


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told once of a standing: `reason` is `check-ends` or `check-expired`, `due_at` that end."""

    reason: str
    due_at: datetime


CHECK_ENDS: Final = "check-ends"


def warning(standing: Standing) -> Notice | None:
    """What is to be told of it, if anything. Each end has one of each kind, however often it is looked at."""
    match standing:
        case Live(until=datetime() as until, warns=True):
            return Notice(CHECK_ENDS, until)
        case NotLive(since=datetime() as since):
            return Notice(CHECK_EXPIRED, since)
        case Live() | NotLive():
            return None

"""REACH: how we stand with one partner: may anything go there, is it failing, is it disabled. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from schemas.audit import Fact
from services.notify import breaker, failing
from services.notify.breaker import CLOSED, Breaker, Closed, Sign
from services.notify.classify import CLOCKS_APART, wrong_way
from services.notify.failing import GIVE_UP, WARN_AT
from services.notify.outcome import GONE, Accepted, Duplicate, Offered, Outcome, Refused, TryLater, Unknown

FAILING: Final = "failing"
BY_A_PERSON: Final = "disabled-by-a-person"

AHEAD: Final = timedelta(seconds=0.5)
"""How long before its turn something may be claimed, where there is a rate."""

QUIET_MOST: Final = timedelta(minutes=15)
"""No Retry-After silences all of a partner for longer; the referral that was told waits as it says."""

RATE_MOST: Final = timedelta(days=1)
"""No rate makes anybody wait so long for a turn: a later one was given by a clock ahead of ours."""

THROTTLED: Final = frozenset({"throttled", "token-throttled"})
_TOO_MANY: Final = 429
_OURS: Final = frozenset(
    {"conflict", "no-secret", "no-room-here", "token-no-room-here", "keyring-unavailable", "key-unknown"}
)
"""Later, but no fault of the partner or the network."""

_EVERYTHING: Final = frozenset({"not-authorised", CLOCKS_APART, "no-such-address", "redirected", GONE})
"""Refusals that every referral would meet, not this one: as where the way there is wrong."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One partner. `changes` counts what was told of it. `failing_since` is the first fault after all was well.

    `failed_at` is the last one, and `failing_for` how long it was seen to fail up to then (`failing.py`).
    `next_at`: with a rate, when the next request may begin. `quiet_until`: it asked us to slow down (429).
    `redriving`: it was enabled, and what was parked goes back in slices.
    """

    partner: str
    breaker: Breaker = CLOSED
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    failing_for: timedelta = timedelta(0)
    warned: int = 0
    disabled: str | None = None
    disabled_at: datetime | None = None
    redriving: bool = False
    next_at: datetime | None = None
    quiet_until: datetime | None = None
    changes: int = 0

    @property
    def clean(self) -> bool:
        """Nothing is wrong, and nothing was lately: what goes well need not be written down."""
        if not (self.failing_since is None and self.quiet_until is None and self.disabled is None):
            return False
        match self.breaker:
            case breaker.Closed(failures=0, slots=slots):
                return not any(faults for _, _, faults in slots)
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Change:
    """What is told of a partner, once: `ordinal` tells it apart from the same one later."""

    fact: Fact
    reason: str
    ordinal: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A reach as it became, and what is to be told."""

    reach: Reach
    changes: tuple[Change, ...] = field(default=())


def sign_of(outcome: Outcome | None) -> Sign:
    """What it says about the partner, apart from this referral; nothing, when nothing was tried."""
    match outcome:
        case None:
            return Sign.NOTHING
        case Accepted() | Duplicate() | Offered():
            return Sign.WELL
        case TryLater() | Unknown() if _throttled(outcome):
            return Sign.NOTHING
        case Refused(reason=reason):
            return Sign.FAULT if reason in _EVERYTHING or wrong_way(reason) else Sign.WELL
        case TryLater(reason=reason):
            return Sign.NOTHING if reason in _OURS else Sign.FAULT
        case Unknown(reason=reason):
            return Sign.NOTHING if reason in _OURS else Sign.FAULT


def _throttled(outcome: TryLater | Unknown) -> bool:
    """Whether it asked us to slow down, whatever we asked of it."""
    return outcome.reason in THROTTLED or outcome.status == _TOO_MANY


def opens_at(reach: Reach, now: datetime) -> datetime | None:
    """When anything may go there at the soonest; None while it is disabled."""
    if reach.disabled is not None:
        return None
    times = [breaker.opens_at(reach.breaker, now)]
    if reach.quiet_until is not None and reach.quiet_until <= now + QUIET_MOST:
        times.append(reach.quiet_until)
    if reach.next_at is not None and reach.next_at <= now + RATE_MOST:
        times.append(reach.next_at - AHEAD)
    return max(now, *times)


def places(reach: Reach, rate: float | None, now: datetime, free: int) -> int:
    """How many may be claimed now, of so many free places. `rate` is in requests a second."""
    at = opens_at(reach, now)
    if at is None or at > now:
        return 0
    most = breaker.places(reach.breaker, now, free)
    if rate is None:
        return most
    begin = _begin(reach, now)
    return max(0, min(most, math.floor((now + AHEAD - begin).total_seconds() * rate) + 1))


def _begin(reach: Reach, now: datetime) -> datetime:
    turn = reach.next_at
    return now if turn is None or turn > now + RATE_MOST else max(turn, now)


def turn(reach: Reach, rate: float | None, now: datetime, requests: int) -> tuple[Reach, datetime]:
    """The next one's turn, and the reach after it; `requests` is how many it may make."""
    if rate is None:
        return reach, now
    at = _begin(reach, now)
    return replace(reach, next_at=at + timedelta(seconds=requests / rate)), at


def sent(reach: Reach, referral: UUID, lease_until: datetime) -> Reach:
    """After something went."""
    return replace(reach, breaker=breaker.sent(reach.breaker, referral, lease_until))


def concluded(
    reach: Reach, referral: UUID, outcome: Outcome | None, now: datetime, limits: breaker.Limits = breaker.USUAL
) -> Judged:
    """After an attempt ended: breaker, warnings, disabling. Each change is told once, whoever else sees it too.

    `outcome` is None when nothing was tried: a probe of that kind found out nothing.
    """
    sign = sign_of(outcome)
    after = replace(
        reach,
        breaker=breaker.seen(reach.breaker, referral, sign, now, limits),
        quiet_until=_quiet(reach.quiet_until, outcome, now),
    )
    match sign:
        case Sign.WELL:
            after = replace(after, failing_since=None, failed_at=None, failing_for=timedelta(0), warned=0)
        case Sign.FAULT:
            after = _failed(after, now)
        case Sign.NOTHING:
            pass
    return _told(reach, after, getattr(outcome, "reason", ""), now)


def _failed(reach: Reach, now: datetime) -> Reach:
    fault = failing.failed(reach.failed_at, reach.failing_for, reach.warned, now)
    since = min(reach.failing_since or now, now)
    return replace(reach, failing_since=since, failed_at=fault.last, failing_for=fault.lasted)


def _quiet(before: datetime | None, outcome: Outcome | None, now: datetime) -> datetime | None:
    """Until when all of a partner waits that answered 429; others that were on their way do not end it."""
    after = before if before is not None and now < before <= now + QUIET_MOST else None
    match outcome:
        case TryLater(not_before=asked) | Unknown(not_before=asked) if _throttled(outcome):
            until = min(max(asked or now, now + timedelta(seconds=1)), now + QUIET_MOST)
            return max(until, after or until)
        case _:
            return after


def disable(reach: Reach, reason: str, now: datetime) -> Judged:
    """Nothing more goes there."""
    after = replace(reach, disabled=reason, disabled_at=now, redriving=False)
    return _with(after, [(Fact.PARTNER_DISABLED, reason, None)])


def enable(reach: Reach, reason: str) -> Judged:
    """As if nothing had ever been wrong; what was parked for it goes back."""
    fresh = Reach(reach.partner, redriving=True, next_at=reach.next_at, changes=reach.changes)
    return _with(fresh, [(Fact.PARTNER_ENABLED, reason, None)])


def _told(before: Reach, after: Reach, reason: str, now: datetime) -> Judged:
    told: list[tuple[Fact, str, datetime | None]] = []
    was_open, is_open = (not isinstance(each.breaker, Closed) for each in (before, after))
    if is_open and not was_open and isinstance(after.breaker, breaker.Open):
        told.append((Fact.BREAKER_OPENED, reason, after.breaker.until))
    if was_open and not is_open:
        told.append((Fact.BREAKER_CLOSED, "answers", None))
    percent = failing.percent(after.failing_for)
    if percent > after.warned and before.disabled is None and reason != GONE:  # of what has come nobody is warned
        told.append((Fact.PARTNER_WARNED, f"{FAILING}-{percent}", now + GIVE_UP - after.failing_for))
        after = replace(after, warned=percent)
    why = reason if reason == GONE else FAILING if percent == WARN_AT[-1] else None
    if why is not None and after.disabled is None:
        after = replace(after, disabled=why, disabled_at=now, redriving=False)
        told.append((Fact.PARTNER_DISABLED, why, None))
    return _with(after, told)


def _with(after: Reach, told: list[tuple[Fact, str, datetime | None]]) -> Judged:
    changes = tuple(
        Change(what, reason, after.changes + place, due_at) for place, (what, reason, due_at) in enumerate(told)
    )
    return Judged(replace(after, changes=after.changes + len(told)), changes)


Reaches = Mapping[str, Reach]

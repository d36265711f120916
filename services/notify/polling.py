"""POLLING: how a partner is asked about its Tasks, and when. Pure: time is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from schemas.feedback import PollingFeedback, SubscriptionFeedback
from schemas.partner import Partner
from services.notify.fhir_answers import Answered, NotNow, Tasks, Unfit
from services.notify.polling_round import Round
from services.notify.reach import Reach, opens_at

BATCH: Final = 20
"""Tasks in one question: their identifiers fit an address of two thousand characters."""

UNKNOWN_AGAIN: Final = timedelta(minutes=1)
"""How soon a Task is looked for again that was not found yet."""

OVERLAP: Final = timedelta(minutes=5)
"""How far back a question reaches beyond the last one: a server's index is behind, and its clock is not ours."""

WHOLE: Final = timedelta(hours=1)
"""Once in so long the question has no condition, whatever the server's clock did."""

TURNS: Final = 4
"""Questions at most in the time that a Task is left alone, or each Task would have one of its own."""

SHORTEST: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(hours=1)
RETRY_AFTER_MOST: Final = timedelta(days=1)
LEASED_MOST: Final = timedelta(hours=1)
"""No lease is longer: a clock that was ahead gave it."""

Asked = PollingFeedback | SubscriptionFeedback


@dataclass(frozen=True, slots=True)
class Manner:
    """How questions are put to one server, as was learned from its answers: how many at once, how plain."""

    most: int = BATCH
    plain: bool = False
    skew: timedelta | None = None


def learned(manner: Manner, answered: Answered, asked: int) -> Manner | None:
    """The manner of the next question; None when it understands none that we have. `asked` is how many this one was.

    Half as many after an answer that was too long, and one more after each that was not: one long Task among them does
    not make all of them questions of their own for good.
    """
    match answered:
        case Tasks(skew=ahead):
            most = min(manner.most + 1, BATCH) if asked >= manner.most else manner.most
            return replace(manner, most=most, skew=ahead or manner.skew)
        case Unfit(reason="answer-too-long"):
            return replace(manner, most=asked // 2) if asked > 1 else None
        case Unfit():
            return None if manner.plain else replace(manner, plain=True)
        case NotNow():
            return manner


def asked_of(partner: Partner) -> Asked | None:
    """How we ask it; None when it tells us by itself, or nothing."""
    match partner.feedback:
        case PollingFeedback() | SubscriptionFeedback() as how:
            return how
        case _:
            return None


def every(how: Asked) -> timedelta:
    """How long each Task is left alone between two questions."""
    return timedelta(seconds=how.every_seconds)


def sought_every(how: Asked) -> timedelta:
    """The same, of a Task that was not found yet. A notification names it by its id there, so we must know that."""
    match how:
        case PollingFeedback():
            return every(how)
        case SubscriptionFeedback():
            return min(every(how), UNKNOWN_AGAIN)


def ready_at(round_: Round, how: Asked, stands: Reach, now: datetime, *, fresh: bool) -> datetime | None:
    """When its turn may begin; None while it is disabled. `fresh`: a Task there was never asked about.

    It waits as deliveries do, for an open breaker and for a 429. Times that no rule of ours gives are a wrong clock's.
    """
    opens = opens_at(stands, now)
    if opens is None:
        return None
    due = now if fresh and not round_.failures else round_.due_at
    if not round_.failures and round_.renew_at is not None and isinstance(how, SubscriptionFeedback):
        due = min(due, round_.renew_at)
    if due > now + max(every(how), LONGEST) + RETRY_AFTER_MOST:
        due = now
    leased = round_.leased_until
    if leased is not None and leased <= now + LEASED_MOST:
        due = max(due, leased)
    return max(due, opens)


def since(asked_at: Sequence[datetime | None], ahead: timedelta | None, now: datetime) -> datetime | None:
    """What changed from when on, by the server's clock, is asked for; None asks for all of these.

    All is asked for whenever one was never asked about, the server's clock is not known, or an hour began since.
    """
    times = [at for at in asked_at if at is not None]
    if len(times) < len(asked_at) or not times or ahead is None:
        return None
    oldest = min(times)
    if oldest > now or _hour(oldest) != _hour(now):
        return None
    try:
        return oldest + ahead - OVERLAP
    except OverflowError:  # its clock stands at the first or the last day of the calendar
        return None


def answered_at(round_: Round, how: Asked, now: datetime, *, due: datetime | None, more: bool = False) -> Round:
    """After an answer. `due` is when the first of its Tasks is asked about again, None when there is none.

    What becomes due a while later is asked about with it, in one question; `more`: the last one left some that are due.
    """
    latest = now + every(how)
    after = now if more else max(min(due or latest, latest), now + sought_every(how) / TURNS)
    return replace(round_, failures=0, fault=None, answered_at=now, due_at=after)


def failed(round_: Round, how: Asked, why: NotNow, now: datetime) -> Round:
    """After none: it is asked again later and later."""
    failures = round_.failures + 1
    due = after_failure(how, failures, why.not_before, now)
    return replace(round_, failures=failures, fault=why.reason, due_at=due)


def after_failure(how: Asked, failures: int, not_before: datetime | None, now: datetime) -> datetime:
    """When it is asked again after so many failures in a row; what it asked for counts, up to a day."""
    first = max(every(how), SHORTEST)
    wait = max(first, min(first * 2.0 ** min(failures - 1, 20), LONGEST))
    asked = min(not_before or now, now + RETRY_AFTER_MOST)
    return max(now + wait, asked)


def _hour(at: datetime) -> int:
    return int(at.timestamp() // WHOLE.total_seconds())

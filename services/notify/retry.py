"""RETRY: what follows from the outcome of an attempt. Time and dice are arguments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from services.notify.outcome import GONE, Accepted, Duplicate, Offered, Outcome, Refused, TryLater, Unknown

LADDER_SECONDS: Final = (0, 5, 30, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Waits before attempts 1, 2, 3, … (Standard Webhooks 1.0.0, with a rung at 30 s); the last one repeats."""

PARTNER_DISABLED: Final = "partner-disabled"
"""Why a referral is parked whose partner is disabled; it goes when the partner is enabled."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to try again. `waits[n]` is the wait after `n` attempts; `jitter` is the largest share added to it."""

    waits: tuple[timedelta, ...]
    max_age: timedelta = timedelta(days=5)
    jitter: float = 0.2

    @classmethod
    def of_seconds(cls, waits: Sequence[float], max_age: timedelta = timedelta(days=5)) -> Self:
        """From `waits` in seconds, as settings have them."""
        return cls(tuple(timedelta(seconds=wait) for wait in waits), max_age)

    def wait(self, attempt: int, dice: float) -> timedelta:
        """After that many attempts. Jitter is only added: a partner is never asked sooner than agreed."""
        wait = self.waits[min(attempt, len(self.waits) - 1)]
        return wait + wait * (self.jitter * dice)

    @property
    def longest(self) -> timedelta:
        """No Retry-After holds us off for longer."""
        return max(self.waits)


OFFERED: Final = "offered"
"""Why a referral is not delivered yet that the partner was told of: it waits to be fetched."""

NOT_FETCHED: Final = "not-fetched"
"""Why it is put before a person: the partner was told, and never came for it."""

STANDARD: Final = Schedule.of_seconds(LADDER_SECONDS)
"""What the service has unless its settings say otherwise."""


@dataclass(frozen=True, slots=True)
class Done:
    """The partner has it."""


@dataclass(frozen=True, slots=True)
class AgainAt:
    """It is tried again at `due_at`; `reason` is why not now."""

    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Park:
    """A person must look."""

    reason: str


@dataclass(frozen=True, slots=True)
class Recall:
    """It may have arrived and its withdrawal waits: it is not sent again, and the withdrawal goes."""


Step = Done | AgainAt | Park | Recall


def next_step(
    outcome: Outcome, *, attempt: int, now: datetime, first_at: datetime, schedule: Schedule, dice: float
) -> Step:
    """`attempt` counts from 1, since `first_at`: when it was queued, or last put back by a person. `dice` is in [0, 1).

    The last attempt falls on the maximum age exactly; after that it is parked, never dropped. What was offered is
    offered again after the longest wait: a partner that forgot is reminded.
    """
    match outcome:
        case Accepted() | Duplicate():
            return Done()
        case Offered():
            expires = first_at + schedule.max_age
            return Park(NOT_FETCHED) if now >= expires else AgainAt(min(now + schedule.longest, expires), OFFERED)
        case Refused(reason=reason):
            # the partner is disabled by it (`reach.py`), and so is this one of all that wait for it
            return Park(PARTNER_DISABLED if reason == GONE else reason)
        case TryLater(reason=reason, not_before=not_before) | Unknown(reason=reason, not_before=not_before):
            expires = first_at + schedule.max_age
            if now >= expires:
                return Park("too-old")
            due_at = now + schedule.wait(attempt, dice)
            if not_before is not None:
                due_at = max(due_at, min(not_before, now + schedule.longest))
            return AgainAt(min(due_at, expires), reason)

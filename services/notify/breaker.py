"""BREAKER: when a partner that fails is left alone, and when one attempt finds out whether it answers again.

Pure: what it was, what was seen, and now. One of them stands in SQL for each partner, so all instances share it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

SLOT_SECONDS: Final = 10


class Sign(StrEnum):
    """What one attempt says about the partner itself, whatever it says about the referral."""

    WELL = "well"  # it answered, if only to refuse this one
    FAULT = "fault"  # it, or the way to it, failed
    NOTHING = "nothing"  # a fault of ours, or it asked us to slow down


@dataclass(frozen=True, slots=True)
class Limits:
    """`failures` in a row open it; so does a `share` of at least `least` within `window`. Waits double to `longest`."""

    failures: int = 5
    share: float = 0.5
    least: int = 10
    window: timedelta = timedelta(seconds=60)
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=15)


USUAL: Final = Limits()
Slot = tuple[int, int, int]
"""Ten seconds, by their number since 1970: how many attempts were well, how many were faults."""


@dataclass(frozen=True, slots=True)
class Closed:
    """All may go. `failures` in a row so far; `slots` of the last minute."""

    failures: int = 0
    slots: tuple[Slot, ...] = ()


CLOSED: Final = Closed()


@dataclass(frozen=True, slots=True)
class Open:
    """Nobody goes until then; `wait` is how long that was."""

    until: datetime
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Probing:
    """One referral is on its way to find out; if it is not back by `until`, another may go."""

    until: datetime
    wait: timedelta
    probe: UUID


Breaker = Closed | Open | Probing


def opens_at(breaker: Breaker, now: datetime, limits: Limits = USUAL) -> datetime:
    """When somebody may go. What is hours off is no wait and no lease of ours: a clock that was ahead set it."""
    match breaker:
        case Closed():
            return now
        case Open(until=until) | Probing(until=until):
            return max(now, until) if until <= now + 4 * limits.longest else now


def places(breaker: Breaker, now: datetime, free: int) -> int:
    """How many may go now."""
    if isinstance(breaker, Closed):
        return free
    return min(free, 1) if opens_at(breaker, now) <= now else 0


def sent(breaker: Breaker, referral: UUID, lease_until: datetime) -> Breaker:
    """After somebody went: through an open one it was the probe."""
    match breaker:
        case Closed():
            return breaker
        case Open(wait=wait) | Probing(wait=wait):
            return Probing(lease_until, wait, referral)


def seen(breaker: Breaker, referral: UUID, sign: Sign, now: datetime, limits: Limits = USUAL) -> Breaker:
    """After an attempt at this referral ended. Whatever answers closes it; of faults, while open only the probe counts.

    What was on its way when it opened adds nothing: the waits double for probes only.
    """
    match breaker, sign:
        case Probing(probe=probe, wait=wait), Sign.NOTHING if probe == referral:
            return Open(now, wait)  # it did not find out: another may at once
        case _, Sign.NOTHING:
            return breaker
        case Closed(), _:
            return _counted(breaker, sign, now, limits)
        case _, Sign.WELL:
            return CLOSED
        case Probing(probe=probe, wait=wait), Sign.FAULT if probe == referral:
            longer = min(wait * 2, limits.longest)
            return Open(now + longer, longer)
        case _:
            return breaker


def well(closed: Closed, slots: tuple[Slot, ...], now: datetime, limits: Limits = USUAL) -> Closed:
    """With attempts that went well before, and were not written down as nothing was wrong."""
    return replace(closed, slots=_merged((*closed.slots, *slots), now, limits))


def _counted(closed: Closed, sign: Sign, now: datetime, limits: Limits) -> Breaker:
    fault = sign is Sign.FAULT
    slots = _merged((*closed.slots, (slot_of(now), int(not fault), int(fault))), now, limits)
    failures = closed.failures + 1 if fault else 0
    if fault and (failures >= limits.failures or _share(slots, limits) >= limits.share):
        return Open(now + limits.first, limits.first)
    return Closed(failures, slots)


def _share(slots: tuple[Slot, ...], limits: Limits) -> float:
    """Of faults, of enough attempts to say so; a few say nothing."""
    faults = sum(slot[2] for slot in slots)
    total = faults + sum(slot[1] for slot in slots)
    return faults / total if total >= limits.least else 0.0


def slot_of(now: datetime) -> int:
    """The ten seconds it lies in."""
    return int(now.timestamp()) // SLOT_SECONDS


def _merged(slots: tuple[Slot, ...], now: datetime, limits: Limits) -> tuple[Slot, ...]:
    """One of each, of the window only: a clock that was ahead left slots in the future, and they go as well."""
    last = slot_of(now)
    first = last - int(limits.window.total_seconds()) // SLOT_SECONDS
    found: dict[int, tuple[int, int]] = {}
    for number, good, bad in slots:
        if first < number <= last:
            before = found.get(number, (0, 0))
            found[number] = (before[0] + good, before[1] + bad)
    return tuple((number, *found[number]) for number in sorted(found))

"""FETCHING: what a partner gets that comes for a referral itself. Delivered is what was fetched, not offered.

Only the current revision is shown: what stands before it and was never fetched is superseded by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.line import Line
from services.notify.retry import NOT_FETCHED

_HELD_BACK: Final = frozenset({DeliveryState.CANCELLED, DeliveryState.DISMISSED})


@dataclass(frozen=True, slots=True)
class Current:
    """This revision is to be shown; `before` it some were never fetched."""

    line: Line
    before: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """It was withdrawn, or a person decided that it goes nowhere. `line` is the withdrawal, where one is to be told."""

    line: Line | None
    before: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing there, or nothing yet: a person decides first."""


Finding = Current | TakenBack | Nothing


def collecting(lane: Sequence[Line], partner: str) -> Finding:
    """`lane` is one case's lines for one recipient, in the order of their revisions.

    What is held or parked hides what comes after it, as on every channel; parked only because nobody came for it, it
    can still be fetched. Who turned a revision down has nothing of that lane any more, also not what it had before.
    """
    if _elsewhere(lane, partner):
        return Nothing()
    ready = [line for line in takewhile(_ready, lane) if line.partner == partner]
    there = [line for line in ready if line.state not in _HELD_BACK]
    if not there:
        return TakenBack(None) if ready else Nothing()
    *earlier, last = there
    before = tuple(line for line in earlier if not line.final)
    return TakenBack(last, before) if last.change is ReferralChange.WITHDRAWAL else Current(last, before)


def _elsewhere(lane: Sequence[Line], partner: str) -> bool:
    """Whether a person chooses, or chose, somebody else for what came after the partner's own."""
    own = max((line.revision for line in lane if line.partner == partner), default=0)
    return any(line.chosen and line.revision > own for line in lane)


def waits(line: Line) -> bool:
    """Whether it is offered and nobody came for it yet."""
    return line.state is DeliveryState.PENDING or (line.state is DeliveryState.PARKED and line.reason == NOT_FETCHED)


def _ready(line: Line) -> bool:
    return line.final or waits(line)

"""PROGRESS: what a partner's report means for where its referral stands. It goes forward only, whatever comes when."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from schemas.progress import CLOSED, Milestone, Progress, Rejection

_RANKS: Final = {
    Progress.REQUESTED: 0,
    Progress.RECEIVED: 1,
    Progress.ACCEPTED: 2,
    Progress.IN_PROGRESS: 3,
    Progress.ON_HOLD: 3,
    **dict.fromkeys(CLOSED, 4),
}
_REACHED: Final = {Milestone.SEEN: 1, Milestone.ACCEPTED: 2, Milestone.OUTCOME: 4}


@dataclass(frozen=True, slots=True)
class Report:
    """What the partner said. `at` is by its own clock, and only compared with others of that clock.

    `business` is a code of the partner's, `revision` the revision it names, `dropped` how many texts it sent along
    that we did not keep.
    """

    status: Progress
    at: datetime | None = None
    rejection: Rejection | None = None
    business: str | None = None
    revision: int | None = None
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the partner is with one revision. `at` is the newest report's own time, by the partner's clock."""

    revision: int
    status: Progress = Progress.REQUESTED
    at: datetime | None = None
    rejection: Rejection | None = None
    business: str | None = None

    @property
    def closed(self) -> bool:
        """The partner does nothing more about it."""
        return self.status in CLOSED

    def reached(self, milestone: Milestone) -> bool:
        """Whether a person at the partner has come that far."""
        return _RANKS[self.status] >= _REACHED[milestone]


@dataclass(frozen=True, slots=True)
class Advanced:
    """It stands so now."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Same:
    """It was told before: no change, no fact. `standing` knows the newest time at which the partner said so."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Late:
    """Something later was told before; this changes nothing."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It contradicts what was told: a person should hear of it. `reason` is a stable code."""

    reason: str


def advance(current: Standing, reported: Report) -> Advanced | Same | Late | Refused:
    """Where it stands after this report.

    Work under way may be put on hold and taken up again; all else goes forward. Closed is closed, and another end told
    after it, or anything the partner itself dates after it, is refused and not forgotten.
    """
    if reported.revision is not None and reported.revision != current.revision:
        return Late() if reported.revision < current.revision else Refused("unknown-revision")
    after = _after(current, reported)
    if after == replace(current, at=after.at):
        return Same(after)
    if current.closed:
        return Refused("closed") if _contradicts(current, reported) else Late()
    if _RANKS[reported.status] < _RANKS[current.status]:
        return Late()
    if _RANKS[reported.status] == _RANKS[current.status] and _dated_before(reported, current):
        return Late()
    return Advanced(after)


def _after(current: Standing, reported: Report) -> Standing:
    """A business status that is not told again stays."""
    return Standing(
        revision=current.revision,
        status=reported.status,
        at=max((at for at in (current.at, reported.at) if at is not None), default=None),
        rejection=_reason(current, reported),
        business=reported.business or current.business,
    )


def _reason(current: Standing, reported: Report) -> Rejection | None:
    """Why a partner does nothing (more): a code where it said no, as a person must be told; none where it is done."""
    kept = current.rejection if current.status is reported.status else None
    match reported.status:
        case Progress.REJECTED | Progress.FAILED:
            return reported.rejection or kept or Rejection.OTHER
        case Progress.CANCELLED:
            return reported.rejection or kept
        case _:
            return None


def _contradicts(current: Standing, reported: Report) -> bool:
    if reported.status in CLOSED:
        return reported.status is not current.status
    return reported.at is not None and current.at is not None and reported.at > current.at


def _dated_before(reported: Report, current: Standing) -> bool:
    return reported.at is not None and current.at is not None and reported.at < current.at

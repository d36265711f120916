"""REPORT SUBJECT: which revision a partner reports on that we do not know it has; that it does says that it is there.

A partner may be faster than its answer to us, and may keep what it answers 503 to. Whose an id is was judged before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from uuid import UUID

from schemas.delivery import DeliveryState
from schemas.partner import InboxChannel, NotifiedPullChannel, Partner
from schemas.progress import Progress
from services.notify.line import Line

NOT_SENT: Final = "not-sent"
"""It waits to be sent, and as far as we know nothing of it went there: it is asked to say so again."""

NOT_FETCHED: Final = "not-fetched"
"""It lies ready, and nobody came for it: what is in it nobody there knows."""

NOT_GOING: Final = "not-going"
"""A person, or a withdrawal, ended it, as it cannot have arrived; and yet its partner speaks of it."""

UNKNOWN: Final = "unknown"
"""The outcome of an attempt whose answer was lost."""

_GOES: Final = frozenset({DeliveryState.PENDING, DeliveryState.PARKED})
_ENDED: Final = frozenset({DeliveryState.CANCELLED, DeliveryState.DISMISSED})
_HAVING: Final = frozenset(
    {Progress.RECEIVED, Progress.ACCEPTED, Progress.IN_PROGRESS, Progress.ON_HOLD, Progress.COMPLETED}
)

Tried = Mapping[UUID, str]
"""Of referrals that were sent to that partner, so that it may have read them: the outcome of the last attempt there."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """It is this partner's, and as far as we know it cannot have it. `reason` is a stable code."""

    line: Line
    reason: str


def fetches(partner: Partner | None) -> bool:
    """Whether it comes for what is its own. Until then it knows no more than that there is something."""
    return partner is not None and isinstance(partner.channel, NotifiedPullChannel | InboxChannel)


def has(line: Line, *, fetched: bool) -> bool:
    """Whether the partner has it, or may have it for all that our ledger knows."""
    return line.state is DeliveryState.DELIVERED if fetched else line.may_have_arrived


def theirs(lane: Iterable[Line], about: UUID, partner: str, since: int) -> list[Line]:
    """What of it could be meant by that id: a revision by its own, all of them by the first one's.

    What the partner had before revision `since`, at which it was turned down, is not given back to it. Of what waits
    for a person nobody outside knows.
    """
    return [
        each
        for each in lane
        if each.partner == partner
        and each.state is not DeliveryState.HELD
        and about in {each.referral, each.thread}
        and each.revision >= since
    ]


def spoken_of(lines: Sequence[Line], about: UUID, tried: Tried, *, fetched: bool) -> Line | NotYet | None:
    """What it has or may have, by that id or the newest; else what was sent there, whatever was answered; else why not.

    An answer that says "later", or "no", and a report about the same: it may be there, as after a lost answer.
    """
    newest = attrgetter("revision")
    if had := [line for line in lines if has(line, fetched=fetched)]:
        return next((line for line in had if line.referral == about), max(had, key=newest))
    going = [line for line in lines if line.state in _GOES]
    if not fetched and (sent := [line for line in going if line.referral in tried]):
        return max(sent, key=newest)
    if going:
        return NotYet(max(going, key=newest), NOT_FETCHED if fetched else NOT_SENT)
    ended = [line for line in lines if line.state in _ENDED and line.referral in tried]
    return NotYet(max(ended, key=newest), NOT_GOING) if ended and not fetched else None


def marked(line: Line) -> Line:
    """As what may have arrived: it is asked after before it goes again, or goes as a possible duplicate."""
    return line if line.state is DeliveryState.DELIVERED else line.but(uncertain=True)


def arrived(line: Line, status: Progress, tried: Tried, named: Collection[UUID]) -> bool:
    """Whether that word answers what a lost answer left open: people there have this very revision (design: D10).

    Where the partner answered that it did not take it, its answer stands and it is sent again. A word of a machine's,
    as `failed` may be, proves nothing of people.
    """
    open_ = line.state is DeliveryState.PENDING and tried.get(line.referral) == UNKNOWN
    return open_ and not line.in_flight and line.referral in named and status in _HAVING

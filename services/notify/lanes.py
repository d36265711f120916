"""LANES: one per case and recipient. Strict order by revision inside a lane, full independence between lanes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from uuid import UUID

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.line import Line
from services.notify.retry import PARTNER_DISABLED
from services.notify.standing import UNPROVEN

DISMISSED_BEFORE: Final = "dismissed-before"
"""Why it is held: the rules would send it, and a person said no to the revision before it."""

FORBIDS: Final = frozenset({"legal-basis", "secret-address", "elsewhere"})
"""Why a later revision is held, so that what was known before does not go to that partner by itself either."""

GOES_BACK: Final = frozenset({PARTNER_DISABLED, *UNPROVEN})
"""Why it is parked until its partner may have it: then it goes, and nobody is asked."""

SUPERSEDED: Final = "superseded"
"""Why it is cancelled: a later revision holds all that is known."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a lane needs done: lines a withdrawal made needless, and the head that is due from now on.

    `superseded`: lines that came too late, as the same partner gets or has a later revision of them, and questions that
    a later revision puts anew or answers. `asks`: that later one, where it waits for a person itself, by the clock of
    the earliest. `recalled`: parked ones that may have arrived and were taken back since.
    """

    cancel: tuple[Line, ...] = ()
    release: Line | None = None
    superseded: tuple[Line, ...] = ()
    recalled: tuple[Line, ...] = ()
    asks: Line | None = None

    @property
    def questions(self) -> dict[UUID, UUID]:
        """Which question takes the place of which."""
        held = (line for line in self.superseded if line.state is DeliveryState.HELD)
        return {} if self.asks is None else {line.referral: self.asks.referral for line in held}


def lanes(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of any cases, lane by lane, each in the order of its revisions."""
    grouped: dict[tuple[UUID, str], list[Line]] = {}
    for line in lines:
        grouped.setdefault((line.signal, line.recipient), []).append(line)
    return [sorted(lane, key=attrgetter("revision")) for lane in grouped.values()]


def settle(lane: Sequence[Line]) -> Settled:
    """After anything happened in a lane, in the order of its revisions. Settling what is settled changes nothing.

    A parked head blocks what comes after it, and so does a held one that a partner turned down; but a withdrawal never
    waits for a person to look at what is not sent again anyway, as its partner goes on with it meanwhile. A withdrawal
    cancels whatever before it cannot have arrived; when nothing can have arrived it is cancelled itself, so that the
    partner is told nothing at all. A revision holds all that is known, so one that comes after a later one has begun to
    go out is not sent any more, and nobody is asked about one when a later one is there to ask about, or goes.
    What something more urgent waits behind is as urgent, and goes now, with its waits begun anew.
    """
    needless = _needless(lane)
    asked = tuple(line for line in lane if line not in needless and _asked_anew(line, lane))
    late = tuple(line for line in lane if line in asked or (line not in needless and _overtaken(line, lane)))
    going = [line for line in lane if not (line.final or line in needless or line in late)]
    back = tuple(line for line in going if line.state is DeliveryState.PARKED and recalled(line, _to_go(line, going)))
    left = [line for line in going if line not in back]
    return Settled(needless, _due(left), late, back, _asking(asked, going))


def undecided(line: Line) -> bool:
    """Whether it waits for a person as it came, and nobody said anything of it: no person, and no partner."""
    return line.state is DeliveryState.HELD and (line.moves == 0 or line.reason == DISMISSED_BEFORE)


def dismissed_before(change: ReferralChange, lane: Iterable[Line]) -> bool:
    """A person's no to the last that was decided on stands until a person says yes; taking back needs neither."""
    decided = [line for line in lane if not (undecided(line) or line.reason == SUPERSEDED)]
    dismissed = bool(decided) and decided[-1].state is DeliveryState.DISMISSED
    return dismissed and change is not ReferralChange.WITHDRAWAL


def recalled(line: Line, lane: Iterable[Line]) -> bool:
    """Whether what may have arrived is not sent again, since its withdrawal waits behind it and tells all there is.

    If it arrived, the withdrawal takes it back; if not, nobody needs to have it. A withdrawal itself tells of nobody.
    """
    if not line.uncertain or line.change is ReferralChange.WITHDRAWAL:
        return False
    behind = (each for each in lane if each.revision > line.revision and not each.final)
    return any(each.change is ReferralChange.WITHDRAWAL for each in behind)


def _to_go(line: Line, lane: Iterable[Line]) -> list[Line]:
    """What goes to the same partner by itself, once its turn has come."""
    return [each for each in lane if each.partner == line.partner and each.state is DeliveryState.PENDING]


def _due(left: Sequence[Line]) -> Line | None:
    """The head, when it is its turn only now, or is more urgent now than it was."""
    if not left or left[0].state is not DeliveryState.PENDING:
        return None
    head = left[0]
    rank = min(line.rank for line in left if line is head or line.state is DeliveryState.PENDING)
    if head.due_at is None:
        return head.but(rank=rank)
    return head.but(rank=rank, rung=0) if rank < head.rank and not head.in_flight else None


def _asked_anew(line: Line, lane: Sequence[Line]) -> bool:
    """Whether a later revision puts the same question, goes without one, or says that this one may not go by itself."""
    if line.may_have_arrived:
        return False
    behind = [(place, later) for place, later in enumerate(lane) if later.revision > line.revision and not later.final]
    if undecided(line):
        return any(_takes_over(later, line, lane[:place]) for place, later in behind)
    return _goes_by_rule(line) and any(_forbids(later, line) for _, later in behind)


def _takes_over(later: Line, line: Line, before: Sequence[Line]) -> bool:
    """What the rules send goes over no person's no; what a person let go does."""
    if later.change is ReferralChange.WITHDRAWAL:
        return False
    if later.state is DeliveryState.PENDING:
        may_go = later.decided or not dismissed_before(later.change, before)
        return may_go and line.partner in {None, later.partner}
    return later.state is DeliveryState.HELD and later.partner == line.partner


def _goes_by_rule(line: Line) -> bool:
    """Whether it goes by itself, now or once its partner may have it, and no person said so."""
    by_itself = line.state is DeliveryState.PENDING or (line.state is DeliveryState.PARKED and line.reason in GOES_BACK)
    return by_itself and not line.decided


def _forbids(later: Line, line: Line) -> bool:
    """Consent was refused since, say: a person finds another basis, or that partner is not told."""
    return later.state is DeliveryState.HELD and later.reason in FORBIDS and later.partner == line.partner


def _asking(asked: Sequence[Line], going: Sequence[Line]) -> Line | None:
    """The newest question takes over the clock of the first: corrections put off no answer."""
    if not asked or not going or going[-1].state is not DeliveryState.HELD:
        return None
    first = min(asked, key=attrgetter("deadline"))
    now = going[-1]
    return now if now.deadline <= first.deadline else now.but(deadline=first.deadline, overdue=first.overdue)


def _overtaken(line: Line, lane: Sequence[Line]) -> bool:
    """Whether the same partner has a later one, or it is that one's turn already. What is being sent ends first."""
    if line.final or line.in_flight:
        return False
    later = [each for each in lane if each.revision > line.revision and each.partner == line.partner]
    return any(each.may_have_arrived or each.due_at is not None for each in later)


def _needless(lane: Sequence[Line]) -> tuple[Line, ...]:
    withdrawal = _withdrawal(lane)
    if withdrawal is None:
        return ()
    before = [line for line in lane if line.revision < withdrawal.revision]
    needless = [line for line in before if not (line.final or line.may_have_arrived)]
    # With nothing before it the ledger does not know what the partner has: then the partner is told.
    # What a partner turned down, and another one never got, that other one is not told about.
    if before and not any(line.may_have_arrived and line.partner == withdrawal.partner for line in before):
        needless.append(withdrawal)
    return tuple(needless)


def _withdrawal(lane: Sequence[Line]) -> Line | None:
    """The last one that is still to be sent."""
    for line in reversed(lane):
        if line.change is ReferralChange.WITHDRAWAL and not (line.final or line.may_have_arrived):
            return line
    return None

"""REPLAY: recorded signals decided again by two rule sets, and what would have been different. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Final
from uuid import UUID

from schemas.codes import Change
from schemas.parked import Coordinates
from schemas.referral import Handling
from schemas.signal import Facts, Sealed, Signal
from services.router.decide import decide
from services.router.decision import Overtaken, Past, Planned, Recorded, Routed, Withdrawn
from services.router.difference import Difference, What
from services.router.household import noticed
from services.router.households import Households
from services.router.memory import Earlier
from services.router.ruleset import RuleSet

_NOON: Final = time(12, tzinfo=UTC)
"""It is the same day in every country then."""

_CLOSED: Final = Sealed(kid="none", box="")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event as the memory has it: what it was decided on, and when. `counts` false: it only came before."""

    signal: UUID
    event: UUID
    revision: int
    change: Change
    changed_at: datetime
    decided_at: datetime
    facts: Facts
    counts: bool

    def again(self) -> Signal:
        """As it was put before the rules; what is sealed was never kept."""
        return Signal(
            id=self.signal,
            event=self.event,
            corporation="replay",
            change=self.change,
            changed_at=self.changed_at,
            accepted_at=self.changed_at,
            facts=self.facts,
            particulars=_CLOSED,
        )


@dataclass(frozen=True, slots=True)
class Course:
    """What one rule set makes of events that bear on each other, one after the other.

    Signals and households are remembered as this set would have had them, not as they were.
    """

    rules: RuleSet
    retold: Collection[UUID]
    """Events that came back after another one: all others are met once, and need not be looked for again."""

    earlier: dict[UUID, Earlier] = field(default_factory=dict)
    households: Households = field(default_factory=Households)
    places: Iterator[int] = field(default_factory=count)

    def take(self, occurrence: Occurrence, event: Signal, now: datetime) -> tuple[Planned, ...]:
        """The referrals of one more event."""
        earlier = self.earlier.get(event.id) or Earlier()
        household = self.households.of_signal(event)
        at = Coordinates(topic="replay", partition=0, offset=next(self.places))
        match decide(event, at, self.rules, earlier, now, household=household):
            case Routed() | Recorded() | Withdrawn() | Overtaken() as decided:
                past = Past.of(event, decided, at=at, decided_at=occurrence.decided_at)
                self.earlier[event.id] = earlier.plus(past).only(self.retold)
                self.households.learn(event, noticed(event, earlier, now), decided)
                return decided.referrals if isinstance(decided, Routed | Withdrawn) else ()
            case _:  # the same event twice: the memory has each once
                return ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One event under both sets: the referrals it led to, by recipient, and where they differ."""

    occurrence: Occurrence
    before: tuple[Planned, ...]
    after: tuple[Planned, ...]
    differences: tuple[Difference, ...]


def several(group: Iterable[Occurrence]) -> frozenset[UUID]:
    """Of a whole group, the events that are in it more than once."""
    return frozenset(event for event, times in Counter(one.event for one in group).items() if times > 1)


def compared(page: Iterable[Occurrence], before: Course, after: Course, day: date | None) -> Iterator[Compared]:
    """The next events of a group in the order they were decided; those that count, under both sets.

    `day`: the rules and partners of that day, whenever it was. Withdrawals tell who was told before, and are no choice
    of the rules: they only go along.
    """
    for occurrence in page:
        event = occurrence.again()
        now = occurrence.decided_at if day is None else datetime.combine(day, _NOON)
        was, would = before.take(occurrence, event, now), after.take(occurrence, event, now)
        if occurrence.counts and occurrence.change is Change.REPORTED:
            yield Compared(occurrence, was, would, tuple(_differences(was, would)))


def _differences(before: Sequence[Planned], after: Sequence[Planned]) -> Iterator[Difference]:
    was, would = ({one.recipient: one for one in side} for side in (before, after))
    for recipient in sorted(was.keys() | would.keys()):
        for what in _what(was.get(recipient), would.get(recipient)):
            planned = would.get(recipient) or was[recipient]
            yield Difference(what=what, partner=planned.partner, kind=planned.kind)


def _what(was: Planned | None, would: Planned | None) -> Iterator[What]:
    match was, would:
        case None, _:
            yield What.GAINED
        case _, None:
            yield What.LOST
        case Planned() as old, Planned() as new:
            if old.handling is not new.handling:
                yield What.HELD if new.handling is Handling.HOLD else What.SENT
            if old.deadline != new.deadline:
                yield What.SOONER if new.deadline < old.deadline else What.LATER

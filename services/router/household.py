"""HOUSEHOLD: what else was noticed of one dwelling, and what that adds up to around one signal.

The signals of a household are a set: what is counted follows from which are known, not from the order they came in.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from schemas import ids
from schemas.codes import Kind, Origin, PartnerKind
from schemas.signal import Facts, Signal
from services.router.memory import Earlier
from services.router.window import NEVER, Window

MOST: Final = 200
"""Signals remembered of one household, the newest decided: counts end here, whatever a source sends."""

NOTHING: Final[Mapping[str, int]] = MappingProxyType({})

_DAY: Final = timedelta(days=1)
_MOMENT: Final = attrgetter("moment")
_SOMETIME: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class Noticed(NamedTuple):
    """One signal as its newest revision has it. `asked`: the kinds of help it was sent to, or held for."""

    signal: UUID
    kind: Kind
    origin: Origin
    moment: datetime
    asked: frozenset[PartnerKind] = frozenset()


@dataclass(slots=True)
class Around:
    """One signal amid the others of its household. `said`: values an example gives, in place of what is counted."""

    this: Noticed
    others: Sequence[Noticed] = ()
    said: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    _in_order: list[Noticed] = field(init=False)
    _days: int = field(init=False)
    """From the first of them to the last, days that were begun too."""

    def __post_init__(self) -> None:
        some = self._in_order = sorted((*self.others, self.this), key=_MOMENT)
        self._days = -((some[0].moment - some[-1].moment) // _DAY)

    def count(self, name: str, window: Window) -> int:
        """What that name comes to."""
        if name in self.said:
            return self.said[name]
        if window.counted == "last":
            return self._since_last()
        if self._days <= window.days:  # as nearly always: all of them lie in one span
            return _measured(window, self.this, self._in_order)
        spans = self._spans(timedelta(days=window.days))
        return max(_measured(window, self.this, some) for some in spans)

    def _spans(self, span: timedelta) -> Iterator[list[Noticed]]:
        """What lies in each span that begins with one of them and holds this signal's moment.

        A signal that is told late lies before others: what the last of three to arrive sees, it sees in any order.
        """
        some, middle = self._in_order, self.this.moment
        for place, begin in enumerate(some):
            if middle - span <= begin.moment <= middle:
                yield some[place : bisect_right(some, begin.moment + span, key=_MOMENT)]

    def _since_last(self) -> int:
        """Whole days since the newest that is no later than this one."""
        before = [one.moment for one in self.others if one.moment <= self.this.moment]
        return (self.this.moment - max(before)) // _DAY if before else NEVER


def _measured(window: Window, this: Noticed, some: Sequence[Noticed]) -> int:
    """How much of what is counted lies among them."""
    match window.counted:
        case "same_kind":
            found = len([one for one in some if one.kind is this.kind])
        case "kind":
            kind = Kind(window.code)
            found = len([one for one in some if one.kind is kind])
        case "kinds":
            found = len({one.kind for one in some})
        case "origins":
            found = len({one.origin for one in some})
        case "to":
            found = len([one for one in some if window.code in one.asked and one is not this])
        case "signals" | "last":
            found = len(some)
    return found


class Household(NamedTuple):
    """The other signals of one household, test data apart from real, never the one asked about. `said`: as `Around`."""

    others: tuple[Noticed, ...] = ()
    said: Mapping[str, int] = NOTHING

    def around(self, this: Noticed) -> Around:
        """That signal amid them."""
        return Around(this, self.others, self.said)


ALONE: Final = Household()
"""A household of which nothing else is known."""


def moment(signal: Signal, earlier: Earlier, now: datetime) -> datetime:
    """When it was noticed: as the tenant system says, else when it first told of it; never in the future.

    In Python's own UTC, in which moments compare in a tenth of the time that the parser's take.
    """
    first = min(signal.changed_at, earlier.first or signal.changed_at)
    return min((signal.facts.observed_at or first).astimezone(UTC), now)


def noticed(signal: Signal, earlier: Earlier, now: datetime) -> Noticed:
    """A signal, before it is decided what it leads to."""
    return Noticed(signal.id, signal.facts.kind, signal.facts.origin, moment(signal, earlier, now))


def example(facts: Facts, said: Mapping[str, int] = NOTHING) -> Around:
    """Facts that are no signal of anybody, alone but for what is said."""
    return Around(Noticed(ids.NAMESPACE, facts.kind, facts.origin, _SOMETIME), said=said)

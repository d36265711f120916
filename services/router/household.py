"""HOUSEHOLD: what else was noticed of one dwelling, and what that adds up to around one signal.

The signals of a household are a set: what is counted follows from which are known, not from the order they came in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from schemas import ids
from schemas.codes import Kind, Origin, PartnerKind
from schemas.signal import Facts, Signal
from services.router.memory import Earlier
from services.router.window import NEVER, Window

MOST: Final = 200
"""Signals remembered of one household, the newest decided: counts end here, whatever a source sends."""

_DAY: Final = timedelta(days=1)
_SOMETIME: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Noticed:
    """One signal as its newest revision has it. `asked`: the kinds of help it was sent to, or held for."""

    signal: UUID
    kind: Kind
    origin: Origin
    moment: datetime
    asked: frozenset[PartnerKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Around:
    """One signal amid the others of its household. `said`: values an example gives, in place of what is counted."""

    this: Noticed
    others: Sequence[Noticed] = ()
    said: Mapping[str, int] = field(default_factory=dict)

    def count(self, name: str, window: Window) -> int:
        """What that name comes to."""
        if name in self.said:
            return self.said[name]
        if window.counted == "last":
            return self._since_last()
        return max(_measured(window, self.this, some) for some in self._spans(window))

    def _spans(self, window: Window) -> Iterator[list[Noticed]]:
        """What lies in each span of so many days that holds this signal's moment.

        A signal that is told late lies before others: what the last of three to arrive sees, it sees in any order.
        """
        span, middle = timedelta(days=window.days), self.this.moment
        near = [one for one in self.others if abs(one.moment - middle) <= span]
        if window.counted != "to":
            near.append(self.this)
        if all(one.moment <= middle for one in near):
            yield near
            return
        for begin in {middle, *(one.moment for one in near if one.moment < middle)}:
            yield [one for one in near if begin <= one.moment <= begin + span]

    def _since_last(self) -> int:
        """Whole days since the newest that is no later than this one."""
        before = [one.moment for one in self.others if one.moment <= self.this.moment]
        return (self.this.moment - max(before)) // _DAY if before else NEVER


def _measured(window: Window, this: Noticed, some: list[Noticed]) -> int:
    """How much of what is counted lies among them."""
    match window.counted:
        case "same_kind":
            found = sum(one.kind == this.kind for one in some)
        case "kind":
            found = sum(one.kind == window.code for one in some)
        case "kinds":
            found = len({one.kind for one in some})
        case "origins":
            found = len({one.origin for one in some})
        case "to":
            found = sum(window.code in one.asked for one in some)
        case "signals" | "last":
            found = len(some)
    return found


@dataclass(frozen=True, slots=True)
class Household:
    """The other signals of one household, test data apart from real. `said` as in `Around`."""

    others: tuple[Noticed, ...] = ()
    said: Mapping[str, int] = field(default_factory=dict)

    def around(self, this: Noticed) -> Around:
        """That signal amid them; it is never among the others itself."""
        return Around(this, [one for one in self.others if one.signal != this.signal], self.said)


ALONE: Final = Household()
"""A household of which nothing else is known."""

NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


def moment(signal: Signal, earlier: Earlier, now: datetime) -> datetime:
    """When it was noticed: as the tenant system says, else when it first told of it; never in the future."""
    first = min((past.changed_at for past in earlier.events), default=signal.changed_at)
    return min(signal.facts.observed_at or min(first, signal.changed_at), now)


def noticed(signal: Signal, earlier: Earlier, now: datetime) -> Noticed:
    """A signal, before it is decided what it leads to."""
    return Noticed(signal.id, signal.facts.kind, signal.facts.origin, moment(signal, earlier, now))


def example(facts: Facts, said: Mapping[str, int] = NOTHING) -> Around:
    """Facts that are no signal of anybody, alone but for what is said."""
    return Around(Noticed(ids.NAMESPACE, facts.kind, facts.origin, _SOMETIME), said=said)

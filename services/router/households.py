"""HOUSEHOLDS: the memory of all households a batch speaks of, growing with every decision of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias
from uuid import UUID

from schemas.codes import PartnerKind
from schemas.signal import Facts, Signal
from services.router.decision import Decided, Overtaken, Recorded, Routed, Withdrawn
from services.router.household import MOST, Household, Noticed

Dwelling: TypeAlias = tuple[str, bool]
"""A household's pseudonym, and whether this is its test data."""


def dwelling(facts: Facts) -> Dwelling:
    """Where a signal counts."""
    return facts.household, facts.test


class Stay(NamedTuple):
    """A signal in the memory of its household, and the ordinal it came with."""

    dwelling: Dwelling
    ordinal: int
    noticed: Noticed


@dataclass(frozen=True, slots=True)
class Moves:
    """What a batch makes of the memory: who left where it was, and who stays where from now on. One may do both."""

    left: set[UUID] = field(default_factory=set)
    stays: dict[UUID, Stay] = field(default_factory=dict)


@dataclass(slots=True)
class Households:
    """`moves` is what must be remembered of this batch."""

    moves: Moves = field(default_factory=Moves)
    _known: dict[Dwelling, dict[UUID, Noticed]] = field(default_factory=dict)  # each in the order of its ordinals
    _ordinals: dict[Dwelling, int] = field(default_factory=dict)
    _where: dict[UUID, Dwelling] = field(default_factory=dict)

    @classmethod
    def of(cls, stays: Iterable[Stay]) -> "Households":
        """As remembered before the batch; of each household in the order of its ordinals."""
        found = cls()
        for stay in stays:
            found._put(stay)
        return found

    def of_signal(self, signal: Signal) -> Household:
        """Everything else noticed of its dwelling so far."""
        known = self._known.get(dwelling(signal.facts), {})
        others = known if signal.id not in known else {id_: one for id_, one in known.items() if id_ != signal.id}
        return Household(tuple(others.values()))

    def learn(self, signal: Signal, noticed: Noticed, decided: Decided) -> None:
        """What the newest revision of a signal makes of its dwelling, and of one it was in before."""
        if isinstance(decided, Overtaken):
            return
        if decided.revision > 1:  # a first one was nowhere yet
            self._leave(signal.id)
        if not isinstance(decided, Withdrawn):
            self._stay(dwelling(signal.facts), _asking(noticed, decided))

    def first(self, signal: Signal, noticed: Noticed, kinds: frozenset[PartnerKind]) -> None:
        """The same of a signal that was nowhere yet, and of which those kinds of help were asked."""
        self._stay(dwelling(signal.facts), noticed._replace(asked=kinds))

    def _stay(self, place: Dwelling, noticed: Noticed) -> None:
        stay = Stay(place, self._ordinals.get(place, 0) + 1, noticed)
        self._put(stay)
        self.moves.stays[noticed.signal] = stay
        known = self._known[place]
        if len(known) > MOST:
            self._leave(next(iter(known)))

    def _put(self, stay: Stay) -> None:
        """Ordinals never go down within a batch, also when the newest leaves."""
        signal = stay.noticed.signal
        self._known.setdefault(stay.dwelling, {})[signal] = stay.noticed
        self._ordinals[stay.dwelling] = stay.ordinal
        self._where[signal] = stay.dwelling

    def _leave(self, signal: UUID) -> None:
        self.moves.left.add(signal)
        self.moves.stays.pop(signal, None)
        place = self._where.pop(signal, None)
        if place is not None:
            del self._known[place][signal]


def _asking(noticed: Noticed, decided: Routed | Recorded) -> Noticed:
    """With the kinds of help it was sent to, or held for."""
    referrals = decided.referrals if isinstance(decided, Routed) else ()
    kinds = frozenset(one.kind for one in referrals if one.kind is not None)
    return Noticed(noticed.signal, noticed.kind, noticed.origin, noticed.moment, kinds)

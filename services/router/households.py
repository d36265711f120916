"""HOUSEHOLDS: the memory of all households a batch speaks of, growing with every decision of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from schemas.signal import Facts, Signal
from services.router.decision import Decided, Overtaken, Recorded, Routed, Withdrawn
from services.router.household import MOST, Household, Noticed

Dwelling: TypeAlias = tuple[str, bool]
"""A household's pseudonym, and whether this is its test data."""


def dwelling(facts: Facts) -> Dwelling:
    """Where a signal counts."""
    return facts.household, facts.test


@dataclass(frozen=True, slots=True)
class Stay:
    """A signal in the memory of its household, and the ordinal it came with."""

    dwelling: Dwelling
    ordinal: int
    noticed: Noticed


@dataclass(slots=True)
class Households:
    """`changed` is what must be remembered of this batch: where each signal stays, or None: nowhere any more."""

    changed: dict[UUID, Stay | None] = field(default_factory=dict)
    _known: dict[Dwelling, dict[UUID, Stay]] = field(default_factory=dict)
    _ordinals: dict[Dwelling, int] = field(default_factory=dict)
    _where: dict[UUID, Dwelling] = field(default_factory=dict)

    @classmethod
    def of(cls, stays: Iterable[Stay]) -> "Households":
        """As remembered before the batch."""
        found = cls()
        for stay in stays:
            found._put(stay)
        return found

    def of_signal(self, facts: Facts) -> Household:
        """Everything noticed of its dwelling so far."""
        return Household(tuple(stay.noticed for stay in self._known.get(dwelling(facts), {}).values()))

    def learn(self, signal: Signal, noticed: Noticed, decided: Decided) -> None:
        """What the newest revision of a signal makes of its dwelling, and of one it was in before."""
        match decided:
            case Overtaken():
                return
            case Withdrawn():
                self._leave(signal.id)
            case Routed() | Recorded():
                self._leave(signal.id)
                self._stay(dwelling(signal.facts), _asking(noticed, decided))

    def _stay(self, place: Dwelling, noticed: Noticed) -> None:
        stay = Stay(place, self._ordinals.get(place, 0) + 1, noticed)
        self._put(stay)
        self.changed[noticed.signal] = stay
        stays = self._known[place]
        if len(stays) > MOST:
            self._leave(min(stays.values(), key=lambda one: one.ordinal).noticed.signal)

    def _put(self, stay: Stay) -> None:
        """Ordinals never go down within a batch, also when the newest leaves."""
        signal = stay.noticed.signal
        self._known.setdefault(stay.dwelling, {})[signal] = stay
        self._ordinals[stay.dwelling] = max(stay.ordinal, self._ordinals.get(stay.dwelling, 0))
        self._where[signal] = stay.dwelling

    def _leave(self, signal: UUID) -> None:
        self.changed[signal] = None
        place = self._where.pop(signal, None)
        if place is not None:
            del self._known[place][signal]


def _asking(noticed: Noticed, decided: Routed | Recorded) -> Noticed:
    """With the kinds of help it was sent to, or held for."""
    referrals = decided.referrals if isinstance(decided, Routed) else ()
    kinds = frozenset(one.kind for one in referrals if one.kind is not None)
    return Noticed(noticed.signal, noticed.kind, noticed.origin, noticed.moment, kinds)

"""One batch on its way: each signal decided on what is remembered plus what this batch has decided before it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from schemas.codes import Change
from schemas.parked import Coordinates
from schemas.record import Output
from schemas.signal import Signal
from services.router import decision_template, outputs
from services.router.decide import decide
from services.router.decision import (
    Decided,
    Duplicate,
    Overtaken,
    Past,
    Recorded,
    Repeated,
    Routed,
    Withdrawn,
    counted_as,
)
from services.router.decision_template import Stamp
from services.router.household import noticed
from services.router.households import Households
from services.router.memory import Earlier
from services.router.ruleset import RuleSet
from services.router.store import Kept


class Arrived(NamedTuple):
    """One signal with where its record stands, and the traceparent it goes on with. `redriven`: it was parked."""

    signal: Signal
    at: Coordinates
    trace: str
    redriven: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """`kept` is what must be remembered before any output leaves, `said` what was said again, and when.

    `results` counts decisions by what became of them. `several` are the signals of which it has more than one event.
    """

    rules: RuleSet
    histories: dict[UUID, Earlier]
    households: Households
    stamp: Stamp
    several: frozenset[UUID] = frozenset()
    kept: list[Kept] = field(default_factory=list)
    said: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)
    results: Counter[str] = field(default_factory=Counter)

    def decide(self, arrived: Arrived) -> list[Output]:
        """The outputs of one signal."""
        return self._usual(arrived) or self._decided(arrived)

    def _decided(self, arrived: Arrived) -> list[Output]:
        signal, at, now = arrived.signal, arrived.at, self.stamp.now
        household = self.households.of_signal(signal)
        decision = decide(signal, at, self.rules, self.histories[signal.id], now, household=household)
        match decision:
            case Repeated(past=past):
                return outputs.of_decision(signal, past, arrived.trace)
            case Duplicate(past=past, still=still):
                self.results["duplicate"] += 1
                if still is not None:
                    self._said(signal.id, still)
                if arrived.redriven:  # decided on, and parked since what follows could not be written: now it can be
                    return outputs.of_decision(signal, past._replace(at=at), arrived.trace)
                return outputs.of_duplicate(signal, past, at, now, arrived.trace)
            case Routed() | Recorded() | Withdrawn() | Overtaken():
                self.results[counted_as(decision)] += 1
                return outputs.of_decision(signal, self._remember(arrived, decision), arrived.trace)

    def _usual(self, arrived: Arrived) -> list[Output] | None:
        """The same of a report that is the first of its signal and the only one here, where its values are known."""
        signal, at, now = arrived.signal, arrived.at, self.stamp.now
        if signal.change is not Change.REPORTED or signal.id in self.several or self.histories[signal.id].events:
            return None
        this = noticed(signal, Earlier(), now)
        around = self.households.of_signal(signal).around(this)
        day = self.stamp.day(signal.facts.country)
        values = self.rules.values(signal.facts, around, day)
        if not self.rules.has(values):
            return None
        make = partial(decision_template.cast, signal, around, self.rules, day)
        cast = self.rules.remember((values, signal.reference is None), make)
        written = decision_template.write(cast, signal, at, arrived.trace, self.stamp)
        self.results[cast.result] += 1
        self.households.first(signal, this, cast.kinds)
        own = (signal.id, signal.event, 1, signal.changed_at, now, at.topic, at.partition, at.offset)
        self.kept.append(Kept(*own, written.decided, written.facts, signal.facts.household))
        return written.outputs

    def _said(self, signal: UUID, at: datetime) -> None:
        earlier = self.histories[signal] = self.histories[signal].still(at)
        self.said.update({(signal, past.event): at for past in earlier.events if past.said_at == at})

    def _remember(self, arrived: Arrived, decided: Decided) -> Past:
        signal, now = arrived.signal, self.stamp.now
        past = Past.of(signal, decided, at=arrived.at, decided_at=now)
        earlier = self.histories[signal.id]
        self.kept.append(Kept.of(signal, past))
        self.households.learn(signal, noticed(signal, earlier, now), decided)
        self.histories[signal.id] = earlier.plus(past)
        return past

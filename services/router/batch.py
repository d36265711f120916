"""One batch on its way: each signal decided on what is remembered plus what this batch has decided before it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.parked import Coordinates
from schemas.record import Output
from schemas.referral import Handling
from schemas.signal import Signal
from services.router import outputs
from services.router.decide import decide
from services.router.decision import Decided, Duplicate, Overtaken, Past, Recorded, Repeated, Routed, Withdrawn
from services.router.household import noticed
from services.router.households import Households
from services.router.memory import Earlier
from services.router.ruleset import RuleSet
from services.router.store import Kept


class Arrived(NamedTuple):
    """One signal with where its record stands, and the traceparent it goes on with."""

    signal: Signal
    at: Coordinates
    trace: str


@dataclass(frozen=True, slots=True)
class Batch:
    """`kept` is what must be remembered before any output leaves; `results` counts decisions by what became of them."""

    rules: RuleSet
    histories: dict[UUID, Earlier]
    households: Households
    now: datetime
    kept: list[Kept] = field(default_factory=list)
    results: Counter[str] = field(default_factory=Counter)

    def decide(self, arrived: Arrived) -> list[Output]:
        """The outputs of one signal."""
        signal, at = arrived.signal, arrived.at
        household = self.households.of_signal(signal)
        decision = decide(signal, at, self.rules, self.histories[signal.id], self.now, household=household)
        match decision:
            case Repeated(past=past):
                return outputs.of_decision(signal, past, arrived.trace)
            case Duplicate(past=past):
                self.results["duplicate"] += 1
                return outputs.of_duplicate(signal, past, at, self.now, arrived.trace)
            case Routed() | Recorded() | Withdrawn() | Overtaken():
                self.results[_result(decision)] += 1
                return outputs.of_decision(signal, self._remember(arrived, decision), arrived.trace)

    def _remember(self, arrived: Arrived, decided: Decided) -> Past:
        signal = arrived.signal
        past = Past.of(signal, decided, at=arrived.at, decided_at=self.now)
        earlier = self.histories[signal.id]
        self.kept.append(Kept(signal, past))
        self.households.learn(signal, noticed(signal, earlier, self.now), decided)
        self.histories[signal.id] = earlier.plus(past)
        return past


def _result(decided: Decided) -> str:
    """The word it is counted under."""
    match decided:
        case Routed(referrals=referrals):
            return "routed" if any(one.handling is Handling.SEND for one in referrals) else "held"
        case Recorded():
            return "recorded"
        case Withdrawn():
            return "withdrawn"
        case Overtaken():
            return "overtaken"

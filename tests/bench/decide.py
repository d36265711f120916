"""Decisions a second of a core, by 1, 50 and 500 rules, and what a rule costs; no broker and no database in it."""

import gc
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, Final

from schemas import ids
from schemas.codes import Answer, Kind, Urgency
from schemas.signal import Signal
from services.router.decide import decide
from services.router.household import ALONE
from services.router.memory import Earlier
from services.router.ruleset import RuleSet
from tests.bench.figures import Figure, Goal
from tests.bench.place import Place
from tests.unit.router.samples import NOW, at, rule, rule_set, signal

ROUNDS: Final = 7
SIGNALS: Final = 4_000
RULES: Final = (1, 50, 500)
GOAL_AT: Final = 50
_KINDS, _URGENCIES, _ANSWERS = tuple(Kind), tuple(Urgency), tuple(Answer)


def rules(number: int) -> RuleSet:
    """One that fires on every signal, and others that look at the same three facts and fire on few."""
    others = (
        rule(
            f"rule-{each}",
            f'kind in ["{_KINDS[each % len(_KINDS)]}", "{_KINDS[each * 7 % len(_KINDS)]}"] && children_or_unknown '
            f'&& origin_code == "C{each}"',
        )
        for each in range(1, number)
    )
    return rule_set(rule("everything", 'children_or_unknown || kind != "threat" || origin_code != "C0"'), *others)


def signals(number: int) -> list[Signal]:
    """Each with a code of its own, so that a rule set has seen no two that are alike."""
    made = []
    for place in range(number):
        case = ids.derived(ids.NAMESPACE, "bench", place)
        given: dict[str, Any] = {
            "kind": _KINDS[place % len(_KINDS)],
            "urgency": _URGENCIES[place // 5 % len(_URGENCIES)],
            "children": _ANSWERS[place // 7 % len(_ANSWERS)],
            "origin_code": f"B{place}",
        }
        made.append(signal(**given).model_copy(update={"id": case, "event": ids.event_id(case, "1")}))
    return made


def seconds(ruled: RuleSet, events: Sequence[Signal]) -> float:
    """CPU of this thread for deciding all of them, each the first of its case and alone in its household."""
    gc.collect()
    began = time.thread_time()
    for place, event in enumerate(events):
        decide(event, at(place), ruled, Earlier(), NOW, household=ALONE)
    return time.thread_time() - began


async def measure(place: Place) -> list[Figure]:
    """A round decides the same signals by each set, new ones first and then those it has just seen."""
    events = signals(SIGNALS)
    fresh: dict[int, list[float]] = {number: [] for number in RULES}
    known: dict[int, list[float]] = {number: [] for number in RULES}
    for step in place.steps("rounds", ROUNDS + 1):
        for number in RULES:
            ruled = rules(number)
            once, again = seconds(ruled, events), seconds(ruled, events)
            if step > 1:  # the first one warms up the interpreter
                fresh[number].append(once / SIGNALS)
                known[number].append(again / SIGNALS)
    return [*(_rates(number, fresh[number], known[number]) for number in RULES), _cost(fresh)]


def _rates(number: int, fresh: Sequence[float], known: Sequence[float]) -> Figure:
    goal = Goal(10_000, at_least=True) if number == GOAL_AT else None
    beside = {"seen before /s": 1 / median(known)}
    return Figure(f"decide, rules: {number}", "/s of CPU", [1 / each for each in fresh], goal, beside)


def _cost(fresh: Mapping[int, Sequence[float]]) -> Figure:
    """Of one rule more, over the whole length; beside it over each part: alike when it is linear."""

    def between(few: int, many: int) -> list[float]:
        return [(b - a) / (many - few) * 1e6 for a, b in zip(fresh[few], fresh[many], strict=True)]

    parts = {f"{few} to {many} rules": median(between(few, many)) for few, many in pairwise(RULES)}
    return Figure("cost of one rule", "µs", between(RULES[0], RULES[-1]), Goal(1), parts)

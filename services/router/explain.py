"""EXPLAIN: what every rule makes of some facts, and who would be told; for a person who asks before it happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Literal

from cel import Context

from schemas import ids
from schemas.codes import Change
from schemas.parked import Coordinates
from schemas.signal import Facts, Sealed, Signal
from services.router.decide import decide
from services.router.decision import Planned, Routed
from services.router.household import NOTHING, Household
from services.router.memory import Earlier
from services.router.rule import Rule
from services.router.ruleset import Checked, RuleSet
from services.router.sight import Sight
from services.router.vocabulary import seen, variables

Answer = Literal["fires", "does not fire", "not in force", "fails"]

_CASE: Final = ids.derived(ids.NAMESPACE, "explain")


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule, what became of it, and the values its condition looked at."""

    rule: Rule
    answer: Answer
    seen: tuple[tuple[str, str], ...]


def tried(facts: Facts, rules: RuleSet, day: date, said: Mapping[str, int] = NOTHING) -> list[Tried]:
    """Every rule of the signal's country, by id. `said`: what the memory of its household would come to."""
    area = rules.directory.area_on(facts.area, facts.country, day)
    sight = Sight.of(facts, said, rules.directory.bars(area, day))
    return [_try(checked, sight, day) for checked in rules.rules if checked.rule.country == facts.country]


def planned(facts: Facts, rules: RuleSet, day: date, said: Mapping[str, int] = NOTHING) -> tuple[Planned, ...]:
    """Who would be told of a first event with these facts, at noon of that day; empty when it is only recorded."""
    moment = datetime.combine(day, time(12), UTC)
    signal = Signal(
        id=_CASE,
        event=_CASE,
        corporation="nobody",
        change=Change.REPORTED,
        changed_at=moment,
        accepted_at=moment,
        facts=facts,
        particulars=Sealed(kid="none", box=""),
    )
    household = Household(said=said)
    decision = decide(
        signal, Coordinates(topic="none", partition=0, offset=0), rules, Earlier(), moment, household=household
    )
    return decision.referrals if isinstance(decision, Routed) else ()


def _try(checked: Checked, sight: Sight, day: date) -> Tried:
    condition = checked.condition
    return Tried(checked.rule, _answer(checked, sight, day), seen(sight, condition.names))


def _answer(checked: Checked, sight: Sight, day: date) -> Answer:
    if not checked.rule.on(day):
        return "not in force"
    try:
        holds = checked.condition.holds(Context(variables(sight, checked.condition.names)))
    except Exception:  # noqa: BLE001  whatever CEL raises
        return "fails"
    return "fires" if holds else "does not fire"

"""EXPLAIN: what every rule makes of some facts, and who would be told; for a person who asks before it happens."""

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
from services.router.memory import Earlier
from services.router.rule import Rule
from services.router.ruleset import Checked, RuleSet
from services.router.vocabulary import seen, variables

Answer = Literal["fires", "does not fire", "not in force", "fails"]

_CASE: Final = ids.derived(ids.NAMESPACE, "explain")


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule, what became of it, and the values its condition looked at."""

    rule: Rule
    answer: Answer
    seen: tuple[tuple[str, str], ...]


def tried(facts: Facts, rules: RuleSet, day: date) -> list[Tried]:
    """Every rule of the signal's country, by id."""
    return [_try(checked, facts, day) for checked in rules.rules if checked.rule.country == facts.country]


def planned(facts: Facts, rules: RuleSet, day: date) -> tuple[Planned, ...]:
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
    decision = decide(signal, Coordinates(topic="none", partition=0, offset=0), rules, Earlier(), moment)
    return decision.referrals if isinstance(decision, Routed) else ()


def _try(checked: Checked, facts: Facts, day: date) -> Tried:
    condition = checked.condition
    return Tried(checked.rule, _answer(checked, facts, day), seen(facts, condition.names))


def _answer(checked: Checked, facts: Facts, day: date) -> Answer:
    if not checked.rule.on(day):
        return "not in force"
    try:
        holds = checked.condition.holds(Context(variables(facts, checked.condition.names)))
    except Exception:  # noqa: BLE001  whatever CEL raises
        return "fails"
    return "fires" if holds else "does not fire"

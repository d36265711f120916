"""EXPLAIN: what every rule makes of a signal, at which part of its condition one stopped, and who is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

from schemas import ids
from schemas.codes import Change
from schemas.local_day import day_in
from schemas.parked import Coordinates
from schemas.signal import Facts, Sealed, Signal
from services.router.cel_context import CelContext
from services.router.condition import Condition, read
from services.router.condition_parts import parts
from services.router.decide import decide
from services.router.decision import Decision, Duplicate, Overtaken, Planned, Recorded, Repeated, Routed, Withdrawn
from services.router.household import ALONE, NOTHING, Household, noticed
from services.router.memory import Earlier
from services.router.rule import Rule
from services.router.ruleset import Checked, RuleSet
from services.router.vocabulary import seen, variables

Answer = Literal["fires", "does not fire", "not in force", "fails"]
Values = tuple[tuple[str, str], ...]

_CASE: Final = ids.derived(ids.NAMESPACE, "explain")
_NOWHERE: Final = Coordinates(topic="none", partition=0, offset=0)
_OPEN: Final = frozenset({"unknown", "not known"})
"""What a fact is said to be when nobody knows it."""


@dataclass(frozen=True, slots=True)
class Question:
    """An event of a signal as the rules meet it: when, what was decided of the signal before, and its household."""

    signal: Signal
    now: datetime
    earlier: Earlier = field(default_factory=Earlier)
    household: Household = ALONE


@dataclass(frozen=True, slots=True)
class Stop:
    """The first part of a condition that did not hold, what it saw, and whether any of that is not known."""

    part: str
    seen: Values
    known: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule, what became of it, and the values its condition looked at. `stop`: where it ended, if it was asked."""

    rule: Rule
    answer: Answer
    seen: Values
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """Every rule of the signal's country by id, and what is decided. A withdrawal asks no rule."""

    question: Question
    rules: RuleSet
    tried: tuple[Tried, ...]
    decision: Decision

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Who is told; nobody, when it is only recorded."""
        return self.decision.referrals if isinstance(self.decision, Routed | Withdrawn) else ()


def of_facts(facts: Facts, day: date, said: Mapping[str, int] = NOTHING) -> Question:
    """A first event with these facts, at noon of that day. `said`: what the memory of its household comes to."""
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
    return Question(signal, moment, household=Household(said=said))


def explained(question: Question, rules: RuleSet) -> Explained:
    """That question, put to that set."""
    signal, now = question.signal, question.now
    decision = decide(signal, _NOWHERE, rules, question.earlier, now, household=question.household)
    tried = tuple(_tried(question, rules)) if signal.change is Change.REPORTED else ()
    return Explained(question, rules, tried, decision)


def _tried(question: Question, rules: RuleSet) -> Iterator[Tried]:
    facts = question.signal.facts
    day = day_in(facts.country, question.now)
    around = question.household.around(noticed(question.signal, question.earlier, question.now))
    area = rules.directory.area_on(facts.area, facts.country, day)
    sight = CelContext(facts, around, rules.directory.bars(area, day))
    for checked in rules.rules:
        if checked.rule.country == facts.country:
            yield _try(checked, sight, day)


def _try(checked: Checked, sight: CelContext, day: date) -> Tried:
    rule, condition = checked.rule, checked.condition
    if not rule.on(day):
        return Tried(rule, "not in force", ())
    values = seen(sight, condition.names)
    match condition.answer(variables(sight, condition.names)):
        case True:
            return Tried(rule, "fires", values)
        case False:
            return Tried(rule, "does not fire", values, _stop(condition, sight))
        case _:
            return Tried(rule, "fails", values, _stop(condition, sight))


def _stop(condition: Condition, sight: CelContext) -> Stop | None:
    """Where all must hold, the first that does not; a part that cannot be answered is one."""
    for text in parts(condition.text):
        part, _ = read(text)
        if part is not None and part.answer(variables(sight, part.names)) is not True:
            values = seen(sight, part.names)
            return Stop(text, values, known=not any(value in _OPEN for _, value in values))
    return None


def same_course(one: Decision, other: Decision) -> bool:
    """Whether the same rules fired, and the same referrals came of it."""
    return _course(one) == _course(other)


def _course(decision: Decision) -> tuple[object, ...]:
    if isinstance(decision, Overtaken | Repeated | Duplicate):
        return (decision,)
    fired = tuple((each.rule, each.effect, each.kind, each.partner) for each in decision.explanation.fired)
    return decision.outcome, fired, () if isinstance(decision, Recorded) else decision.referrals


def plain(one: Explained) -> dict[str, Any]:
    """As `--json` prints it: version, every rule that was tried, and what would be referred."""
    return {
        "version": one.rules.version,
        "rules": [_plain(tried) for tried in one.tried],
        "referrals": [each.model_dump(mode="json", exclude_none=True, exclude={"id"}) for each in one.planned],
    }


def _plain(tried: Tried) -> dict[str, Any]:
    found: dict[str, Any] = {"rule": tried.rule.id, "answer": tried.answer, "seen": dict(tried.seen)}
    if tried.stop is not None:
        found["stopped_at"] = {"part": tried.stop.part, "seen": dict(tried.stop.seen), "known": tried.stop.known}
    return found

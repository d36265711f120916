"""What can be wrong with one rule, found before any signal meets it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import orjson

from schemas.codes import Kind, LegalBasis, Origin, Urgency
from schemas.decision import Effect
from schemas.legal import KINDS, PERMISSIONS, could_permit
from schemas.message import Malformed
from schemas.signal import Facts
from services.router.condition import Condition, meant
from services.router.configuration import Placed
from services.router.directory import Directory
from services.router.finding import Finding
from services.router.rule import Rule, RuleTest
from services.router.sampling import context, situations, too_many
from services.router.sight import Sight
from services.router.vocabulary import near, variables
from services.router.window import read as read_window

_PERSON: Final = "by_a_person"
"""Varied in every trial, so that a machine's guess is among what is tried."""

EXAMPLE: Final = {
    "kind": Kind.OTHER_CONCERN,
    "urgency": Urgency.ROUTINE,
    "origin": Origin.STAFF_OBSERVATION,
    "household": "0" * 32,
}
"""What an example beside a rule has, unless it gives another value; the rest is as unknown as `Facts` has it."""


def check_destinations(placed: Placed) -> Iterator[Finding]:
    """Each kind of help exists under the rule's law, and the legal basis opens it."""
    rule = placed.rule
    for place, kind in enumerate(rule.to):
        where = placed.where("to", place)
        if kind not in KINDS[rule.country]:
            yield Finding(where, f"{kind} is no help of {rule.country}. Choose one of {_listed(KINDS[rule.country])}")
        elif rule.legal_basis is not None and not could_permit(rule.legal_basis, kind):
            permission = PERMISSIONS[rule.legal_basis]
            yield Finding(
                where, f"{rule.legal_basis} does not permit {kind}: {permission.sentence}. Give it a rule of its own"
            )


def check_consent(placed: Placed) -> Iterator[Finding]:
    """In England what is shared without consent says why (the annex a MARAC asks for)."""
    rule = placed.rule
    shares = rule.effect is not Effect.RECORD and rule.legal_basis is not LegalBasis.CONSENT
    if rule.country == "GB" and shares and rule.without_consent is None:
        yield Finding(
            placed.where("legal_basis"), "this may be shared without consent, and does not say why. Add without_consent"
        )


def check_condition(placed: Placed, condition: Condition, directory: Directory) -> Iterator[Finding]:
    """It always answers yes or no, can hold, and lets no machine's guess through without a person."""
    where = placed.where("when")
    known = tuple(area.code for area in directory.areas)
    for code in sorted(str(code) for code in condition.literals.get("area", ())):
        if code not in known:
            yield Finding(where, f'"{code}" is no area we know{meant(code, known)}')
    if too_many(condition, (_PERSON,)):
        yield Finding(where, "the condition tells too many cases apart to be checked. Split the rule")
        return
    try:
        holding = [tried for tried in situations(condition, (_PERSON,)) if condition.holds(context(condition, tried))]
    except Exception:  # noqa: BLE001  whatever CEL raises, the author's condition is what is wrong
        yield Finding(where, "the condition does not answer yes or no for every signal. Compare each name with a code")
        return
    if not holding:
        yield Finding(where, "no signal can ever meet this condition. Correct it, or remove the rule")
    if placed.rule.effect is Effect.REFER and any(tried["origin"] is Origin.SYSTEM_RULE for tried in holding):
        yield Finding(where, "this would send a machine's guess without a person. Add `&& by_a_person`, or hold it")


def check_tests(placed: Placed, condition: Condition, directory: Directory, day: date) -> Iterator[Finding]:
    """Every example beside the rule comes out as it says."""
    for place, test in enumerate(placed.rule.tests):
        where = placed.where("tests", place)
        try:
            sight = example(placed.rule, test, directory, day)
        except Malformed as malformed:
            yield Finding(where, f"given is no signal: {_told(malformed)}")
            continue
        fires = condition.holds(variables(sight, condition.names))
        if fires != (test.expect == "fires"):
            yield Finding(where, f"should {_verb(test)}, and {'fires' if fires else 'does not'}. Correct rule or test")


def example(rule: Rule, test: RuleTest, directory: Directory, day: date) -> Sight:
    """What an example stands for: facts, and what it says of the memory of a household.

    Raises:
        Malformed: when what is given is no fact of a signal.
    """
    said, given = recalled(test.given)
    told: dict[str, Any] = {**EXAMPLE, "country": rule.country, **given}
    unknown = tuple(name for name in told if name not in Facts.model_fields)
    if unknown:
        raise Malformed("signal", tuple(f"{name}{meant(name, (*Facts.model_fields, *near(name)))}" for name in unknown))
    facts = Facts.read(orjson.dumps(told))
    return Sight.of(facts, said, directory.bars(directory.area_on(facts.area, facts.country, day), day))


def recalled(given: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, Any]]:
    """What is given of the memory of a household, and the rest.

    Raises:
        Malformed: when a count is no whole number.
    """
    said = {name: value for name, value in given.items() if read_window(name) is not None}
    wrong = [name for name, value in said.items() if type(value) is not int or value < 0]
    if wrong:
        raise Malformed("signal", tuple(f"{name}: should be a whole number" for name in wrong))
    return said, {name: value for name, value in given.items() if name not in said}


def _verb(test: RuleTest) -> str:
    return "fire" if test.expect == "fires" else "not fire"


def _told(malformed: Malformed) -> str:
    return "; ".join(malformed.fields)


def _listed(kinds: frozenset[Any]) -> str:
    return ", ".join(sorted(kinds))

"""What can be wrong with one rule, found before any signal meets it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from schemas.codes import LegalBasis, Origin
from schemas.decision import Effect
from schemas.legal import KINDS, PERMISSIONS, could_permit
from schemas.message import Malformed
from schemas.words import Words
from services.router import finding_words as words
from services.router.condition import Condition, meant, read
from services.router.condition_parts import parts
from services.router.configuration import Placed
from services.router.directory import Directory
from services.router.example import example
from services.router.finding import Finding
from services.router.rule import RuleTest
from services.router.sampling import context, situations, too_many
from services.router.vocabulary import recalls, variables

_SHOWN: Final = 60
"""Characters of a rule's own text that are said again."""

_PERSON: Final = "by_a_person"
"""Varied in every trial, so that a machine's guess is among what is tried."""


def check_destinations(placed: Placed) -> Iterator[Finding]:
    """Each kind of help exists under the rule's law, and the legal basis opens it."""
    rule = placed.rule
    for place, kind in enumerate(rule.to):
        where = placed.where("to", place)
        if kind not in KINDS[rule.country]:
            yield Finding.of(where, words.NO_HELP, kind, rule.country, _listed(KINDS[rule.country]))
        elif rule.legal_basis is not None and not could_permit(rule.legal_basis, kind):
            permission = PERMISSIONS[rule.legal_basis]
            yield Finding.of(where, words.NOT_PERMITTED, rule.legal_basis, kind, permission.sentence)


def check_consent(placed: Placed) -> Iterator[Finding]:
    """In England what is shared without consent says why (the annex a MARAC asks for)."""
    rule = placed.rule
    shares = rule.effect is not Effect.RECORD and rule.legal_basis is not LegalBasis.CONSENT
    if rule.country == "GB" and shares and rule.without_consent is None:
        yield Finding.of(placed.where("legal_basis"), words.SAY_WHY)


def check_days(placed: Placed, day: date) -> Iterator[Finding]:
    """A rule that is over decides nothing any more. It is only told: time alone makes no good set bad."""
    ended = placed.rule.valid_until
    if ended is not None and ended <= day:
        yield Finding.of(placed.where("valid_until"), words.ENDED, ended, refuses=False)


def check_condition(placed: Placed, condition: Condition, directory: Directory) -> Iterator[Finding]:
    """It always answers yes or no, can hold and can fail, and lets no machine's guess through without a person."""
    rule, where = placed.rule, placed.where("when")
    yield from _areas(placed, condition, directory)
    if too_many(condition, (_PERSON,)):
        yield Finding.of(where, words.TOO_MANY_CASES)
        return
    tried = list(situations(condition, (_PERSON,)))
    answers = [condition.answer(context(condition, one)) for one in tried]
    if None in answers:
        yield Finding.of(where, words.NO_ANSWER)
        return
    holding = [one for one, answer in zip(tried, answers, strict=True) if answer]
    if not holding:
        yield Finding.of(where, words.NEVER)
    elif condition.names and len(holding) == len(tried):
        yield Finding.of(where, words.ALWAYS)
    else:
        yield from _idle(placed, condition)
    if rule.effect is Effect.REFER and any(one["origin"] is Origin.SYSTEM_RULE for one in holding):
        yield Finding.of(where, words.UNSEEN)
    if rule.effect is Effect.REFER and condition.recalls:
        counted = ", ".join(name for name in condition.names if recalls((name,)))
        yield Finding.of(placed.where("effect"), words.COUNTS, counted)


def _areas(placed: Placed, condition: Condition, directory: Directory) -> Iterator[Finding]:
    """Each area it names stands in a file, and lies in the rule's country."""
    country = placed.rule.country
    known = {area.code: area.country for area in directory.areas}
    for code in sorted(str(code) for code in condition.literals.get("area", ())):
        if code not in known:
            yield Finding.of(placed.where("when"), words.UNKNOWN_AREA, code, meant(code, tuple(known)))
        elif known[code] != country:
            yield Finding.of(placed.where("when"), words.OTHER_COUNTRY, code, country)


def _idle(placed: Placed, condition: Condition) -> Iterator[Finding]:
    """No part between `&&` holds for every signal: whoever wrote it meant something by it."""
    for text in parts(condition.text):
        part, _ = read(text)
        if part is None or not part.names or part.text == condition.text:
            continue
        if all(part.holds(context(part, one)) for one in situations(part)):
            yield Finding.of(placed.where("when"), words.IDLE, text[:_SHOWN])


def check_tests(placed: Placed, condition: Condition, directory: Directory, day: date) -> Iterator[Finding]:
    """Every example beside the rule comes out as it says.

    What did so until an area's score changed is only told: a set that is in force must not stop every router for it.
    """
    for place, test in enumerate(placed.rule.tests):
        where = placed.where("tests", place)
        try:
            sight = example(placed.rule, test, directory, day)
        except Malformed as malformed:
            yield Finding.of(where, words.NO_SIGNAL, _told(malformed))
            continue
        fires = condition.holds(variables(sight, condition.names))
        if fires != (test.expect == "fires"):
            came = words.FIRES if fires else words.DOES_NOT
            others = (example(placed.rule, test, directory, other) for other in directory.turns())
            answers = (condition.holds(variables(other, condition.names)) for other in others)
            refuses = all(answer == fires for answer in answers)
            yield Finding.of(where, words.SHOULD, _verb(test), came, refuses=refuses)


def _verb(test: RuleTest) -> Words:
    return words.FIRE if test.expect == "fires" else words.NOT_FIRE


def _told(malformed: Malformed) -> str:
    return "; ".join(malformed.fields)


def _listed(kinds: frozenset[Any]) -> str:
    return ", ".join(sorted(kinds))

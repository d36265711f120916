"""RULE TESTS: every example beside the rules, tried, with what came of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from schemas.message import Malformed
from schemas.words import Language
from services.router import check_words as words
from services.router.condition import Condition
from services.router.condition import read as read_condition
from services.router.configuration import Placed, read
from services.router.directory import Directory
from services.router.example import example
from services.router.rule import RuleTest
from services.router.vocabulary import variables
from services.runtime.errors import Refused


@dataclass(frozen=True, slots=True)
class Example:
    """One example: where it stands, what it gives, what it should come to, and what it comes to."""

    rule: str
    where: str
    given: str
    expected: str
    answer: str

    @property
    def passed(self) -> bool:
        """Whether it comes out as it says."""
        return self.answer == self.expected

    def said(self, language: Language) -> str:
        """Where it stands, what it gives and what it comes to; and what it should."""
        told = words.answer(self.answer, language)
        if not self.passed:
            told = words.SHOULD.in_(language).format(told, words.answer(self.expected, language))
        return f"{self.where}: {self.rule}: {self.given or words.NOTHING_GIVEN.in_(language)}: {told}"


def tried(folder: Path, day: date, wanted: Collection[str], language: Language) -> Iterator[Example]:
    """Those of the rules with these ids, else all, in the order of the files; an area's thresholds are of `day`.

    Raises:
        Refused: when a file cannot be read, with a line for each fault; or there is no rule with such an id.
    """
    configuration, findings = read(folder)
    if configuration is None:
        raise Refused("\n".join(finding.said(language) for finding in findings))
    directory = configuration.directory()
    known = [placed.rule.id for placed in configuration.placed()]
    for name in wanted:
        if name not in known:
            raise Refused(words.NO_RULE.in_(language).format(name, _meant(name, known, language)))
    for placed in configuration.placed():
        if wanted and placed.rule.id not in wanted:
            continue
        condition, faults = read_condition(placed.rule.when)
        for place, test in enumerate(placed.rule.tests):
            answer = _answer(placed, test, None if faults else condition, directory, day)
            given = ", ".join(f"{name}={_shown(value)}" for name, value in test.given.items())
            yield Example(placed.rule.id, placed.where("tests", place), given, test.expect, answer)


def _meant(name: str, known: list[str], language: Language) -> str:
    near = get_close_matches(name, known, n=1)
    return words.DID_YOU_MEAN.in_(language).format(near[0]) if near else words.NAMES_THEM.in_(language)


def _answer(placed: Placed, test: RuleTest, condition: Condition | None, directory: Directory, day: date) -> str:
    if condition is None:
        return words.NO_CONDITION
    try:
        sight = example(placed.rule, test, directory, day)
    except Malformed as malformed:
        return f"{words.NO_SIGNAL}{'; '.join(malformed.fields)}"
    match condition.answer(variables(sight, condition.names)):
        case True:
            return "fires"
        case False:
            return "does-not-fire"
        case None:
            return words.FAILS


def _shown(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)

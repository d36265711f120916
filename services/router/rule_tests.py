"""RULE TESTS: every example beside the rules, tried, with what came of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from schemas.message import Malformed
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

    def __str__(self) -> str:
        told = self.answer if self.passed else f"{self.answer}, and should say {self.expected}"
        return f"{self.where}: {self.rule}: {self.given or 'nothing given'}: {told}"


def tried(folder: Path, day: date, wanted: Collection[str] = ()) -> Iterator[Example]:
    """Those of the rules with these ids, else all, in the order of the files; an area's thresholds are of `day`.

    Raises:
        Refused: when a file cannot be read, with a line for each fault; or there is no rule with such an id.
    """
    configuration, findings = read(folder)
    if configuration is None:
        raise Refused("\n".join(str(finding) for finding in findings))
    directory = configuration.directory()
    known = [placed.rule.id for placed in configuration.placed()]
    for name in wanted:
        if name not in known:
            raise Refused(f"no rule has the id {name}. {_meant(name, known)}")
    for placed in configuration.placed():
        if wanted and placed.rule.id not in wanted:
            continue
        condition, faults = read_condition(placed.rule.when)
        for place, test in enumerate(placed.rule.tests):
            answer = _answer(placed, test, None if faults else condition, directory, day)
            given = ", ".join(f"{name}={_shown(value)}" for name, value in test.given.items())
            yield Example(placed.rule.id, placed.where("tests", place), given, test.expect, answer)


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]}?" if near else "seinpaal rules test --json names them all"


def _answer(placed: Placed, test: RuleTest, condition: Condition | None, directory: Directory, day: date) -> str:
    if condition is None:
        return "no condition: seinpaal rules check"
    try:
        sight = example(placed.rule, test, directory, day)
    except Malformed as malformed:
        return f"no signal: {'; '.join(malformed.fields)}"
    match condition.answer(variables(sight, condition.names)):
        case True:
            return "fires"
        case False:
            return "does-not-fire"
        case None:
            return "fails: seinpaal rules check"


def _shown(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)

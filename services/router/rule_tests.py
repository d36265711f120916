"""RULE TESTS: every example beside the rules, tried, with what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.message import Malformed
from services.router.check_rule import example
from services.router.condition import Condition
from services.router.condition import read as read_condition
from services.router.configuration import Placed, read
from services.router.directory import Directory
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


def tried(folder: Path, day: date) -> Iterator[Example]:
    """All of them, in the order of the files; an area's thresholds are those of `day`.

    Raises:
        Refused: when a file cannot be read, with a line for each fault.
    """
    configuration, findings = read(folder)
    if configuration is None:
        raise Refused("\n".join(str(finding) for finding in findings))
    directory = configuration.directory()
    for placed in configuration.placed():
        condition, faults = read_condition(placed.rule.when)
        for place, test in enumerate(placed.rule.tests):
            answer = _answer(placed, test, None if faults else condition, directory, day)
            given = ", ".join(f"{name}={_shown(value)}" for name, value in test.given.items())
            yield Example(placed.rule.id, placed.where("tests", place), given, test.expect, answer)


def _answer(placed: Placed, test: RuleTest, condition: Condition | None, directory: Directory, day: date) -> str:
    if condition is None:
        return "no condition: seinpaal rules check"
    try:
        sight = example(placed.rule, test, directory, day)
    except Malformed as malformed:
        return f"no signal: {'; '.join(malformed.fields)}"
    try:
        return "fires" if condition.holds(variables(sight, condition.names)) else "does-not-fire"
    except Exception:  # noqa: BLE001  whatever CEL raises, the author's condition is what is wrong
        return "fails: seinpaal rules check"


def _shown(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)

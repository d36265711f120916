"""BUDGET: how large a policy may be as a whole. What is larger is refused before it costs others their time."""

from collections.abc import Iterable, Iterator
from typing import Final

from services.router import finding_words as words
from services.router.condition import Condition
from services.router.configuration import Configuration, Placed
from services.router.finding import Finding
from services.router.sampling import MOST, size

RULES: Final = 1_000
EXAMPLES: Final = 10_000
CASES: Final = 500_000
"""Signals tried for all conditions together: some seconds."""

FINDINGS: Final = 100
"""Told at once; who has more will look again anyway."""


def check_budget(configuration: Configuration) -> Iterator[Finding]:
    """Not more rules, and not more examples, than a person could ever read."""
    examples = 0
    for number, placed in enumerate(configuration.placed(), 1):
        examples += len(placed.rule.tests)
        if number > RULES:
            yield Finding.of(placed.where(), words.TOO_MANY_RULES, RULES)
            return
        if examples > EXAMPLES:
            yield Finding.of(placed.where("tests"), words.TOO_MANY_EXAMPLES, EXAMPLES)
            return


class Cases:
    """What the conditions may still ask to be tried."""

    def __init__(self) -> None:
        self._left = CASES

    def take(self, placed: Placed, condition: Condition) -> Iterator[Finding]:
        """What that condition asks for; a finding when it is not there. What is too much by itself is not tried."""
        cases = size(condition, ("by_a_person",))
        if cases > MOST:
            return
        self._left -= cases
        if self._left < 0:
            yield Finding.of(placed.where("when"), words.TOO_MANY_TRIALS, CASES)


def bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """As many as somebody reads; the checks after that are not made."""
    refusing = 0
    for finding in findings:
        yield finding
        refusing += finding.refuses
        if refusing == FINDINGS:
            yield Finding.of(finding.where, words.MAY_BE_MORE, FINDINGS)
            return

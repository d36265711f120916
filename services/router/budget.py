"""BUDGET: how large a policy may be as a whole. What is larger is refused before it costs others their time."""

from collections.abc import Iterable, Iterator
from typing import Final

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
            yield Finding(placed.where(), f"there are more than {RULES} rules. Join those that differ in a code only")
            return
        if examples > EXAMPLES:
            told = f"there are more than {EXAMPLES} examples. Keep those that show something of their own"
            yield Finding(placed.where("tests"), told)
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
            told = f"the rules up to here tell more than {CASES} cases apart. Shorten those that name most facts"
            yield Finding(placed.where("when"), told)


def bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """As many as somebody reads; the checks after that are not made."""
    refusing = 0
    for finding in findings:
        yield finding
        refusing += finding.refuses
        if refusing == FINDINGS:
            yield Finding(finding.where, f"there may be more. Correct these {FINDINGS} first")
            return

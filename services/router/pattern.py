"""PATTERN: a rule that counts in the memory of a household. Mostly it finds nothing, whatever the counts are.

So two signals differ for it in what it finds, not in how much there is: it tells of its counts only where it fires.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from services.router.cel_context import CelContext
from services.router.condition import Condition
from services.router.vocabulary import meaning, variables

Counts = tuple[int, ...]

REMEMBERED: Final = 4096
"""Combinations of what it looks at of which a pattern remembers whether it fires."""


class Pattern:
    """The condition of one rule, and what it said before."""

    def __init__(self, condition: Condition) -> None:
        known = [(name, meaning(name)) for name in condition.names]
        self._condition = condition
        self._counted = tuple(name for name, of in known if of is not None and of.window is not None)
        self._fields = tuple({of.field for _, of in known if of is not None and of.window is None} | {"area"})
        self._fires: dict[tuple[Any, ...], bool] = {}

    def tells(
        self, facts: Mapping[str, Any], counts: Mapping[str, int], day: date, sight: Callable[[], CelContext]
    ) -> Counts | None:
        """What it counted, where it fires or cannot say; None where it finds nothing.

        `facts` and `counts` by name; `sight` is the whole, for when it was not asked before.
        """
        counted = tuple([counts[name] for name in self._counted])
        looked_at = (day, counted, *[facts[name] for name in self._fields])
        fires = self._fires.get(looked_at)
        if fires is None:
            if len(self._fires) >= REMEMBERED:
                self._fires.clear()
            said = self._condition.answer(variables(sight(), self._condition.names))
            fires = self._fires[looked_at] = said is not False  # who cannot say no is not passed over
        return counted if fires else None

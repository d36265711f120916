"""IMPLICATION: whether one condition holds whenever another does, found by trying every signal both can tell apart.

What it says is so. What it does not see: conditions that together tell more apart than `TRIED`, and what follows from
how two counts of one household hang together, or a score and the threshold of an area.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import islice
from typing import Any, Final

from cel import Context

from services.router.condition import Condition
from services.router.sampling import context, fields, situations, size, some

TRIED: Final = 5_000
"""Signals tried for two conditions together."""

MOST: Final = 200_000
"""Signals tried for all pairs that a first look does not tell apart: some seconds."""

_FIRST: Final = 2_000
"""Signals of the first look, at all conditions at once."""


class Implication:
    """Conditions that each answer yes or no, compared with each other. `left_out`: pairs that were too much to try."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._conditions: Final = conditions
        self._held: Final = _first_look(conditions)
        self._known: Final[dict[tuple[int, int], bool]] = {}
        self._tried = 0
        self.left_out = 0

    def holds(self, one: int, other: int) -> bool:
        """Whether the condition at place `other` holds for every signal for which the one at `one` does.

        False also when that is too much to try.
        """
        if self._held[one] & ~self._held[other]:
            return False
        if (one, other) not in self._known:
            self._known[one, other] = self._by_trying(self._conditions[one], self._conditions[other])
        return self._known[one, other]

    def _by_trying(self, one: Condition, other: Condition) -> bool:
        if self._tried < MOST:
            both = _together((one, other))
            cases = size(both)
            if cases <= TRIED:
                self._tried += cases
                return all(other.holds(context(other, tried)) for tried in _holding(one, both))
        self.left_out += 1
        return False


def _holding(one: Condition, both: Condition) -> Iterator[dict[str, Any]]:
    return (tried for tried in situations(both) if one.holds(context(one, tried)))


def _first_look(conditions: Sequence[Condition]) -> list[int]:
    """For each condition, as bits, for which of some signals it holds: most pairs differ in one of them."""
    if not conditions:
        return []
    every = _together(conditions)
    usual, each = some(every), max(4, _FIRST // len(conditions))
    held = [0] * len(conditions)
    tried = (near for condition in conditions for near in islice(_near(condition), each))
    for bit, situation in enumerate(tried):
        shared = Context(context(every, {**usual, **situation}))
        for place, condition in enumerate(conditions):
            held[place] |= condition.holds(shared) << bit
    return held


def _near(condition: Condition) -> Iterator[dict[str, Any]]:
    """A signal for which it holds, and those that differ from it in one fact."""
    met = next((one for one in situations(condition) if condition.holds(context(condition, one))), None)
    if met is None:
        return
    yield met
    for field, values in fields(condition).items():
        yield from ({**met, field: value} for value in values if value != met[field])


def _together(conditions: Sequence[Condition]) -> Condition:
    """What tells apart all that any of them does; its program is of no matter."""
    names = tuple(dict.fromkeys(name for condition in conditions for name in condition.names))
    literals = {name: _literals(name, conditions) for name in names}
    return replace(conditions[0], names=names, literals=literals)


def _literals(name: str, conditions: Sequence[Condition]) -> frozenset[str | int]:
    return reduce(frozenset.union, (one.literals[name] for one in conditions if name in one.literals), frozenset())

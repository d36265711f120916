"""RULE SET: all rules, areas and partners in force together, with the version that decisions refer to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeVar, get_args

import orjson
from cel import Context

from schemas.area import AreaEntry
from schemas.legal import Country
from schemas.message import Message
from schemas.signal import Facts
from services.router.cel_context import CelContext
from services.router.condition import Condition
from services.router.directory import Directory
from services.router.household import Around
from services.router.pattern import Pattern
from services.router.rule import Rule
from services.router.vocabulary import variables
from services.router.window import Window
from services.router.window import read as read_window

_ROUTES: Final = {"id", "country", "serves"}
_UNSEEN: Final = {"household", "observed_at"}
"""Of the facts of a signal: what no rule may look at."""

_CODES: Final = itemgetter(*(name for name in Facts.model_fields if name not in _UNSEEN))
_PLACES: Final = {"code", "country", "valid_from", "valid_until", "successor", "dash"}

Chosen = TypeVar("Chosen")
Values: TypeAlias = tuple[Any, ...]

SEEN: Final = 4096
"""Combinations of values of which a set remembers what was chosen for them."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule with its condition read."""

    rule: Rule
    condition: Condition


class RuleSet:
    """What decides; it never changes, so a batch is decided by one set from its first signal to its last."""

    def __init__(self, rules: list[Checked], directory: Directory) -> None:
        """In whatever order the files name the rules: a set is ordered by rule id."""
        self.rules: Final = tuple(sorted(rules, key=lambda checked: checked.rule.id))
        self.directory: Final = directory
        self._names: Final = {
            country: tuple({name for one in self.rules if one.rule.country == country for name in one.condition.names})
            for country in get_args(Country)
        }
        self._in_force: Final = lru_cache(maxsize=8)(self._on)
        self._counting: Final = lru_cache(maxsize=8)(self._patterns_on)
        self._patterns: Final = {one.rule.id: Pattern(one.condition) for one in self.rules if one.condition.recalls}
        self._chosen: Final[dict[Values, Any]] = {}

    def values(self, facts: Facts, around: Around, day: date) -> Values:
        """All that its rules can tell two signals apart by, on that day."""
        given = facts.__dict__
        windows, patterns = self._counting(facts.country, day)
        counts = {name: around.count(name, window) for name, window in windows}
        sight = partial(self._sight, facts, around, day)
        return (day, *_CODES(given), *[pattern.tells(given, counts, day, sight) for pattern in patterns])

    def has(self, values: Values) -> bool:
        """Whether it was asked about these before."""
        return values in self._chosen

    def remember(self, values: Values, choose: Callable[[], Chosen]) -> Chosen:
        """What is chosen follows from the values alone, and most signals have those of one before."""
        chosen: Chosen | None = self._chosen.get(values)
        if chosen is None:
            if len(self._chosen) >= SEEN:
                self._chosen.clear()
            chosen = self._chosen[values] = choose()
        return chosen

    def fired(self, sight: CelContext, day: date) -> list[tuple[Checked, bool]]:
        """The rules whose condition holds that day, by id; True beside a rule whose condition failed instead.

        Runs for every rule: it is written for speed.
        """
        country = sight.facts.country
        context = Context(variables(sight, self._names[country]))
        found: list[tuple[Checked, bool]] = []
        for checked in self._in_force(country, day):
            answer = checked.condition.answer(context)
            if answer is not False:  # who cannot say no is not passed over
                found.append((checked, answer is None))
        return found

    def _on(self, country: Country, day: date) -> list[Checked]:
        return [one for one in self.rules if one.rule.country == country and one.rule.on(day)]

    def _patterns_on(self, country: Country, day: date) -> tuple[tuple[tuple[str, Window], ...], tuple[Pattern, ...]]:
        """What must be counted that day, and for which rules."""
        counting = [one for one in self._in_force(country, day) if one.condition.recalls]
        names = sorted({name for one in counting for name in one.condition.names})
        windows = tuple((name, window) for name in names if (window := read_window(name)) is not None)
        return windows, tuple(self._patterns[one.rule.id] for one in counting)

    def _sight(self, facts: Facts, around: Around, day: date) -> CelContext:
        area = self.directory.area_on(facts.area, facts.country, day)
        return CelContext(facts, around, self.directory.bars(area, day))

    @cached_property
    def version(self) -> str:
        """SHA-256 of everything that bears on a decision: rules, areas, and who gives which help where.

        Only what the files say: a key that a later release adds, left out, changes no version that is in force.
        """
        content = {
            "rules": [_plain(checked.rule, exclude={"tests"}) for checked in self.rules],
            "partners": [_plain(partner, include=_ROUTES) for _, partner in sorted(self.directory.partners.items())],
            "areas": [_plain(area, include=_PLACES) for area in sorted(self.directory.areas, key=_place)],
        }
        return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(message: Message, **chosen: Any) -> Any:
    return message.model_dump(mode="json", exclude_defaults=True, **chosen)


def _place(area: AreaEntry) -> tuple[str, str]:
    return area.code, str(area.valid_from)

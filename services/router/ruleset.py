"""RULE SET: all rules, areas and partners in force together, with the version that decisions refer to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, Final, get_args

import orjson
from cel import Context

from schemas.area import AreaEntry
from schemas.legal import Country
from schemas.message import Message
from services.router.condition import Condition
from services.router.directory import Directory
from services.router.rule import Rule
from services.router.sight import Sight
from services.router.vocabulary import variables

_ROUTES: Final = {"id", "country", "serves"}
_PLACES: Final = {"code", "country", "valid_from", "valid_until", "successor", "dash"}


SEEN: Final = 4096
"""Combinations of values of which a set remembers what they made fire."""


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
        self._holding: Final = lru_cache(maxsize=SEEN)(self._hold)

    def fired(self, sight: Sight, day: date) -> tuple[tuple[Checked, bool], ...]:
        """The rules whose condition holds that day, by id; True beside a rule whose condition failed instead."""
        country = sight.facts.country
        values = variables(sight, self._names[country])
        return self._holding(country, day, tuple(values.values()))

    def _hold(self, country: Country, day: date, values: tuple[Any, ...]) -> tuple[tuple[Checked, bool], ...]:
        """What fires follows from the values of the names alone, and most signals have those of one before.

        Runs for every rule: it is written for speed.
        """
        context = Context(dict(zip(self._names[country], values, strict=True)))
        found: list[tuple[Checked, bool]] = []
        for checked, execute in self._in_force(country, day):
            try:
                answer = execute(context)
            except Exception:  # noqa: BLE001  whatever CEL raises, a rule that cannot say no is not passed over
                answer = None
            if answer is not False:
                found.append((checked, answer is not True))
        return tuple(found)

    def _on(self, country: Country, day: date) -> list[tuple[Checked, Callable[[Context], Any]]]:
        chosen = (one for one in self.rules if one.rule.country == country and one.rule.on(day))
        return [(one, one.condition.program.execute) for one in chosen]

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

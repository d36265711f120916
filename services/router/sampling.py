"""All the signals a condition can tell apart: one of each kind, so that what holds for these holds for every signal."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import combinations, islice, product
from math import prod
from typing import Any, Final

from schemas.codes import Answer, Certainty, Consent, Kind, Origin, Urgency, Violence
from services.router.condition import Condition
from services.router.household import MOST as MOST_REMEMBERED
from services.router.vocabulary import Name, meaning
from services.router.window import NEVER, Window

MOST: Final = 50_000
"""Signals tried for one condition; one that tells more apart than this is refused as too long."""

_DASH: Final = (0, 27)
_CODES: Final[dict[str, tuple[Any, ...]]] = {
    "kind": tuple(Kind),
    "urgency": tuple(Urgency),
    "origin": tuple(Origin),
    "certainty": tuple(Certainty),
    "acute": tuple(Answer),
    "structural": tuple(Answer),
    "children": tuple(Answer),
    "pregnant": tuple(Answer),
    "consent": tuple(Consent),
    "informed": tuple(Answer),
}


def situations(condition: Condition, also: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Facts field -> value, one for every combination the condition can tell apart. `also`: names to vary besides.

    At most `MOST` of them; ask `too_many` first.
    """
    told_apart = fields(condition, also)
    return islice((dict(zip(told_apart, values, strict=True)) for values in product(*told_apart.values())), MOST)


def size(condition: Condition, also: tuple[str, ...] = ()) -> int:
    """How many combinations it can tell apart."""
    return prod(len(values) for values in fields(condition, also).values())


def too_many(condition: Condition, also: tuple[str, ...] = ()) -> bool:
    """Whether it tells more apart than can be tried."""
    return size(condition, also) > MOST


def some(condition: Condition) -> dict[str, Any]:
    """One of the combinations it can tell apart."""
    return {field: values[0] for field, values in fields(condition).items()}


def fields(condition: Condition, also: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """Facts field -> one value of each class that the condition can tell apart. `also` as in `situations`."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys((*condition.names, *also)):
        found.setdefault(_varied(name), []).append(name)
    return {field: _told_apart(field, reading, condition) for field, reading in found.items()}


def context(condition: Condition, situation: dict[str, Any]) -> dict[str, Any]:
    """The values of the condition's names in that situation."""
    return {name: of(situation[field]) for name, field, of in _readings(condition.names)}


@lru_cache(maxsize=1024)
def _readings(names: tuple[str, ...]) -> tuple[tuple[str, str, Callable[[Any], Any]], ...]:
    """Each name, the fact that is varied for it, and what it makes of that."""
    return tuple((name, _varied(name), _maker(_known(name))) for name in names)


def _known(name: str) -> Name:
    """What is sampled has been read, so every name of it is one."""
    known = meaning(name)
    if known is None:
        raise KeyError(name)
    return known


def _varied(name: str) -> str:
    """The fact to vary for that name; what follows from household or area is varied by itself."""
    known = _known(name)
    return name if known.window or known.bar else known.field


def _maker(known: Name) -> Callable[[Any], Any]:
    """What it makes of the fact that is varied; whether an area's threshold is reached is varied itself."""
    return bool if known.bar else known.of


def _told_apart(field: str, reading: list[str], condition: Condition) -> list[Any]:
    """One value of each class that the names reading this field can tell from the others."""
    literals = {literal for name in reading for literal in condition.literals.get(name, ())}
    window = _known(reading[0]).window
    classes: dict[tuple[Any, ...], Any] = {}
    for value in _counts(window, literals) if window else _values(field, literals):
        looks = tuple(_look(name, value, literals) for name in reading)
        classes.setdefault(looks, value)
    return list(classes.values())


def _look(name: str, value: Any, literals: set[str | int]) -> Any:
    """What a condition can learn from that name: a helper's answer, or which of its literals it is."""
    known = _known(name)
    answer = _maker(known)(value)
    if known.shape == "code":
        return answer if answer in literals else None
    return tuple(answer) if isinstance(answer, list) else answer


def _counts(window: Window, literals: set[str | int]) -> list[int]:
    """Numbers around those it is compared with, that the memory of a household can come to."""
    most = NEVER if window.counted == "last" else MOST_REMEMBERED + 1
    near = {int(number) + step for number in literals for step in (-1, 0, 1)} | {window.least, most}
    return sorted(number for number in near if window.least <= number <= most)


def _values(field: str, literals: set[str | int]) -> list[Any]:
    if field in _CODES:
        return list(_CODES[field])
    if field == "violence":
        other = next((code for code in Violence if code not in literals), None)
        named = [*sorted(Violence(str(code)) for code in literals), *([other] if other else [])]
        return [tuple(some) for size in range(len(named) + 1) for some in combinations(named, size)]
    if field == "dash_score":
        near = {int(score) + step for score in literals for step in (-1, 0, 1)} | set(_DASH)
        return [None, *sorted(score for score in near if _DASH[0] <= score <= _DASH[1])]
    if field in ("area", "origin_code"):
        return [None, "another", *sorted(str(code) for code in literals)]
    return [True, False]

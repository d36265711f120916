"""All the signals a condition can tell apart: one of each kind, so that what holds for these holds for every signal."""

from collections.abc import Iterator
from itertools import combinations, islice, product
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
    fields = _fields(condition, also)
    return islice((dict(zip(fields, values, strict=True)) for values in product(*fields.values())), MOST)


def too_many(condition: Condition, also: tuple[str, ...] = ()) -> bool:
    """Whether it tells more apart than can be tried."""
    size = 1
    for values in _fields(condition, also).values():
        size *= len(values)
    return size > MOST


def context(condition: Condition, situation: dict[str, Any]) -> dict[str, Any]:
    """The values of the condition's names in that situation."""
    return {name: _of(_known(name), situation[_varied(name)]) for name in condition.names}


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


def _of(known: Name, value: Any) -> Any:
    return value if known.bar else known.of(value)


def _fields(condition: Condition, also: tuple[str, ...]) -> dict[str, list[Any]]:
    names = dict.fromkeys((*condition.names, *also))
    fields: dict[str, list[str]] = {}
    for name in names:
        fields.setdefault(_varied(name), []).append(name)
    return {field: _told_apart(field, reading, condition) for field, reading in fields.items()}


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
    answer = _of(known, value)
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

"""CODES of an English landlord's event: its kind of concern or alert, the categories of its case, its own type.

What a case of anti-social behaviour is called is each landlord's own: no standard lists it. The same category comes as
`domestic-abuse`, `DOMESTIC_ABUSE`, `DomesticAbuse` and `Domestic abuse`, alone, as an object, or beside others.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from schemas.codes import Urgency
from schemas.corporation import Meaning, Source
from services.ingest.draft import STATUS
from services.ingest.sources import vera
from services.ingest.values import camel, dashed

Object = Mapping[str, Any]
Thing = tuple[str, ...]

MOST_CATEGORIES: Final = 20
_CATEGORIES: Final = ("category", "categories")
_SAYING: Final = ("code", "name")
_BETWEEN: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", re.ASCII)
_END: Final = re.compile(r"([A-Z][a-z]+)(?:Event)?$", re.ASCII)
"""How a type ends: an `AsbCaseClosedEvent` was closed, also where it tells what the case is about and no status."""

_LONGEST: Final = 80
"""Characters of a code under `codes`."""

_URGENCIES: Final = tuple(Urgency)
_UNLISTED, _IGNORED = len(_URGENCIES), len(_URGENCIES) + 1


def spelt(value: Any) -> str | None:
    """In small letters with hyphens, however it is written: `DOMESTIC_ABUSE` is `domestic-abuse`."""
    words = (word for word in _BETWEEN.split(value) if word) if isinstance(value, str) else ()
    found = "-".join(words).lower()
    return found if 0 < len(found) <= _LONGEST else None


def detail(data: Object) -> str | None:
    """The first code that tells what it is about, as it is written."""
    return next((form for told in (_narrow(data), *_categories(data)) for form in told), None)


def things(kind: str, data: Object) -> tuple[Thing, ...]:
    """What was noticed, a category each: by the kind of concern or alert, the category, then the event's own type."""
    narrow, listed = _narrow(data), list(_categories(data))
    found = tuple(_thing(kind, narrow, forms) for forms in listed[:MOST_CATEGORIES] or ((),))
    return (*found, ()) if len(listed) > MOST_CATEGORIES else found


def foremost(told: tuple[Thing, ...], source: Source) -> tuple[Thing, ...]:
    """The most urgent first, so that it decides. What nobody listed is not ignored for what stands beside it."""
    ranked = sorted(((_rank(thing, source), thing) for thing in told), key=lambda one: one[0])
    waits = source.unmapped == "park" and any(rank == _UNLISTED for rank, _ in ranked)
    return tuple(thing for rank, thing in ranked if not (waits and rank == _IGNORED))


def status(kind: str, now: Object, before: Object, source: Source) -> str | None:
    """Where the record stands, as `codes` spells it: as it says now, as its event's type ends, or as it said before."""
    end = _END.search(kind)
    if end is not None and now.get("status") is None and STATUS + end[1].lower() in source.codes:
        return end[1].lower()
    forms = _forms((now if "status" in now else before).get("status"))
    return next((form for form in forms if STATUS + form in source.codes), forms[0] if forms else None)


def _rank(thing: Thing, source: Source) -> int:
    meaning = next((source.codes[code] for code in thing if code in source.codes), None)
    match meaning:
        case None:
            return _UNLISTED
        case Meaning():
            return _URGENCIES.index(meaning.urgency or source.defaults.urgency)
        case _:
            return _IGNORED


def _thing(kind: str, *told: Thing) -> Thing:
    """Each as that event's, then as anybody's."""
    codes = (code for forms in told for code in (*(f"{kind}.{form}" for form in forms), *forms))
    return (*codes, kind)


def _narrow(data: Object) -> Thing:
    alert = camel(data.get("alert")).get("code")
    inside = (data.get("concernType"), data.get("alertCode"), alert, data.get("subCategory"), data.get("code"))
    return next((forms for value in inside if (forms := _forms(value))), ())


def _categories(data: Object) -> Iterator[Thing]:
    for name in _CATEGORIES:
        value = data.get(name)
        for one in value if isinstance(value, list) else () if value is None else (value,):
            yield _forms(one)


def _forms(value: Any) -> Thing:
    """A code as it is written, then as `codes` may spell it; of an object its code, then its name."""
    inside = camel(value)
    told = [inside.get(name) for name in _SAYING] if inside else [value]
    found = (form for one in told for form in (vera.code(dashed(one)), spelt(one)) if form is not None)
    return tuple(dict.fromkeys(found))

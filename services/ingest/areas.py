"""Which municipality or local authority an address lies in, on a day; when that is not sure, nobody guesses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from schemas.area import AreaEntry
from schemas.legal import Country
from schemas.local_day import day_in
from services.ingest.draft import Place

Named = tuple[Country, str]

_CODE: Final = re.compile(r"(?:GM)?(\d{1,4})|([EW]\d{8})", re.ASCII)
_PREFIXES: Final = ("gemeente ", "london borough of ", "royal borough of ", "city of ")
_INWARD: Final = 3
"""Letters and digits of a British postcode after its district."""


_DAYS: Final = 2
"""Lookups that are kept."""


class Lookup(NamedTuple):
    """The areas of one day, ready to be asked. A name that two areas share is in neither table."""

    codes: Mapping[str, str]
    """Every code there is or was -> the area it lies in now."""

    names: Mapping[Named, str]
    places: Mapping[Named, str]
    postcodes: Mapping[Named, str]


class Atlas:
    """All areas of the configuration. Days' lookups are kept: around midnight two countries have two days."""

    def __init__(self, entries: Iterable[AreaEntry]) -> None:
        self._entries = tuple(entries)
        self._lookups: dict[date, Lookup] = {}

    def at(self, now: datetime, country: Country) -> Lookup:
        """The areas that exist on that country's day; what merged is found under its successor."""
        day = day_in(country, now)
        found = self._lookups.get(day)
        if found is None:
            if len(self._lookups) == _DAYS:
                self._lookups.clear()
            found = self._lookups[day] = lookup(self._entries, day)
        return found


def lookup(entries: Iterable[AreaEntry], day: date) -> Lookup:
    """The tables of one day. A code may have an entry for each time in which something else holds there."""
    by_code: dict[str, list[AreaEntry]] = {}
    for entry in entries:
        by_code.setdefault(entry.code, []).append(entry)
    today = [entry for same in by_code.values() for entry in same if entry.valid_on(day)]
    return Lookup(
        codes={code: found for code in by_code if (found := _successor(code, by_code, day))},
        names=_unshared(((entry.country, _folded(entry.name)), entry.code) for entry in today),
        places=_unshared(((entry.country, _folded(place)), entry.code) for entry in today for place in entry.places),
        postcodes=_unshared(
            ((entry.country, postcode.upper()), entry.code) for entry in today for postcode in entry.postcodes
        ),
    )


def resolved(areas: Lookup, country: Country, place: Place, default: str | None) -> str | None:
    """The area, or None for a person to decide.

    A code decides, else a name, else town and postcode where they do not contradict each other; else `default`, for a
    corporation with dwellings in one area only. A code of an area we do not know is an answer too: none of ours.
    """
    if place.code and (well_formed := _CODE.fullmatch(place.code.upper())):
        digits, gss = well_formed.groups()
        return areas.codes.get(gss or f"GM{digits:0>4}")
    if place.name and (named := areas.names.get((country, _folded(place.name)))):
        return named
    town = areas.places.get((country, _folded(place.town))) if place.town else None
    district = areas.postcodes.get((country, _district(country, place.postcode))) if place.postcode else None
    if town and district and town != district:
        return None
    return town or district or default


def _successor(code: str, entries: Mapping[str, Sequence[AreaEntry]], day: date) -> str | None:
    """The area itself while it exists, else the one it went up in; a circle leads nowhere."""
    seen: set[str] = set()
    while code in entries and code not in seen:
        seen.add(code)
        if any(entry.valid_on(day) for entry in entries[code]):
            return code
        code = next((entry.successor for entry in entries[code] if entry.successor), "")
    return None


def _unshared(pairs: Iterable[tuple[Named, str]]) -> dict[Named, str]:
    found: dict[Named, str] = {}
    shared: set[Named] = set()
    for name, code in pairs:
        if found.setdefault(name, code) != code:
            shared.add(name)
    return {name: code for name, code in found.items() if name not in shared}


def _folded(name: str) -> str:
    folded = " ".join(name.split()).casefold()
    for prefix in _PREFIXES:
        folded = folded.removeprefix(prefix)
    return folded


def _district(country: Country, postcode: str) -> str:
    """`8011 AB` is 8011; `N16 5AB` is N16."""
    packed = "".join(postcode.split()).upper()
    return packed[:4] if country == "NL" else packed[:-_INWARD]

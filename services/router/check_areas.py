"""What can be wrong with areas: their days, and what they went up in."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from schemas.area import AreaEntry
from schemas.codes import PartnerKind
from services.router import finding_words as words
from services.router.condition import meant
from services.router.configuration import Configuration, PlacedArea
from services.router.directory import Directory
from services.router.finding import Finding
from services.router.periods import backwards, overlap

_BARS: Final = frozenset({PartnerKind.MARAC, PartnerKind.IDVA})
"""Kinds of help for which a condition can ask whether the area's DASH score is reached."""


def check_areas(configuration: Configuration, directory: Directory) -> Iterator[Finding]:
    """An area stands there once for each day, ends after it begins, and its signals find one when it has ended."""
    known: dict[str, list[AreaEntry]] = {}
    for placed in configuration.placed_areas():
        area = placed.area
        if any(overlap(area, other) for other in known.get(area.code, ())):
            yield Finding.of(placed.where("code"), words.TWICE, area.code)
        known.setdefault(area.code, []).append(area)
        if backwards(area):
            where = placed.where("valid_until")
            yield Finding.of(where, words.AREA_BACKWARDS, area.code)
        yield from _successor(placed, directory)
        for kind in sorted(area.dash.keys() - _BARS):
            yield Finding.of(placed.where("dash", kind), words.NO_BAR, kind)
    yield from _shared(configuration)


def _shared(configuration: Configuration) -> Iterator[Finding]:
    """A town in two areas at once: an address that names it lies in neither. Only told: it may be so."""
    known: dict[tuple[str, str], list[AreaEntry]] = {}
    for placed in configuration.placed_areas():
        area = placed.area
        for number, town in enumerate(area.places):
            there = known.setdefault((area.country, " ".join(town.split()).casefold()), [])
            other = next((one for one in there if one.code != area.code and overlap(one, area)), None)
            if other is not None:
                where, since = placed.where("places", number), max(one.valid_from or date.min for one in (area, other))
                on = since if since > date.min else words.ALWAYS_SO
                yield Finding.of(where, words.SHARED_TOWN, town, other.code, area.code, on, refuses=False)
            there.append(area)


def _successor(placed: PlacedArea, directory: Directory) -> Iterator[Finding]:
    """It is followed day by day, as a signal would be, from the first day on which the area is no more."""
    area, where = placed.area, placed.where("successor")
    if area.successor is None:
        return
    countries = {entry.country for entry in directory.areas if entry.code == area.successor}
    if not countries:
        codes = tuple(entry.code for entry in directory.areas if entry.country == area.country)
        near = meant(area.successor, codes)
        yield Finding.of(where, words.UNKNOWN_SUCCESSOR, area.successor, near if near.en else words.ADD_IT)
    elif area.country not in countries:
        yield Finding.of(where, words.SUCCESSOR_ABROAD, area.successor, area.country, area.code)
    elif area.valid_until is None:
        yield Finding.of(where, words.NO_DAY, area.code, area.successor)
    elif _circular(area, directory):
        yield Finding.of(where, words.CIRCULAR, area.code, area.successor)
    elif directory.area_on(area.code, area.country, area.valid_until) is None:
        yield Finding.of(where, words.GAP, area.valid_until, area.code, area.successor)


def _circular(area: AreaEntry, directory: Directory) -> bool:
    """Whether its successors come back to it, whatever their days."""
    after = {entry.code: entry.successor for entry in directory.areas if entry.successor}
    code, met = area.successor, set[str]()
    while code is not None and code not in met:
        if code == area.code:
            return True
        met.add(code)
        code = after.get(code)
    return False

"""What can be wrong with areas: their days, and what they went up in."""

from collections.abc import Iterator
from typing import Final

from schemas.area import AreaEntry
from schemas.codes import PartnerKind
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
            yield Finding(placed.where("code"), f"{area.code} stands there twice for the same days. Keep one")
        known.setdefault(area.code, []).append(area)
        if backwards(area):
            where = placed.where("valid_until")
            yield Finding(where, f"{area.code} ends before it begins. Correct valid_from or valid_until")
        yield from _successor(placed, directory)
        for kind in sorted(area.dash.keys() - _BARS):
            yield Finding(placed.where("dash", kind), f"no condition asks for a DASH score for {kind}. Leave it out")


def _successor(placed: PlacedArea, directory: Directory) -> Iterator[Finding]:
    """It is followed day by day, as a signal would be, from the first day on which the area is no more."""
    area, where = placed.area, placed.where("successor")
    if area.successor is None:
        return
    countries = {entry.country for entry in directory.areas if entry.code == area.successor}
    if not countries:
        codes = tuple(entry.code for entry in directory.areas if entry.country == area.country)
        fix = meant(area.successor, codes) or ". Add it, or correct the code"
        yield Finding(where, f"{area.successor} is no area we know{fix}")
    elif area.country not in countries:
        yield Finding(where, f"{area.successor} is no area of {area.country}. Name one that {area.code} went up in")
    elif area.valid_until is None:
        told = f"{area.code} went up in {area.successor}, and does not say when. Add valid_until, the day it ended"
        yield Finding(where, told)
    elif _circular(area, directory):
        yield Finding(where, f"{area.code} goes up in itself by way of {area.successor}. Correct one of them")
    elif directory.area_on(area.code, area.country, area.valid_until) is None:
        told = f"on {area.valid_until} {area.code} has ended and {area.successor} is not there. Correct their days"
        yield Finding(where, told)


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

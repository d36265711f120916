"""What may be wrong with sources that are each well-formed: together, and against the areas there are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from schemas.area import AreaEntry
from schemas.corporation import Adapter, Corporation, Meaning, Source, Sources
from schemas.topics import OURS, outcome_topic
from schemas.words import Words, filled
from services.ingest import fault_words as words
from services.ingest.check_words import DID_YOU_MEAN, USE_ONE_OF
from services.ingest.draft import STATUS
from services.ingest.normalise import MISSING
from services.ingest.sources import debezium, vera_signalering, vera_zaak

Path = tuple[str | int, ...]

DUTCH: Final[frozenset[Adapter]] = frozenset({"vera-signalering", "vera-zaak", "vera-onderhoudsverzoek"})
ENGLISH: Final[frozenset[Adapter]] = frozenset({"landlord-event", "hact-repair"})

REPAIRS: Final[frozenset[Adapter]] = frozenset({"vera-onderhoudsverzoek", "hact-repair"})
STANDING: Final[Mapping[Adapter, frozenset[str]]] = {
    "vera-signalering": vera_signalering.STATUSES.standing,
    "vera-zaak": vera_zaak.STATUSES.standing,
}
"""The codes of a standard for what was not taken back."""

_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)
_PLACES: Final = ("area_code", "area", "town", "postcode")


class Fault(NamedTuple):
    """One thing that is wrong, with the path of what to change."""

    path: Path
    sentence: Words


def faults(sources: Sources, areas: Sequence[AreaEntry]) -> Iterator[Fault]:
    """Everything that is wrong, in the order of the file."""
    ids: set[str] = set()
    names: set[str] = set()
    owners: dict[str, str] = {}
    topics: dict[str, str | Words] = {topic.name: words.ITSELF for topic in OURS}
    topics |= {outcome_topic(one.id).name: filled(words.OUTCOMES, one.id) for one in sources.corporations}
    countries = {entry.code: entry.country for entry in areas}
    for place, corporation in enumerate(sources.corporations):
        here: Path = ("corporations", place)
        if corporation.id in ids:
            yield Fault((*here, "id"), filled(words.CORPORATION_TWICE, corporation.id))
        ids.add(corporation.id)
        yield from _of_names(here, corporation, owners)
        for number, source in enumerate(corporation.sources):
            there = (*here, "sources", number)
            if source.name in names:
                yield Fault((*there, "name"), filled(words.SOURCE_TWICE, source.name))
            names.add(source.name)
            if source.topic in topics:
                yield Fault((*there, "topic"), filled(words.TOPIC_TAKEN, source.topic, topics[source.topic]))
            topics.setdefault(source.topic, source.name)
            yield from _of_source(there, corporation, source, countries)


def _of_names(here: Path, corporation: Corporation, owners: dict[str, str]) -> Iterator[Fault]:
    """Records that would share ids: of two corporations with one URN, of two tables with one name. Adds to `owners`."""
    tables: dict[tuple[str, str], str] = {}
    for number, source in enumerate(corporation.sources):
        there, urn = (*here, "sources", number), source.source.casefold()
        owner = owners.setdefault(urn, corporation.id)
        if owner != corporation.id:
            yield Fault((*there, "source"), filled(words.URN_TAKEN, source.source, owner, corporation.id))
        for table in source.tables:
            other = tables.setdefault((urn, table.rpartition(".")[2]), table)
            if other != table:
                yield Fault((*there, "tables"), filled(words.TABLE_TAKEN, table, other))


def _of_source(there: Path, corporation: Corporation, source: Source, countries: Mapping[str, str]) -> Iterator[Fault]:
    if source.adapter in (ENGLISH if corporation.country == "NL" else DUTCH):
        yield Fault((*there, "adapter"), filled(words.OTHER_COUNTRY, source.adapter, corporation.country))
    for code, meaning in source.codes.items():
        if not _CODE.fullmatch(code):
            yield Fault((*there, "codes", code), words.NO_CODE)
        if _capitals(code):
            yield Fault((*there, "codes", code), words.IN_SMALL_LETTERS)
        if (wrong := _wrongly_said(source.adapter, code, meaning)) is not None:
            yield Fault((*there, "codes", code), wrong)
    if not source.codes and source.unmapped == "park" and source.adapter != "concern":
        yield Fault((*there, "codes"), words.NO_CODES)
    yield from _of_area(there, corporation, source, countries)
    if source.adapter == "debezium":
        yield from _of_columns(there, source)
    elif source.columns or source.tables:
        field = "columns" if source.columns else "tables"
        yield Fault((*there, field), filled(words.FOR_DEBEZIUM, source.adapter))


def _wrongly_said(adapter: Adapter, code: str, meaning: Meaning | str) -> Words | None:
    """What a code cannot mean: what was noticed takes nothing back, and what is over was no mistake."""
    if code == MISSING:
        return None if meaning == "ignore" else words.NOTHING_NOTICED
    if not code.startswith(STATUS):
        return words.ONLY_A_STATUS if meaning == "withdraw" else None
    if meaning == "withdraw":
        stands = code.removeprefix(STATUS).upper() in STANDING.get(adapter, frozenset())
        return words.OF_A_REPAIR if adapter in REPAIRS else words.STANDS if stands else None
    return words.WHERE_IT_STANDS if isinstance(meaning, Meaning) else None


def _capitals(code: str) -> bool:
    """Whether it begins as ours do but for capitals, so that it would be no code of anything."""
    small = code.lower()
    return (small == MISSING != code) or (small.startswith(STATUS) and not code.startswith(STATUS))


def _of_area(there: Path, corporation: Corporation, source: Source, countries: Mapping[str, str]) -> Iterator[Fault]:
    area = source.defaults.area
    if area is not None and countries.get(area) != corporation.country:
        yield Fault((*there, "defaults", "area"), filled(words.NO_AREA, area, corporation.country))
    if area is None and source.adapter == "debezium" and not any(name in source.columns for name in _PLACES):
        yield Fault((*there, "columns"), filled(words.NOWHERE, ", ".join(_PLACES)))


def _of_columns(there: Path, source: Source) -> Iterator[Fault]:
    for field in source.columns:
        if field not in debezium.FIELDS:
            meant = get_close_matches(field, debezium.FIELDS, n=1)
            fix = filled(DID_YOU_MEAN, meant[0]) if meant else filled(USE_ONE_OF, ", ".join(debezium.FIELDS))
            yield Fault((*there, "columns", field), filled(words.NO_FIELD, fix))
    for field in debezium.REQUIRED:
        if field not in source.columns:
            yield Fault((*there, "columns"), filled(words.NOT_MAPPED, field))

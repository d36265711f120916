"""What may be wrong with sources that are each well-formed: together, and against the areas there are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from schemas.area import AreaEntry
from schemas.corporation import Adapter, Corporation, Source, Sources
from schemas.topics import OURS, outcome_topic
from services.ingest.normalise import MISSING, STATUS
from services.ingest.sources import debezium

Path = tuple[str | int, ...]

DUTCH: Final[frozenset[Adapter]] = frozenset({"vera-signalering", "vera-zaak", "vera-onderhoudsverzoek"})
ENGLISH: Final[frozenset[Adapter]] = frozenset({"landlord-event", "hact-repair"})

_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)
_PLACES: Final = ("area_code", "area", "town", "postcode")


class Fault(NamedTuple):
    """One thing that is wrong, with the path of what to change."""

    path: Path
    sentence: str


def faults(sources: Sources, areas: Sequence[AreaEntry]) -> Iterator[Fault]:
    """Everything that is wrong, in the order of the file."""
    ids: set[str] = set()
    names: set[str] = set()
    owners: dict[str, str] = {}
    topics: dict[str, str] = {topic.name: "Seinpaal itself" for topic in OURS}
    topics |= {outcome_topic(one.id).name: f"the outcomes of {one.id}" for one in sources.corporations}
    countries = {entry.code: entry.country for entry in areas}
    for place, corporation in enumerate(sources.corporations):
        here: Path = ("corporations", place)
        if corporation.id in ids:
            yield Fault((*here, "id"), f"{corporation.id} stands here twice. Give each corporation an id of its own")
        ids.add(corporation.id)
        yield from _of_names(here, corporation, owners)
        for number, source in enumerate(corporation.sources):
            there = (*here, "sources", number)
            if source.name in names:
                yield Fault((*there, "name"), f"{source.name} stands here twice. Give each source a name of its own")
            names.add(source.name)
            if source.topic in topics:
                yield Fault((*there, "topic"), f"{source.topic} is read by {topics[source.topic]} already. Use another")
            topics.setdefault(source.topic, source.name)
            yield from _of_source(there, corporation, source, countries)


def _of_names(here: Path, corporation: Corporation, owners: dict[str, str]) -> Iterator[Fault]:
    """Records that would share ids: of two corporations with one URN, of two tables with one name. Adds to `owners`."""
    tables: dict[tuple[str, str], str] = {}
    for number, source in enumerate(corporation.sources):
        there, urn = (*here, "sources", number), source.source.casefold()
        owner = owners.setdefault(urn, corporation.id)
        if owner != corporation.id:
            both = f"records of {owner} and {corporation.id} would share ids"
            yield Fault((*there, "source"), f"{source.source} is {owner}'s already: {both}. Give each its own")
        for table in source.tables:
            other = tables.setdefault((urn, table.rpartition(".")[2]), table)
            if other != table:
                sentence = f"{table} has the name of {other}: their rows would share ids"
                yield Fault((*there, "tables"), f"{sentence}. Give it a source with a URN of its own")


def _of_source(there: Path, corporation: Corporation, source: Source, countries: Mapping[str, str]) -> Iterator[Fault]:
    if source.adapter in (ENGLISH if corporation.country == "NL" else DUTCH):
        yield Fault((*there, "adapter"), f"{source.adapter} is not written in {corporation.country}. Use another")
    for code, meaning in source.codes.items():
        if not _CODE.fullmatch(code):
            yield Fault((*there, "codes", code), "is no code. Write it as CODE or CODE.DETAIL, without spaces")
        if (code == MISSING or code.startswith(STATUS)) and meaning != "ignore":
            said = "that nothing was noticed" if code == MISSING else "where a record stands, not what was noticed"
            yield Fault((*there, "codes", code), f"tells {said}. Only `ignore` can be said of it")
    if not source.codes and source.unmapped == "park" and source.adapter != "concern":
        yield Fault((*there, "codes"), "is empty, so that every event would be parked. Map their codes to ours")
    yield from _of_area(there, corporation, source, countries)
    if source.adapter == "debezium":
        yield from _of_columns(there, source)
    elif source.columns or source.tables:
        field = "columns" if source.columns else "tables"
        yield Fault((*there, field), f"is for debezium, and this is {source.adapter}. Remove it")


def _of_area(there: Path, corporation: Corporation, source: Source, countries: Mapping[str, str]) -> Iterator[Fault]:
    area = source.defaults.area
    if area is not None and countries.get(area) != corporation.country:
        sentence = f"{area} is in no file of areas/ for {corporation.country}. Add it there, or correct it"
        yield Fault((*there, "defaults", "area"), sentence)
    if area is None and source.adapter == "debezium" and not any(name in source.columns for name in _PLACES):
        sentence = "never tells where: map one of area_code, area, town, postcode, or give defaults.area"
        yield Fault((*there, "columns"), sentence)


def _of_columns(there: Path, source: Source) -> Iterator[Fault]:
    for field in source.columns:
        if field not in debezium.FIELDS:
            meant = get_close_matches(field, debezium.FIELDS, n=1)
            fix = f"Did you mean {meant[0]}?" if meant else f"Use one of {', '.join(debezium.FIELDS)}"
            yield Fault((*there, "columns", field), f"is no field of ours. {fix}")
    for field in debezium.REQUIRED:
        if field not in source.columns:
            yield Fault((*there, "columns"), f"maps nothing to {field}. Say which column holds it")

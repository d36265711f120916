"""DOUBTS: what a source says that may mean something else than was meant. It is allowed, so it is told, not refused."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from schemas.corporation import Source
from schemas.record import Captured
from schemas.words import Words, filled
from services.ingest import check_words as words
from services.ingest.check import DUTCH
from services.ingest.event import Event, opened
from services.ingest.normalise import Intake, guard_of
from services.ingest.sources.debezium_change import RowChange, taken_off
from services.runtime.errors import Unreadable

_OF_VERA: Final = re.compile(r"(?!taak\.)[A-Za-z0-9]{2,4}(?:\.[A-Za-z0-9]{2,4}){0,2}", re.ASCII)
"""How its codes are formed; our own `taak.AFW` is no such code."""


def doubts(intake: Intake, records: Sequence[Captured]) -> Iterator[Words]:
    """What to look at again in that source, against the records of a sample."""
    source = intake.source
    yield from (filled(words.EVERYWHERE, table) for table in source.tables if "." not in table)
    if source.adapter in DUTCH:
        yield from (
            filled(words.CAPITALS, code, code.upper())
            for code in source.codes
            if code != code.upper() and _OF_VERA.fullmatch(code)
        )
    if source.adapter == "debezium":
        yield from _of_columns(source, list(_rows(intake, records)))


def _of_columns(source: Source, rows: Sequence[RowChange]) -> Iterator[Words]:
    """Where a column is not there its weapon or disclosure is taken for none, for ever."""
    if "status" not in source.columns:
        yield words.NEVER_WITHDRAWN
    there = {name for change in rows for name in change.row}
    unseen = [f"{name} ({field})" for field, name in source.columns.items() if name not in there]
    if rows and unseen:
        yield filled(words.UNSEEN, ", ".join(unseen))


def _rows(intake: Intake, records: Sequence[Captured]) -> Iterator[RowChange]:
    """Of a record that cannot be read its own line tells more."""
    for record in records:
        with suppress(Unreadable):
            event = opened(record, guard_of(intake))
            if isinstance(event, Event) and isinstance(change := taken_off(event), RowChange):
                yield change

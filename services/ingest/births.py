"""BIRTHS: when somebody was born, also where no more than the year is known, and whether that makes a child."""

import re
from calendar import monthrange
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final, NamedTuple

from schemas.local_day import day_in
from services.ingest.dates import EARLIEST, LATEST, day, since_epoch
from services.ingest.event import Event
from services.ingest.values import mapping

ADULT: Final = 18

_PARTS: Final = (
    re.compile(r"(?P<year>\d{4})(?:-?(?P<month>\d\d)-?00|-(?P<only>\d\d))?", re.ASCII),
    re.compile(r"00[-/.](?P<month>\d\d)[-/.](?P<year>\d{4})", re.ASCII),
)
"""`1990`, `1990-05`, `19900500`, `1990-00-00` and `00-05-1990`: the BRP and StUF write 00 for what is not known."""

_TEXTS: Final = ("#text", "$", "_", "datum")
"""Where the text of an element or date stands in JSON made of StUF's XML, and in Haal Centraal's DatumOnvolledig."""

_INCOMPLETE: Final = "indonvolledigedatum"
_KNOWN: Final = {"D": 2, "M": 1, "J": 0}
"""StUF 3.01, indOnvolledigeDatum: how many of year, month and day are known; the others are fillers. V: all are."""


class Told:
    """The days that count, in the country of an event whose record was changed then. Most tell of nobody's birth."""

    def __init__(self, event: Event, at: datetime) -> None:
        self._event = event
        self._at = at

    @cached_property
    def on(self) -> date:
        """When the record was changed: who is under 18 then is a child. The end of a day was told without an hour."""
        return self._at.date() if self._at.time() == time.max else day_in(self._event.country, self._at)

    @cached_property
    def by(self) -> date:
        """When it was here: nobody in it was born later."""
        sent = self._event.timestamp
        had = since_epoch(microseconds=sent * 1000) if sent > 0 else None
        return max(self.on, day_in(self._event.country, had)) if had else self.on


class Born(NamedTuple):
    """A birth date as far as it is known."""

    day: date | None = None
    """Absent where no more than the month or the year is known."""

    latest: date | None = None
    """The last day that may be meant: who may be a child counts as one."""


_NOT_TOLD: Final = Born()


def born(value: Any, told: Told) -> Born:
    """A birth date in any form it comes in."""
    return _NOT_TOLD if value is None else _read(value, told.by)


def _read(value: Any, by: date) -> Born:
    parts = mapping(value)
    if not parts:
        return _until(value) if _is_year(value) else _born(value, by)
    text = next((parts[name] for name in _TEXTS if parts.get(name) is not None), None)
    if text is None:
        return _until(*(parts.get(name) for name in ("jaar", "maand", "dag")))
    found = _born(text, by)
    missing = next((item for name, item in parts.items() if name.lower().endswith(_INCOMPLETE)), None)
    known = _KNOWN.get(missing) if isinstance(missing, str) else None
    if known is None or found.latest is None:
        return found
    return _until(*(found.latest.year, found.latest.month)[:known])


def is_child(birth: Born, on: date) -> bool:
    """Whether somebody born then is, or may be, under 18 on that day."""
    latest = birth.latest
    if latest is None:
        return False
    return on.year - latest.year - ((on.month, on.day) < (latest.month, latest.day)) < ADULT


def _born(value: Any, by: date) -> Born:
    whole = day(value, by)
    if whole is not None or not isinstance(value, str):
        return Born(whole, whole)
    found = next((match for part in _PARTS if (match := part.fullmatch(value.strip()))), None)
    if found is None:
        return Born()
    known = found.groupdict()
    return _until(int(known["year"]), int(known.get("month") or known.get("only") or 0))


def _is_year(value: Any) -> bool:
    """A number that reads as one: only a database counts days, and a column of it is read as such before."""
    return isinstance(value, int) and EARLIEST.year <= value < LATEST.year


def _until(year: Any = None, month: Any = None, date_of_month: Any = None) -> Born:
    """The whole date where all of it is known, else the last day that may be meant."""
    if not _is_year(year):
        return Born()
    try:
        if month and date_of_month:
            whole = date(year, month, date_of_month)
            return Born(whole, whole)
        return Born(None, date(year, month or 12, monthrange(year, month or 12)[1]))
    except (TypeError, ValueError, OverflowError):
        return Born()

"""DATES: points in time and calendar dates out of foreign JSON, in whatever form they were written, or absent."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

from schemas.legal import Country
from schemas.local_day import in_utc

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Outside these a date is a filler (0001-01-01, 9999-12-31, infinity), not a date."""

_LOOSE: Final = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)? ?(Z)?", re.ASCII
)
_END_OF_DAY: Final = re.compile(r"(?<=[T ])24:00(?::00(?:[.,]0+)?)?(?!\d|[:.,])", re.ASCII)
_DOTNET: Final = re.compile(r"\\?/Date\((-?\d{1,16})(?:([+-])(\d\d)(\d\d))?\)\\?/", re.ASCII)
_STAMPS: Final = frozenset(map(len, ("20260302", "20260302214000", "20260302214000123")))
_LONGEST_NUMBER: Final = len(str(2**63))
_EVES: Final = (22, 23)
"""Hours of UTC at which a day begins: in the Netherlands in summer; there in winter, and in Britain in summer."""

_SUMMER: Final = range(4, 11)
_NO_TIME, _ONE_DAY = timedelta(0), timedelta(days=1)
_DAYS, _MILLISECONDS, _MICROSECONDS = 10**6, 10**13, 10**16
_PIVOT: Final = 50
"""Years of two digits below it are of this century, where nothing tells which one is meant."""


def moment(value: Any, country: Country | None = None) -> datetime | None:
    """A point in time from text (ISO 8601, d-m-yyyy, StUF, `/Date(ms)/`) or a number, in UTC.

    What is written without a zone is what the clock showed in that country (ISO 8601: local time), or UTC without one.

    Numbers are as Debezium writes them: days, milliseconds, microseconds or nanoseconds since 1970, told apart by their
    size (io.debezium.time.Date, Timestamp, MicroTimestamp, NanoTimestamp). What reads as a whole date of StUF
    (yyyymmdd, with hhmmss and milliseconds behind it) is one. Left to a schema: a millisecond in the first quarter
    hour of 1970 and a finer one before 26 April 1970, and of those that read as a date the ones in that year.
    """
    return _in_utc(as_written(value), country)


def day(value: Any, by: date | None = None) -> date | None:
    """The calendar date as it is written, whatever the zone: nobody is born an hour earlier in UTC.

    Midnight here is 22:00 or 23:00 of the day before in UTC, and many systems write a date so. Of a year of two
    digits it is the last one that is not after `by`, where that is given.
    """
    found = as_written(value, by)
    if found is None:
        return None
    eve = found.hour in _EVES and _is_sharp(found) and found.utcoffset() == _NO_TIME
    written = found.date() + _ONE_DAY if eve else found.date()
    return written if EARLIEST.date() <= written < LATEST.date() else None


def when(value: Any, country: Country | None = None) -> date | None:
    """A point in time as `moment` tells it, or a plain date where no more than a day was told."""
    found = as_written(value)
    return None if found is None else day(found) if _is_day(found) else _in_utc(found, country)


def last_of(told: date) -> datetime:
    """The latest moment that may be meant: of a plain date the end of it, in UTC, where our days end last."""
    if isinstance(told, datetime):
        return told
    return datetime(told.year, told.month, told.day, tzinfo=UTC) + _ONE_DAY - timedelta.resolution


def since_epoch(*, days: int = 0, microseconds: int = 0) -> datetime | None:
    """That long after 1 January 1970, or None when no calendar has that day."""
    try:
        return EPOCH + timedelta(days=days, microseconds=microseconds)
    except OverflowError:
        return None


def as_written(value: Any, by: date | None = None) -> datetime | None:
    """Of text with the zone it has, if any."""
    if isinstance(value, str):
        return _from_text(value.strip(), by)
    if isinstance(value, int) and not isinstance(value, bool):
        return _stamped(str(value)) or _counted(value)
    return value if isinstance(value, datetime) else None


def _counted(value: int) -> datetime | None:
    """The size of a number tells what it counts."""
    size = abs(value)
    if size < _DAYS:
        return since_epoch(days=value)
    if size < _MILLISECONDS:
        return since_epoch(microseconds=value * 1000)
    if size < _MICROSECONDS:
        return since_epoch(microseconds=value)
    return since_epoch(microseconds=value // 1000)


def _stamped(digits: str) -> datetime | None:
    """`20260302`, `20260302214000`, `20260302214000123`: no number of days or microseconds at a midnight reads so."""
    if len(digits) not in _STAMPS or not "1900" <= digits[:4] < "2200":
        return None
    return _from_iso(f"{digits[:8]}T{digits[8:14]}.{digits[14:]}".rstrip("T."))


def _in_utc(found: datetime | None, country: Country | None) -> datetime | None:
    if found is None:
        return None
    try:
        if found.tzinfo is None:
            found = found.replace(tzinfo=UTC) if country is None else in_utc(country, found)
        else:
            found = found.astimezone(UTC)
    except OverflowError:
        return None
    return found if EARLIEST <= found < LATEST else None


def _is_day(found: datetime) -> bool:
    """Whether it is midnight to the microsecond, as it is written, or here: no hour was told then."""
    if not _is_sharp(found):
        return False
    here = found.hour == max(_EVES) or (found.hour in _EVES and found.month in _SUMMER)
    return found.hour == 0 or (here and found.utcoffset() == _NO_TIME)


def _is_sharp(found: datetime) -> bool:
    return not (found.minute or found.second or found.microsecond)


def _from_text(value: str, by: date | None) -> datetime | None:
    digits = value.removeprefix("-")
    if digits.isascii() and digits.isdigit():
        return _from_digits(value)
    if value.startswith(("/", "\\")):
        return _from_dotnet(value)
    if len(value) == len("2026-03-02+01:00") and value[10] in "+-":  # a date of XML Schema, with its zone
        value = value[:10]
    begun = _END_OF_DAY.sub("00:00", value) if "24:00" in value else value
    found = _from_iso(begun) or _from_loose_text(begun, by)
    if found is None or begun is value:
        return found
    return found + _ONE_DAY if found.date() < date.max else None


def _from_iso(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _from_digits(value: str) -> datetime | None:
    """Eight or four are a date or a year, and never a number; a year alone is no date."""
    if len(value) > _LONGEST_NUMBER or len(value) in (4, 8):
        return _stamped(value)
    return _stamped(value) or _counted(int(value))


def _from_dotnet(value: str) -> datetime | None:
    """Milliseconds since 1970; the offset tells where the clock stood (ECMA-262 dates in ASP.NET and WCF JSON)."""
    found = _DOTNET.fullmatch(value)
    at = since_epoch(microseconds=int(found[1]) * 1000) if found else None
    if found is None or at is None or not found[2]:
        return at
    offset = timedelta(hours=int(found[3]), minutes=int(found[4]))
    try:
        return at.astimezone(timezone(-offset if found[2] == "-" else offset))
    except (OverflowError, ValueError):
        return None


def _from_loose_text(value: str, by: date | None) -> datetime | None:
    """`9-5-2025`, `24-01-25 21:40`, `09/05/2025`, `9.5.2025`, `2026-3-2`, `2026-03-02Z`; not VERA's own `14-02-205`."""
    found = _LOOSE.fullmatch(value)
    if found is None:
        return None
    first, month, last = (int(part) for part in found.group(1, 2, 3))
    match tuple(len(part) for part in found.group(1, 2, 3)):
        case (4, _, 1 | 2):
            year, date_of_month = first, last
        case (1 | 2, _, 4):
            year, date_of_month = last, first
        case (1 | 2, _, 2):
            year, date_of_month = _of_two_digits(last, (month, first), by), first
        case _:
            return None
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    zone = UTC if found[7] else None
    try:
        return datetime(year, month, date_of_month, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _of_two_digits(year: int, in_year: tuple[int, int], by: date | None) -> int:
    if by is None:
        return year + (2000 if year < _PIVOT else 1900)
    return year + (2000 if (2000 + year, *in_year) <= (by.year, by.month, by.day) else 1900)

"""Single values out of foreign JSON: taken in any form they come in, or absent; never an error, never a guess."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from schemas.codes import Answer

LONGEST_TEXT: Final = 20_000
"""Characters kept of a text: a signal must fit a Kafka record, sealed and referred."""

CUT: Final = " […]"
"""Stands where a text was cut."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Outside these a date is a filler (0001-01-01, 9999-12-31, infinity), not a date."""

_LOOSE: Final = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)? ?(Z)?", re.ASCII
)
_EVES: Final = (22, 23)
"""Hours of UTC at which a day begins: in the Netherlands in summer; there in winter, and in Britain in summer."""

_SUMMER: Final = range(4, 11)
_NO_TIME, _ONE_DAY = timedelta(0), timedelta(days=1)
_DAYS, _MILLISECONDS, _MICROSECONDS = 10**6, 10**13, 10**16
_PIVOT: Final = 50
"""Years of two digits below it are of this century."""

_ANSWERS: Final = {
    **dict.fromkeys(("yes", "ja", "true", "waar", "j", "y", "t", "1"), Answer.YES),
    **dict.fromkeys(("no", "nee", "false", "onwaar", "n", "f", "0"), Answer.NO),
}


def text(value: Any, longest: int = LONGEST_TEXT) -> str | None:
    """Text that says something, without the space around it; longer text is cut, visibly."""
    if not isinstance(value, str):
        return None
    stripped = value.strip()
    if len(stripped) > longest:
        return stripped[:longest] + CUT
    return stripped or None


def short(value: Any) -> str | None:
    """Text that fits a line of an address or a name."""
    return text(value, 200)


def identifier(value: Any) -> str | None:
    """An id, as text or as a whole number."""
    if isinstance(value, str):
        return value.strip()[:LONGEST_TEXT] or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def dashed(value: Any) -> Any:
    """A code that somebody wrote in words: `No access` is `no-access`; one word stays as it is."""
    words = value.split() if isinstance(value, str) else ()
    return "-".join(words).lower() if len(words) > 1 else value


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list; one object alone counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def camel(value: Any) -> Mapping[str, Any]:
    """A JSON object with its names in camelCase, for systems that write PascalCase; an empty one for anything else."""
    return {name[:1].lower() + name[1:]: item for name, item in value.items()} if isinstance(value, dict) else {}


def camelled(value: Any, levels: int = 64) -> Any:
    """The value with every name in it in camelCase, down to that depth."""
    if not levels:
        return value
    if isinstance(value, dict):
        return {name: camelled(item, levels - 1) for name, item in camel(value).items()}
    return [camelled(item, levels - 1) for item in value] if isinstance(value, list) else value


def camels(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list, each in camelCase."""
    return [camel(item) for item in mappings(value)]


def answer(value: Any) -> Answer | None:
    """Yes, no, or unknown for anything else that was said; None when nothing was said."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Answer.YES if value else Answer.NO
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    return _ANSWERS.get(str(value).strip().lower(), Answer.UNKNOWN) if isinstance(value, str | int) else Answer.UNKNOWN


def whether_any(value: Any) -> Answer | None:
    """As `answer`, where a number of them is an answer too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Answer.YES if value > 0 else Answer.NO
    return answer(value)


def flag(value: Any) -> bool:
    """Whether it was said to be so."""
    return value is not None and answer(value) is Answer.YES


def secret(value: Any) -> bool:
    """Whether an address may be secret: it was said to be so, or what was said is neither yes nor no.

    An address that went to somebody cannot be taken back; one that was held back for nothing can be given.
    """
    blank = isinstance(value, str) and not value.strip()
    return not blank and answer(value) not in {None, Answer.NO}


def moment(value: Any) -> datetime | None:
    """A point in time from text (ISO 8601, d-m-yyyy) or a number, in UTC; text without a zone is taken as UTC.

    Numbers are as Debezium writes them: days, milliseconds, microseconds or nanoseconds since 1970, told apart by their
    size (io.debezium.time.Date, Timestamp, MicroTimestamp, NanoTimestamp). Two exceptions, both with a schema: a
    millisecond in the first quarter hour of 1970, and a finer one before 26 April 1970.
    """
    return _in_utc(_as_written(value))


def day(value: Any) -> date | None:
    """The calendar date as it is written, whatever the zone: nobody is born an hour earlier in UTC.

    Midnight here is 22:00 or 23:00 of the day before in UTC, and many systems write a date so.
    """
    found = _as_written(value)
    if found is None:
        return None
    eve = found.hour in _EVES and _is_sharp(found) and found.utcoffset() == _NO_TIME
    written = found.date() + _ONE_DAY if eve else found.date()
    return written if EARLIEST.date() <= written < LATEST.date() else None


def when(value: Any) -> date | None:
    """A point in time as `moment` tells it, or a plain date where no more than a day was told."""
    found = _as_written(value)
    return None if found is None else day(found) if _is_day(found) else _in_utc(found)


def last_of(told: date) -> datetime:
    """The latest moment that may be meant: of a plain date the end of it, in UTC, where our days end last."""
    if isinstance(told, datetime):
        return told
    return datetime(told.year, told.month, told.day, tzinfo=UTC) + _ONE_DAY - timedelta.resolution


def from_number(value: int) -> datetime | None:
    """As `moment` reads numbers: their size tells what they count."""
    size = abs(value)
    if size < _DAYS:
        return since_epoch(days=value)
    if size < _MILLISECONDS:
        return since_epoch(microseconds=value * 1000)
    if size < _MICROSECONDS:
        return since_epoch(microseconds=value)
    return since_epoch(microseconds=value // 1000)


def since_epoch(*, days: int = 0, microseconds: int = 0) -> datetime | None:
    """That long after 1 January 1970, or None when no calendar has that day."""
    try:
        return EPOCH + timedelta(days=days, microseconds=microseconds)
    except OverflowError:
        return None


def _as_written(value: Any) -> datetime | None:
    """Of text with the zone it has, if any."""
    if isinstance(value, str):
        return _from_text(value.strip())
    if isinstance(value, int) and not isinstance(value, bool):
        return from_number(value)
    return value if isinstance(value, datetime) else None


def _in_utc(found: datetime | None) -> datetime | None:
    if found is None:
        return None
    try:
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
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


def _from_text(value: str) -> datetime | None:
    digits = value.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(value) != len("20260302"):
        return from_number(int(value)) if len(digits) <= len(str(2**63)) else None
    if len(value) == len("2026-03-02+01:00") and value[10] in "+-":  # a date of XML Schema, with its zone
        value = value[:10]
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return _from_loose_text(value)


def _from_loose_text(value: str) -> datetime | None:
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
            year, date_of_month = (2000 if last < _PIVOT else 1900) + last, first
        case _:
            return None
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    zone = UTC if found[7] else None
    try:
        return datetime(year, month, date_of_month, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None

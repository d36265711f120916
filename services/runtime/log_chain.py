"""What happens to a log line before it is written: known keys only, short values, no control characters, no data."""

import re
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from services.runtime.clock import now
from services.runtime.log_errors import described
from services.runtime.log_keys import KEYS, Key

Line = MutableMapping[str, Any]

_LONGEST: Final = 300
"""Characters of a value."""

_MOST: Final = 20
"""Items of a list."""

_JSON_BITS: Final = 63
"""A larger number is not JSON to every reader."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*")


@dataclass(slots=True)
class Dropped:
    """What was left out since the process began; the metrics read it."""

    keys: int = 0
    lines: int = 0


DROPPED: Final = Dropped()


def stamp(logger: object, method: str, line: Line) -> Line:
    """The time, unless it is known already."""
    del logger, method
    line.setdefault(Key.TIMESTAMP.value, now().isoformat())
    return line


def exception(logger: object, method: str, line: Line) -> Line:
    """`exc_info` becomes types and lines of ours; the traceback itself goes no further."""
    del logger, method
    match line.pop("exc_info", None):
        case BaseException() as error:
            line.update(described(error))
        case (_, BaseException() as error, _):
            line.update(described(error))
        case None | False | (None, None, None):
            pass
        case _ if (current := sys.exception()) is not None:
            line.update(described(current))
    return line


def allow(logger: object, method: str, line: Line) -> Line:
    """Keep what `Key` names, in printable form. An event that is not `stage.what` may hold data, and loses its name."""
    del logger, method
    kept: Line = {key: printable(value) for key, value in line.items() if key in KEYS}
    left_out = len(line) - len(kept)
    event = kept.get(Key.EVENT.value)
    if not (isinstance(event, str) and len(event) < _LONGEST and _NAME.fullmatch(event)):
        kept[Key.EVENT.value] = "unnamed"
        left_out += 1
    if left_out:
        DROPPED.keys += left_out
        kept[Key.DROPPED.value] = left_out
    return kept


def printable(value: object) -> object:
    """A number as it is, a name or an id as short text on one line; of anything else only its type."""
    if isinstance(value, Enum):
        value = value.value
    match value:
        case int() if value.bit_length() > _JSON_BITS:
            return str(value)
        case None | bool() | int() | float():
            return value
        case str() | UUID() | PurePath():
            return _escaped(str(value))
        case datetime() | date():
            return value.isoformat()
        case list() | tuple() | frozenset() | set():
            return [printable(item) for item in list(value)[:_MOST]]
        case _:
            return f"<{type(value).__name__}>"


def _escaped(text: str) -> str:
    """On one line and short; control, format and direction characters as escapes (OWASP ASVS 16.4.1)."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    if short.isprintable():
        return short
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)

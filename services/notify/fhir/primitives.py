"""FHIR's primitive types as pydantic-core schemas: what `fhir-core` asks, and no coercion, blanks or controls."""

import re

from annotated_types import Ge, Le
from fhir_core import types as fhir_types
from fhir_core.constraints import TYPES_ID_PATTERN
from pydantic_core import CoreSchema, core_schema

CONTROL = r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F"
INK = rf"[^\s{CONTROL}]"
TEXT = rf"^[^{CONTROL}]*{INK}[^{CONTROL}]*$"  # FHIR R4, section 2.24.0.1: no controls but tab, CR, LF; not only blanks
CODE = rf"^{INK}+( {INK}+)*$"
URI = rf"^{INK}+$"
URL = rf"^[A-Za-z][A-Za-z0-9+.\-]*:{INK}+$"
BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$"
PARTIAL_DATE = r"^[0-9]{4}(-[0-9]{2})?$"
LONGEST_ID = 64
LONGEST_STRING = 1_048_576
LARGEST_DECIMAL = 1e15  # within what a float and every receiver keep exactly to the unit


def primitive(kind: str) -> CoreSchema | None:
    """The schema of a primitive type, by its FHIR name; None for one that we never send (uuid, xhtml)."""
    return _SCHEMAS.get(kind)


def text(pattern: str, longest: int = LONGEST_STRING) -> CoreSchema:
    """A string that matches; *pattern* is anchored by its author."""
    return core_schema.str_schema(pattern=pattern, max_length=longest, strict=True)


def _whole(theirs: re.Pattern[str]) -> CoreSchema:
    """A string that matches all of a pattern of theirs, which they apply with `fullmatch`."""
    return text(f"^(?:{theirs.pattern})$")


def _integer(theirs: fhir_types.Integer) -> CoreSchema:
    bounds = list(theirs)
    least = next(int(bound.ge) for bound in bounds if isinstance(bound, Ge))  # type: ignore[call-overload]  # is an int
    most = next(int(bound.le) for bound in bounds if isinstance(bound, Le))  # type: ignore[call-overload]  # is an int
    return core_schema.int_schema(ge=least, le=most, strict=True)


def _in_calendar(pattern: re.Pattern[str], full: CoreSchema) -> CoreSchema:
    """First their pattern, then, unless it is only a year or a month, the calendar: 30 February is refused."""
    choices: list[CoreSchema | tuple[CoreSchema, str]] = [text(PARTIAL_DATE), full]
    real = core_schema.union_schema(
        choices, mode="left_to_right", custom_error_type="calendar", custom_error_message="not in the calendar"
    )
    return core_schema.chain_schema([_whole(pattern), real])


_SCHEMAS: dict[str, CoreSchema] = {
    "boolean": core_schema.bool_schema(strict=True),
    "string": text(TEXT),
    "markdown": text(TEXT),
    "code": text(CODE),
    "id": text(TYPES_ID_PATTERN, LONGEST_ID),
    "uri": text(URI),
    "canonical": text(URI),
    "url": text(URL),
    "oid": text(fhir_types.Oid.pattern.pattern),
    "base64Binary": text(BASE64),
    "decimal": core_schema.float_schema(strict=True, allow_inf_nan=False, ge=-LARGEST_DECIMAL, le=LARGEST_DECIMAL),
    "integer": _integer(fhir_types.Integer()),
    "unsignedInt": _integer(fhir_types.UnsignedInt()),
    "positiveInt": _integer(fhir_types.PositiveInt()),
    "date": _in_calendar(fhir_types.Date.pattern, core_schema.date_schema(strict=False)),
    "dateTime": _in_calendar(fhir_types.DateTime.pattern, core_schema.datetime_schema(strict=False)),
    "instant": _in_calendar(fhir_types.Instant.pattern, core_schema.datetime_schema(strict=False)),
    "time": core_schema.chain_schema([_whole(fhir_types.Time.pattern), core_schema.time_schema(strict=False)]),
}

"""One column of a row as Debezium writes it: missing large values, days, microseconds, base64 decimals.

Source: https://debezium.io/documentation/reference/3.0/connectors/postgresql.html#postgresql-data-types
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from services.ingest.births import Born, Told, born
from services.ingest.dates import day, moment, since_epoch, when
from services.ingest.identity import identity
from services.ingest.values import identifier

UNAVAILABLE: Final = "__debezium_unavailable_value"
"""Stands for a large column that an update did not touch (unavailable.value.placeholder)."""

_UNAVAILABLE_BYTES: Final = b64encode(UNAVAILABLE.encode()).decode()
_IN_DAYS: Final = frozenset({"io.debezium.time.Date", "org.apache.kafka.connect.data.Date"})
_MICROSECONDS_IN: Final = {
    "io.debezium.time.Timestamp": (1000, 1),
    "org.apache.kafka.connect.data.Timestamp": (1000, 1),
    "io.debezium.time.MicroTimestamp": (1, 1),
    "io.debezium.time.NanoTimestamp": (1, 1000),
}
_DECIMALS: Final = frozenset({"org.apache.kafka.connect.data.Decimal", "io.debezium.data.VariableScaleDecimal"})
_ZERO: Final = "AA=="
"""A NUMERIC of 0 without a schema."""

_LONGEST_NUMBER: Final = 64
"""Characters of base64 that a number of an id or a score can have."""


def is_unavailable(value: Any) -> bool:
    """Whether the value stands for one that was not sent: as text, bytes, JSON, an array or a map."""
    match value:
        case str():
            return value in (UNAVAILABLE, _UNAVAILABLE_BYTES)
        case [only]:
            return is_unavailable(only)
        case dict():
            return UNAVAILABLE in value
        case _:
            return False


def moment_of(value: Any, semantic: Mapping[str, Any] | None) -> datetime | None:
    """A point in time. The column's schema tells the unit; without one the size of the number does."""
    return moment(_counted(value, semantic))


def when_of(value: Any, semantic: Mapping[str, Any] | None) -> date | None:
    """The same, and a plain date where no more than a day was told."""
    return when(_counted(value, semantic))


def born_of(value: Any, semantic: Mapping[str, Any] | None, days: Told) -> Born:
    """A birth date, as it was written; a number counts from 1970."""
    told = _counted(value, semantic)
    whole = day(told) if isinstance(told, int) else None
    return Born(whole, whole) if whole else born(told, days)


def _counted(value: Any, semantic: Mapping[str, Any] | None) -> Any:
    """What a number counts, where the schema tells; anything else as it is."""
    name = semantic.get("name") if semantic else None
    if not isinstance(value, int) or isinstance(value, bool) or not isinstance(name, str):
        return value
    if name in _IN_DAYS:
        return since_epoch(days=value)
    unit = _MICROSECONDS_IN.get(name)
    return value if unit is None else since_epoch(microseconds=value * unit[0] // unit[1])


def id_of(value: Any, semantic: Mapping[str, Any] | None) -> str | None:
    """An id: text, a whole number, or a NUMERIC as Debezium writes it.

    A NUMERIC(p,0) without schema is base64 that looks like any other text. It is then taken as it stands: it names the
    same record every time all the same.
    """
    number = _decimal(value, semantic)
    return None if value == _ZERO else identity(value if number is None else f"{number:f}")


def code_of(value: Any, semantic: Mapping[str, Any] | None) -> Any:
    """A code: of a NUMERIC its digits, without schema those of padded base64, which no code is; else as it is."""
    number = _decimal(value, semantic)
    if number is None and isinstance(value, str) and value.endswith("="):
        number = _unscaled(value, 0)
    return value if number is None else f"{number:f}"


def plain(value: Any) -> Any:
    """What MongoDB's Extended JSON (v2) wraps: `{"$oid": "5f"}`, `{"$date": {"$numberLong": "0"}}`."""
    while isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$"):
        (value,) = value.values()
    return value


def whole_number_of(value: Any, semantic: Mapping[str, Any] | None) -> int | None:
    """A whole number: JSON's own, digits, or a NUMERIC; without schema its base64 is taken to have no decimals."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    number = _decimal(value, semantic)
    if number is None and isinstance(value, str):
        if value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER:
            return int(value)
        number = _unscaled(value, 0)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _decimal(value: Any, semantic: Mapping[str, Any] | None) -> Decimal | None:
    if isinstance(value, dict):  # VariableScaleDecimal: {"scale": 0, "value": "AcQ="}
        return _unscaled(value.get("value"), value.get("scale"))
    name = semantic.get("name") if semantic else None
    if semantic is None or not isinstance(name, str) or name not in _DECIMALS:
        return None
    parameters = semantic.get("parameters")
    scale = parameters.get("scale") if isinstance(parameters, dict) else 0
    return _unscaled(value, scale)


def _unscaled(value: Any, scale: Any) -> Decimal | None:
    """Base64 of the unscaled value, big-endian two's complement (java.math.BigInteger)."""
    digits = identifier(scale) or "0"
    if not isinstance(value, str) or len(value) > _LONGEST_NUMBER or not digits.isdigit() or len(digits) > 2:  # noqa: PLR2004  no database has a scale of 100
        return None
    try:
        raw = b64decode(value, validate=True)
    except ValueError:
        return None
    return Decimal(int.from_bytes(raw, "big", signed=True)).scaleb(-int(digits)) if raw else None

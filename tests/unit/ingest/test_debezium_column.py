"""A column's value means the same, however Debezium was told to write it."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.sources.debezium_column import id_of, is_unavailable, moment_of, whole_number_of
from tests.unit.ingest.test_values import JUNK

DAY = datetime(2026, 3, 2, tzinfo=UTC)
MOMENT = datetime(2026, 3, 2, 21, 40, tzinfo=UTC)


def unscaled(number: int) -> str:
    """Base64 of java.math.BigInteger.toByteArray()."""
    return b64encode(number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)).decode()


@pytest.mark.parametrize(
    ("semantic", "value", "meant"),
    [
        ("io.debezium.time.Date", 20514, DAY),
        ("org.apache.kafka.connect.data.Date", 20514, DAY),
        ("io.debezium.time.IsoDate", "2026-03-02Z", DAY),
        ("io.debezium.time.Timestamp", 1772487600000, MOMENT),
        ("org.apache.kafka.connect.data.Timestamp", 1772487600000, MOMENT),
        ("io.debezium.time.MicroTimestamp", 1772487600000000, MOMENT),
        ("io.debezium.time.NanoTimestamp", 1772487600000000000, MOMENT),
        ("io.debezium.time.ZonedTimestamp", "2026-03-02T21:40:00.000000Z", MOMENT),
        ("io.debezium.time.IsoTimestamp", "2026-03-02T21:40:00", MOMENT),
        ("io.debezium.time.MicroTimestamp", 5, datetime(1970, 1, 1, 0, 0, 0, 5, tzinfo=UTC)),
        ("io.debezium.time.MicroTimestamp", 9_223_372_036_825_200_000, None),
        ("io.debezium.time.Timestamp", -315_619_200_000, datetime(1960, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_date_means_the_same_in_every_unit(semantic: str, value: int | str, meant: datetime | None) -> None:
    """The column's schema tells the unit; without it the size of the number tells the same, but near 1970."""
    assert moment_of(value, {"name": semantic}) == meant
    if meant is None or meant.year != 1970:
        assert moment_of(value, None) == meant


@given(st.integers(-(2**63), 2**63 - 1).filter(lambda number: number not in {0, -1}))
def test_a_numeric_comes_back_whole(number: int) -> None:
    """NUMERIC is base64 of its unscaled value, with the scale in the schema or beside it."""
    decimal = {"name": "org.apache.kafka.connect.data.Decimal", "parameters": {"scale": "0"}}
    assert whole_number_of(unscaled(number), decimal) == number
    assert id_of(unscaled(number), decimal) == str(number)
    assert id_of({"scale": 0, "value": unscaled(number)}, None) == str(number)


def test_a_scale_is_honoured() -> None:
    """NUMERIC(5,2) of 14.00 is 1400 and a scale of 2."""
    decimal = {"name": "org.apache.kafka.connect.data.Decimal", "parameters": {"scale": "2"}}
    assert whole_number_of(unscaled(1400), decimal) == 14
    assert whole_number_of(unscaled(1450), decimal) is None
    assert id_of(unscaled(1450), decimal) == "14.50"


@pytest.mark.parametrize("value", [14, "14", unscaled(14)])
def test_a_score_is_a_score_in_every_way_to_write_it(value: int | str) -> None:
    """decimal.handling.mode may be precise, string or double, and no schema tells which."""
    assert whole_number_of(value, None) == 14


@pytest.mark.parametrize(
    "value",
    [
        "__debezium_unavailable_value",
        b64encode(b"__debezium_unavailable_value").decode(),
        ["__debezium_unavailable_value"],
        {"__debezium_unavailable_value": "__debezium_unavailable_value"},
    ],
)
def test_every_form_of_not_sent_is_known(value: Any) -> None:
    """Text, bytes, arrays and maps each have theirs."""
    assert is_unavailable(value)


@given(JUNK)
def test_no_value_is_an_error(value: Any) -> None:
    """Whatever a column holds, with any schema."""
    schemas = (None, {"name": "org.apache.kafka.connect.data.Decimal", "parameters": value}, {"name": value})
    for semantic in schemas:
        is_unavailable(value)
        moment_of(value, semantic)
        id_of(value, semantic)
        whole_number_of(value, semantic)

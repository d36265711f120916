"""Points in time and dates are taken in any form they come in, or are absent."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.ingest.dates import day, moment, when

MOMENT = datetime(2026, 3, 2, 21, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T21:40:00Z",
        "2026-03-02T21:40:00.000000Z",
        "2026-03-02T22:40:00+01:00",
        "2026-03-02T21:40:00",
        " 2026-03-02 21:40 ",
        1772487600000,
        1772487600000000,
        1772487600000000000,
        "1772487600000000",
        "20260302214000",
        20260302214000,
        "20260302214000000",
        "/Date(1772487600000)/",
        "/Date(1772487600000+0100)/",
        "\\/Date(1772487600000-0500)\\/",
    ],
)
def test_one_moment_in_every_form_is_the_same(written: str | int) -> None:
    """ISO text with and without zone, Debezium's numbers, StUF's tijdstip and .NET's `/Date(ms)/` mean one moment."""
    assert moment(written) == MOMENT


@pytest.mark.parametrize(
    "written", ["2026-03-02", "2-3-2026", "02/03/2026", "2-3-26", "2026-3-2", "20260302", 20514, 20260302]
)
def test_one_day_in_every_form_is_the_same(written: str | int) -> None:
    """A date as VERA's loose text, as digits, or as Debezium's days since 1970 is the same date."""
    assert moment(written) == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2-3-2026 21:40", "02-03-2026 21:40:00", "2/3/26 21:40", "2.3.2026T21:40:00Z"])
def test_a_dutch_date_may_have_a_time(written: str) -> None:
    """Day first, as it is typed; a time behind it is no reason to lose both."""
    assert moment(written) == MOMENT


@pytest.mark.parametrize(
    "written",
    [
        "1990-01-02", "1990-01-02T00:00:00+01:00", "1990-01-02T00:00:00+02:00", "1990-01-02T23:59:59-05:00",
        "1990-01-02+01:00", "1990-01-01T23:00:00Z", "1990-01-01T22:00:00.000Z", "1990-01-02T00:00:00Z",
        631_234_800_000, "2-1-1990 00:00", "19900102", 19900102, "/Date(631234800000+0100)/", "/Date(631234800000)/",
    ],
)  # fmt: skip
def test_a_birth_date_is_the_day_that_was_written(written: str | int) -> None:
    """In UTC half of the country would be born a day early, and somebody of 17 a day late be a child."""
    assert day(written) == date(1990, 1, 2)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-03", "3-3-2026", "20260303", 20515, "2026-03-03T00:00:00", "2026-03-03T00:00:00Z", "2026-03-03+01:00",
        "2026-03-03T00:00:00+01:00", "2026-03-02T23:00:00Z", 1772492400000, "3-3-2026 00:00",
    ],
)  # fmt: skip
def test_a_day_is_told_from_a_moment(written: str | int) -> None:
    """VERA asks for a time with every date: midnight, here or in UTC, is what a system writes that has none."""
    told = when(written)
    assert told == date(2026, 3, 3)
    assert not isinstance(told, datetime)


@pytest.mark.parametrize("written", ["2026-03-02T22:00:00Z", "2026-03-02T23:00:00", "2026-07-02T23:00:01Z"])
def test_an_hour_that_is_no_midnight_is_a_moment(written: str) -> None:
    """Eleven at night in winter is an hour like any other."""
    assert when(written) == moment(written)


@pytest.mark.parametrize("written", [-3653, -315_619_200_000, -315_619_200_000_000, "1960-01-01", "1-1-1960", "1-1-60"])
def test_dates_before_1970_are_dates(written: str | int) -> None:
    """Birth dates lie before the epoch: negative numbers count backwards."""
    assert day(written) == datetime(1960, 1, 1, tzinfo=UTC).date()


@pytest.mark.parametrize(
    "written",
    [
        "14-02-205",
        "31-2-2026",
        "0001-01-01T00:00:00Z",
        "9999-12-31",
        "onbekend",
        "",
        None,
        True,
        2**63 - 1,
        [],
        {},
        1.5,
        "2026",
        "20260002",
        "2026-03-02T24:01",
        "9999-12-31T24:00",
        "/Date()/",
        "/Date(1772487600000+9900)/",
    ],
)
def test_what_is_no_date_is_absent(written: Any) -> None:
    """Slips, fillers and infinity are no dates; VERA's own tables hold `14-02-205`."""
    assert moment(written) is None


@pytest.mark.parametrize(
    "written", ["2026-03-02T24:00:00", "2026-03-02T24:00:00.000Z", "2-3-2026 24:00", "20260303000000"]
)
def test_the_end_of_a_day_is_the_beginning_of_the_next(written: str) -> None:
    """ISO 8601 lets a day end at 24:00."""
    assert moment(written) == datetime(2026, 3, 3, tzinfo=UTC)


def test_no_midnight_of_a_database_reads_as_a_date() -> None:
    """Fourteen digits are taken for a date first: a birth date in microseconds must not be another by chance."""
    for days in (*range(-25_000, -115), *range(116, 40_000)):
        meant = date(1970, 1, 1) + timedelta(days)
        assert day(days * 86_400_000_000) == day(days * 86_400_000) == meant


@pytest.mark.parametrize(
    ("written", "year"), [("1-1-45", 1945), ("1-1-15", 2015), ("24-11-26", 2026), ("25-11-26", 1926)]
)
def test_nobody_is_born_after_it_was_told(written: str, year: int) -> None:
    """Of two digits the last year that can be: else somebody of 81 is a child that is not born yet."""
    told = day(written, date(2026, 11, 24))
    assert told is not None
    assert told.year == year

"""Rows as other databases write them: codes that are numbers, documents as text, names in capitals."""

from typing import Any, Final

import orjson
import pytest

from schemas.codes import Change, Kind
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import accepted, an_intake, became
from tests.unit.ingest.test_debezium import COLUMNS, INTAKE, ROW, an_envelope
from tests.unit.ingest.test_debezium_column import unscaled

NUMBERED: Final = an_intake(
    "debezium", codes={"7": {"kind": Kind.STALKING}, "7.4": {"kind": Kind.WEAPON}, "status.3": "ignore"},
    columns=COLUMNS, tables=("signalering",),
)  # fmt: skip
SEVEN: Final = (7, 7.0, "7", unscaled(7), {"scale": 0, "value": unscaled(7)})
"""INT; NUMBER as a double; text; NUMERIC without a schema; Oracle's NUMBER without a precision."""


@pytest.mark.parametrize("code", SEVEN)
def test_a_code_that_is_a_number_is_known_by_its_digits(code: Any) -> None:
    """It waited as `code-missing`, and what was advised then would have passed over the whole source."""
    row = {**ROW, "soort": code, "detail_soort": None}
    assert accepted(an_envelope(after=row), NUMBERED).facts.kind is Kind.STALKING


def test_a_detail_and_a_status_may_be_numbers_too() -> None:
    """A foreign key in each of the three columns is what a tenant system has most often."""
    for detail in (4, unscaled(4), {"scale": 0, "value": unscaled(4)}):
        row = {**ROW, "soort": 7, "detail_soort": detail}
        assert accepted(an_envelope(after=row), NUMBERED).facts.kind is Kind.WEAPON
    for status in (3, unscaled(3), {"scale": 0, "value": unscaled(3)}):
        assert became(an_envelope(after={**row, "status": status}), NUMBERED) == Ignored("status-ignored")


@pytest.mark.parametrize("told", ["Geluid van ruzie", "geluid-van-ruzie", "GELUID / van ruzie", "Geluid van ruzie   "])
def test_a_category_of_several_words_is_a_code(told: str) -> None:
    """A table often holds the words that people read, and no code beside them."""
    intake = an_intake("debezium", codes={"geluid-van-ruzie": {"kind": Kind.NOISE_VIOLENCE}}, columns=COLUMNS)
    signal = accepted(an_envelope(after={**ROW, "soort": told, "detail_soort": None}), intake)
    assert (signal.facts.kind, signal.facts.origin_code) == (Kind.NOISE_VIOLENCE, "geluid-van-ruzie")


def a_document(op: str = "c", before: Any = None, **fields: Any) -> dict[str, Any]:
    """As MongoDB's connector writes one: text, Extended JSON within, and a collection in place of a table."""
    there = {name: value for name, value in {**ROW, **fields}.items() if value is not None}
    told = an_envelope(op, before=before, after=orjson.dumps(there).decode(), db="tenant", collection="signalering")
    del told["source"]["table"]
    return told


def test_a_document_is_the_signal_that_its_row_would_be() -> None:
    """Its id, its times and its numbers are wrapped there."""
    wrapped: dict[str, Any] = {
        "id": {"$oid": "65f0a1b2c3d4e5f6a7b8c9d0"},
        "begindatum": {"$date": {"$numberLong": "1772487600000"}},
    }
    signal = accepted(a_document(**wrapped), INTAKE)
    assert signal.reference == "65f0a1b2c3d4e5f6a7b8c9d0"
    assert signal.facts.observed_at == accepted(an_envelope(), INTAKE).facts.observed_at
    assert signal.facts.kind is Kind.NOISE_VIOLENCE
    before = orjson.dumps({**ROW, "status": "ACT"}).decode()
    assert accepted(a_document("u", before, status="VER"), INTAKE).change is Change.WITHDRAWN


def test_a_collection_is_told_from_another_one() -> None:
    """What a connector reads beside the signals is passed over."""
    other = a_document()
    other["source"]["collection"] = "huurders"
    assert became(other, INTAKE) == Ignored("other-table")


@pytest.mark.parametrize("after", [None, 7, "[]", "no JSON"])
def test_a_change_without_its_row_says_what_to_set(after: Any) -> None:
    """MongoDB tells no more than what changed, unless it is told to: nobody can map a key that is not there."""
    outcome = became(an_envelope("u", after=after), INTAKE)
    assert isinstance(outcome, Unreadable)
    assert (outcome.reason, outcome.field) == ("row-missing", "after")
    assert "capture.mode" in outcome.fix


@pytest.mark.parametrize("name", ["id", "soort"])
def test_a_row_without_a_column_that_is_needed_is_a_slip_in_our_file(name: str) -> None:
    """Oracle's are in capitals. With `missing: ignore` the whole source would be passed over, and nobody would know."""
    row = {(column.upper() if column == name else column): value for column, value in ROW.items()}
    careless = an_intake("debezium", codes={"missing": "ignore"}, unmapped="ignore", columns=COLUMNS)
    outcome = became(an_envelope(after=row), careless)
    assert isinstance(outcome, Unreadable)
    assert (outcome.reason, outcome.field) == ("column-missing", name)


def test_a_document_may_leave_out_its_code() -> None:
    """It leaves out what it has nothing in, also in the withdrawal of a record."""
    assert isinstance(became(a_document(soort=None, detail_soort=None, status="VER"), INTAKE), Accepted)

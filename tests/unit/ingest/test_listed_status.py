"""A status that only the corporation knows withdraws where `codes` says so; nothing else does by it."""

from typing import Any, Final

import pytest

from schemas.codes import Change, Kind
from schemas.corporation import Adapter, Corporation
from tests.unit.ingest.samples import DUTCH, ENGLISH, a_signalering, accepted, an_intake
from tests.unit.ingest.test_debezium import COLUMNS, ROW, an_envelope
from tests.unit.ingest.test_landlord_event import CONCERN, an_event
from tests.unit.ingest.test_vera_zaak import a_zaak

CODES: Final[dict[str, Any]] = {
    **{code: {"kind": Kind.THREAT} for code in ("OVE.GEL", "SOC.GEL", "domestic-abuse")},
    **dict.fromkeys(("status.9", "status.FOUT", "status.logged-in-error", "status.in-de-war"), "withdraw"),
}


def of_a_zaak(status: Any) -> Any:
    """A case that has it since."""
    return a_zaak(zaakstatussen=[{"soort": {"code": status}, "begindatum": "2026-03-04T08:00:00Z"}])


def of_a_row(status: Any) -> Any:
    """A row that has it."""
    return an_envelope("u", after={**ROW, "status": status})


SHAPES: Final[list[tuple[Adapter, Corporation, Any, tuple[Any, ...]]]] = [
    ("vera-signalering", DUTCH, lambda one: a_signalering(status={"code": one}), ("FOUT", "9", 9)),
    ("vera-zaak", DUTCH, of_a_zaak, ("FOUT", "9")),
    ("debezium", DUTCH, of_a_row, ("FOUT", 9, "9", "In de war", "CQ==")),
    ("landlord-event", ENGLISH, lambda one: an_event(**{**CONCERN, "status": one}), ("Logged in error", 9)),
]


@pytest.mark.parametrize(("adapter", "corporation", "event", "listed"), SHAPES)
def test_a_listed_status_withdraws_in_every_shape(
    adapter: Adapter, corporation: Corporation, event: Any, listed: tuple[Any, ...]
) -> None:
    """It is the same signal as before, and who was told of it hears that it was wrong."""
    columns = COLUMNS if adapter == "debezium" else {}
    intake = an_intake(adapter, corporation=corporation, codes=CODES, columns=columns)
    before = accepted(event("ACT"), intake)
    assert before.change is Change.REPORTED
    for status in listed:
        after = accepted(event(status), intake)
        assert (after.change, after.signal) == (Change.WITHDRAWN, before.signal), status


def test_a_status_that_nobody_listed_takes_nothing_back() -> None:
    """Nor does a code of what was noticed that looks like one, or a record without a status."""
    codes = {**CODES, "9": {"kind": Kind.STALKING}, "status.None": "withdraw"}
    intake = an_intake("debezium", codes=codes, columns=COLUMNS)
    for row in ({"status": 8}, {"status": None}, {"soort": 9, "detail_soort": None, "status": None}):
        assert accepted(an_envelope(after={**ROW, **row}), intake).change is Change.REPORTED

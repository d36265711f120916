"""A record that is taken back is heard as that, however its system says so; nothing else is taken for it."""

from typing import Any

import pytest

from schemas.codes import Change
from schemas.corporation import Adapter
from tests.unit.ingest.mutation import intake_of
from tests.unit.ingest.samples import a_concern, a_signalering, accepted
from tests.unit.ingest.test_debezium import ROW, an_envelope
from tests.unit.ingest.test_landlord_event import CONCERN, an_event
from tests.unit.ingest.test_vera_zaak import a_zaak

WORDS = (
    "withdrawn", "Withdrawn ", "WITHDRAWN", "retracted", "cancelled", "Canceled", "Entered in error",
    "entered-in-error", "ENTERED_IN_ERROR", "EnteredInError", "ENTEREDINERROR", "vervallen",
    " Vervallen", "VERVALLEN  ", "ingetrokken", "Geannuleerd", {"code": "vervallen"},
    {"naam": "Vervallen"}, {"code": "17", "naam": "Ingetrokken"}, {"name": "Withdrawn"},
)  # fmt: skip
STANDING: tuple[Any, ...] = (
    None, "", "ACT", "reported", "niet vervallen", "Vervallen?  nee", "withdrawn?no", "Not withdrawn",
    "herroepen besluit", "verval", "vervallend", "deleted", "closed", "Passief", {}, [], 0, True, ["VER"],
    {"code": {"code": "VER"}},
)  # fmt: skip


def a_status(adapter: Adapter, status: Any) -> dict[str, Any]:
    """An event of that shape in that status."""
    match adapter:
        case "vera-zaak":
            return a_zaak(zaakstatussen=[{"soort": status}])
        case "debezium":
            return an_envelope(after={**ROW, "status": status})
        case "landlord-event":
            return an_event("ConcernUpdatedEvent", **{**CONCERN, "status": status})
        case _:
            return a_signalering(status=status)


SHAPES: tuple[Adapter, ...] = ("vera-signalering", "vera-zaak", "debezium", "landlord-event")


@pytest.mark.parametrize("adapter", SHAPES)
@pytest.mark.parametrize("status", WORDS)
def test_a_word_that_takes_back_withdraws_in_every_shape(adapter: Adapter, status: Any) -> None:
    """A partner that does not hear of it goes on with an alarm about nobody."""
    assert accepted(a_status(adapter, status), intake_of(adapter)).change is Change.WITHDRAWN


@pytest.mark.parametrize("adapter", SHAPES)
@pytest.mark.parametrize("status", STANDING)
def test_any_other_status_withdraws_nothing(adapter: Adapter, status: Any) -> None:
    """Help that ends by a word that was not said is a lost signal."""
    assert accepted(a_status(adapter, status), intake_of(adapter)).change is Change.REPORTED


@pytest.mark.parametrize(
    ("adapter", "status", "withdrawn"),
    [
        ("vera-signalering", "ver", True),
        ("vera-signalering", {"code": " Ver "}, True),
        ("vera-signalering", "https://x.example/referentiedata/SIGNALERINGSTATUS/ver", True),
        ("vera-signalering", "GEA", False),
        ("vera-signalering", {"code": "ACT", "naam": "Vervallen"}, False),
        ("vera-signalering", {"code": "pas", "naam": "Vervallen"}, False),
        ("vera-zaak", "gea", True),
        ("vera-zaak", {"code": "Gea"}, True),
        ("vera-zaak", "VER", False),
        ("vera-zaak", {"code": "INB", "naam": "Geannuleerd"}, False),
        ("debezium", "ver", True),
        ("debezium", "gea       ", True),
        ("debezium", "act", False),
        ("landlord-event", "VER", False),
    ],
)
def test_a_code_withdraws_where_its_list_has_it(
    adapter: Adapter,
    status: Any,
    *,
    withdrawn: bool,
) -> None:
    """VER is vervallen of a mark and no status of a case; of VERA's own code its name says no other thing."""
    signal = accepted(a_status(adapter, status), intake_of(adapter))
    assert (signal.change is Change.WITHDRAWN) is withdrawn


def test_a_case_that_goes_on_after_it_was_cancelled_is_reported() -> None:
    """The newest status counts, also where it has a name and no code."""
    statuses = [
        {"soort": {"code": "GEA"}, "begindatum": "2026-03-03T08:00:00Z"},
        {"soort": {"naam": "In behandeling"}, "begindatum": "2026-03-04T08:00:00Z"},
    ]
    assert accepted(a_zaak(zaakstatussen=statuses), intake_of("vera-zaak")).change is Change.REPORTED
    assert accepted(a_zaak(zaakstatussen=statuses[:1]), intake_of("vera-zaak")).change is Change.WITHDRAWN


@pytest.mark.parametrize("status", ["withdrawn", "Withdrawn", "ingetrokken", "Geannuleerd", "vervallen"])
def test_a_concern_is_taken_back_in_dutch_too(status: str) -> None:
    """It waited for a person as a form that was filled in wrongly, and its partner went on."""
    assert accepted(a_concern(status=status), intake_of("concern")).change is Change.WITHDRAWN
    assert accepted(a_concern(status="Gemeld"), intake_of("concern")).change is Change.REPORTED

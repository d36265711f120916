"""The type of an event takes a record back only by how it ends, in every way in which platforms write types."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Change
from schemas.corporation import Adapter
from services.ingest.sources.withdrawal import withdraws, withdraws_by_type
from tests.unit.ingest.mutation import intake_of
from tests.unit.ingest.samples import a_concern, a_signalering, accepted
from tests.unit.ingest.test_landlord_event import CONCERN, an_event
from tests.unit.ingest.test_vera_onderhoudsverzoek import a_defect, a_request
from tests.unit.ingest.test_vera_zaak import a_zaak

WITHDRAWING: Final = (
    "concern.withdrawn", "ConcernWithdrawn", "ConcernWithdrawnEvent", "concernWithdrawn", "CONCERN_WITHDRAWN",
    "concern-withdrawn", "Concern Withdrawn", "withdrawn", "com.voorbeeld.concern/withdrawn", "urn:voorbeeld:withdrawn",
    "https://voorbeeld.example/events/concern/withdrawn#v1", "/concern/withdrawn/", "HTTPConcernWithdrawn",
    "concern-retracted", "ConcernRetractedEvent", "concern.cancelled", "ConcernCancelledEvent", "concern_canceled",
    "nl.voorbeeld.signalering.ingetrokken", "SignaleringIngetrokken", "nl.voorbeeld.zorg-ingetrokken",
    "nl.voorbeeld.zorgIngetrokken", "nl.voorbeeld.Zorg.INGETROKKEN.v2", "zaak.geannuleerd", "ZaakGeannuleerdBericht",
    "signalering.vervallen", "SIGNALERING_VERVALLEN", "melding-is-ingetrokken",
    "concern.entered-in-error", "ConcernEnteredInError", "ConcernEnteredInErrorEvent", "CONCERN_ENTERED_IN_ERROR",
    "concern.enteredInError.v1", "EnteredInError", "entered-in-error", "ENTEREDINERROR", "concern.enteredinerror",
)  # fmt: skip

VERSIONS: Final = (
    ".v1", "V2", "-v1", "_v3", "/v1", ".1.0", ".v1.2.3", "2", ":1", "@2", ".v1beta1", ".v1-alpha", ".v2.0.0-rc.1",
    ".2026-01", ".version1", ".versie-2", "Event", "EventV2", ".event.v1", "DomainEvent", "IntegrationEvent", "Message",
    ".events", ".gebeurtenis.v1", ".bericht",
)  # fmt: skip

TURNED: Final = (
    "ConcernNotWithdrawnEvent", "ConcernUnWithdrawn", "nl.voorbeeld.zorg.niet-ingetrokken", "concern.not-yet.withdrawn",
    "WithdrawalCancelledEvent", "concern.withdrawal.cancelled", "withdrawal-form.cancelled",
    "WithdrawalRequestCanceled",
    "ConcernRetractionWithdrawn", "concern.cancellation.withdrawn", "ConcernCancelationCancelled",
    "zorg.intrekking.geannuleerd", "zorg.annulering-ingetrokken", "intrekkingsverzoek.vervallen",
    "annuleringsformulier.ingetrokken", "intrekking.formulier.vervallen", "intrekking.verzoek.vervallen",
    "intrekking-aanvraag-ingetrokken",
)  # fmt: skip

OF_SOMETHING_ELSE: Final = (
    "ConsentWithdrawnEvent", "concern.permission-withdrawn", "VictimStatementRetracted", "TenancyNoticeWithdrawn",
    "concern.appointment.cancelled", "VisitCancelledEvent", "repair.cancelled", "WorkOrderCanceled", "job-cancelled.v1",
    "concern.task.cancelled", "concern.note.withdrawn", "ConcernAttachmentWithdrawn", "document.retracted",
    "toestemming.ingetrokken", "GetuigenverklaringIngetrokken", "nl.voorbeeld.aangifte-ingetrokken.v1",
    "huuropzegging.ingetrokken", "zorg.afspraak.geannuleerd", "huisbezoek-vervallen", "reparatie.geannuleerd",
    "onderhoudsverzoek.geannuleerd", "opdracht.vervallen", "taak-geannuleerd", "notitie.ingetrokken",
    "zorg.bijlage.vervallen", "consent.entered-in-error",
)  # fmt: skip

REPORTING: Final = (
    "", ".", "v1", "event", "ConcernRaisedEvent", "nl.corp.withdrawal-form.created", "nl.corp.withdrawn.form.created",
    "nl.ingetrokken-zorg.gemeld.v1", "WithdrawnConcernRaised", "concern.cancelled.reopened",
    "zaak.geannuleerd.hersteld", "concern.withdrawn.undone", "nl.vervallen.signalering.gemeld",
    "entered-in-error.corrected", "in.error", "concern.error",
    "concern.entered", "ConcernWithdrawnInError", "nl.voorbeeld.zorg.intrekking.v1", "ConcernUndeletedEvent",
    "ConcernDeletedEvent", "concern.closed", "zaak.afgesloten", "concern.revoked", "besluit.herroepen", "verval",
    "vervallend", "éingetrokken", "nietingetrokken", "concernwithdrawn",
)  # fmt: skip


@pytest.mark.parametrize("version", ["", *VERSIONS])
def test_a_type_that_ends_so_withdraws_with_any_version(version: str) -> None:
    """Platforms write the types of their events in each of these ways."""
    assert [name for name in WITHDRAWING if not withdraws_by_type(name + version)] == []


@pytest.mark.parametrize("version", ["", ".v1", "EventV2"])
def test_any_other_type_withdraws_nothing(version: str) -> None:
    """Neither a word in the middle, nor one that is turned round, nor what became of something else."""
    others = (*TURNED, *OF_SOMETHING_ELSE, *REPORTING)
    assert [name for name in others if withdraws_by_type(name + version) or withdraws(name + version)] == []


@pytest.mark.parametrize(
    "name", ["nl.voorbeeld.repair.concern-withdrawn", "withdrawal.concern.withdrawn", "consent.concern.cancelled"]
)
def test_what_stands_further_in_front_is_where_it_was_written(name: str) -> None:
    """A folder of types that is called after something else takes no withdrawal away."""
    assert withdraws_by_type(name)


WORD: Final = st.sampled_from(
    ["withdrawn", "retracted", "cancelled", "ingetrokken", "geannuleerd", "vervallen", "entered-in-error",
     "enteredInError"]
)  # fmt: skip
PART: Final = st.sampled_from(["nl", "corp", "zorg", "concern", "form", "v1", "42", "not"]) | WORD
ENDING: Final = st.sampled_from(
    ["created", "raised", "gemeld", "gewijzigd", "closed", "form", "reopened", "withdrawal"]
)
JOINT: Final = st.sampled_from([".", "-", "_", "/", ":", ""])


@given(st.lists(PART, max_size=4), WORD, ENDING, st.sampled_from(("", *VERSIONS)), JOINT)
def test_a_word_in_the_middle_never_withdraws(
    front: list[str], word: str, ending: str, version: str, joint: str
) -> None:
    """Whatever stands before the last word, only that one says what happened."""
    parts = [*front, word, ending]
    name = joint.join(parts) if joint else "".join(part.capitalize() for part in parts)
    assert not withdraws_by_type(name + version)


@given(st.text(max_size=40))
def test_any_text_is_a_type(name: str) -> None:
    """Whoever writes nonsense is answered, and nonsense with a reporting end reports."""
    assert not withdraws_by_type(f"{name}.raised")
    assert withdraws_by_type(f"{name} concern.withdrawn")


SHAPES: Final[tuple[tuple[Adapter, dict[str, Any]], ...]] = (
    ("concern", a_concern()),
    ("concern", a_signalering()),
    ("vera-signalering", a_signalering()),
    ("vera-zaak", a_zaak()),
)


@pytest.mark.parametrize(("adapter", "payload"), SHAPES)
@pytest.mark.parametrize("binary", [True, False])
def test_a_cloud_event_of_any_shape_withdraws_by_its_type(
    adapter: Adapter, payload: dict[str, Any], *, binary: bool
) -> None:
    """The content is often that of before: only the type tells what happened to it."""

    def change(name: str) -> Change:
        if binary:
            return accepted(payload, intake_of(adapter), headers=[("ce_type", name.encode())]).change
        whole = {"specversion": "1.0", "id": "e-1", "source": "urn:x", "type": name, "data": payload}
        return accepted(whole, intake_of(adapter)).change

    assert change("nl.voorbeeld.signalering.ingetrokken.v1") is Change.WITHDRAWN
    assert change("nl.voorbeeld.ingetrokken-signalering.gewijzigd.v1") is Change.REPORTED


def test_a_repair_that_is_cancelled_stays_a_signal_whatever_its_type_says() -> None:
    """Who had it cancelled may be the reason for it."""
    intake = intake_of("vera-onderhoudsverzoek")
    request = a_request(a_defect("BRE", "DEU", "BEW"))
    assert accepted(request, intake, headers=[("ce_type", b"verzoek.geannuleerd")]).change is Change.REPORTED


def test_what_a_landlord_deletes_of_a_concern_does_not_take_the_concern_back() -> None:
    """Deleted is a word of that shape alone, and a note or a photo is not the record."""
    intake = intake_of("landlord-event")

    def change(kind: str) -> Change:
        return accepted(an_event(kind, **CONCERN), intake).change

    assert change("ConcernDeletedEvent") is Change.WITHDRAWN
    assert change("ConcernEnteredInErrorEvent") is Change.WITHDRAWN
    assert change("ConcernNoteDeletedEvent") is Change.REPORTED
    assert change("VisitCancelledEvent") is Change.REPORTED

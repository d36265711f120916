"""Events of an English landlord's platform: concerns and cautionary alerts, whole or in part."""

from typing import Any

import pytest

from schemas.codes import Answer, Change, Kind, PersonRole
from services.ingest import fix_words
from services.ingest.draft import Ignored
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import ENGLISH, accepted, an_intake, became

CODES: dict[str, Any] = {
    "domestic-abuse": {"kind": Kind.FEAR_OBSERVED},
    "CautionaryAlertCreatedEvent": {"kind": Kind.THREAT},
}
INTAKE = an_intake("landlord-event", corporation=ENGLISH, codes=CODES)


def an_event(event_type: str = "ConcernRaisedEvent", old: Any = None, **new: Any) -> dict[str, Any]:
    """The envelope with what changed."""
    return {
        "id": "11111111-0000-0000-0000-000000000001",
        "eventType": event_type,
        "sourceDomain": "Concerns",
        "dateTime": "2026-03-02T21:40:00.1234567Z",
        "user": {"name": "Test Officer", "email": "officer@landlord.example"},
        "entityId": "CON-1",
        "eventData": {"oldData": old, "newData": new},
    }


CONCERN: dict[str, Any] = {
    "concernType": "Domestic Abuse",
    "propertyReference": "P-1",
    "address": {"addressLine1": "1 Example Street", "postcode": "E8 0ZZ"},
    "persons": [{"fullName": "Test Person", "role": "alleged"}],
    "childrenInHousehold": 1,
    "dashScore": 14,
    "narrative": "Made up: shouting.",
}


def test_a_concern_becomes_a_signal() -> None:
    """Its kind, its people, where it is and who raised it."""
    signal = accepted(an_event(**CONCERN), INTAKE)
    assert (signal.facts.kind, signal.facts.area) == (Kind.FEAR_OBSERVED, "E09000012")
    assert (signal.facts.dash_score, signal.facts.children) == (14, Answer.YES)
    assert signal.facts.origin_code == "domestic-abuse"
    told = signal.particulars
    assert told.people is not None
    assert told.people.reveal()[0].role is PersonRole.ALLEGED_PERPETRATOR
    assert told.reporter is not None
    assert told.reporter.reveal().email == "officer@landlord.example"


def test_pascal_case_is_the_same_event() -> None:
    """Some platforms serialise the names of their classes as they are."""

    def pascal(value: Any) -> Any:
        if isinstance(value, dict):
            return {name[:1].upper() + name[1:]: pascal(item) for name, item in value.items()}
        return [pascal(item) for item in value] if isinstance(value, list) else value

    camel, other = accepted(an_event(**CONCERN), INTAKE), accepted(pascal(an_event(**CONCERN)), INTAKE)
    assert (camel.signal, camel.event, camel.facts) == (other.signal, other.event, other.facts)


@pytest.mark.parametrize(
    ("told", "name", "meant"),
    [
        ({"weapon": "knife"}, "weapon", True), ({"weapon": False}, "weapon", False),
        ({"pregnant": "yes"}, "pregnant", "yes"), ({"pregnant": "not sure"}, "pregnant", "unknown"),
        ({"disclosure": True}, "disclosure", True), ({"test": "true"}, "test", True), ({}, "test", False),
    ],
)  # fmt: skip
def test_a_landlord_can_tell_of_what_makes_it_dangerous(told: dict[str, Any], name: str, meant: object) -> None:
    """A weapon and a pregnancy had no place in this shape, and so reached nobody."""
    assert getattr(accepted(an_event(**{**CONCERN, **told}), INTAKE).facts, name) == meant


def test_what_did_not_change_is_taken_from_the_old_data() -> None:
    """An event often carries only what changed."""
    event = an_event("ConcernUpdatedEvent", CONCERN, dashScore=20)
    facts = accepted(event, INTAKE).facts
    assert (facts.dash_score, facts.children) == (20, Answer.YES)


@pytest.mark.parametrize(("said", "score"), [(14, 14), ("14", 14), (14.0, 14), (0, 0), ("", None), (None, None)])
def test_a_score_may_be_written_as_text(said: object, score: int | None) -> None:
    """A form writes numbers as text; what is empty tells nothing."""
    assert accepted(an_event(**{**CONCERN, "dashScore": said}), INTAKE).facts.dash_score == score


@pytest.mark.parametrize(
    "event",
    [
        an_event("ConcernWithdrawnEvent", concernType="domestic-abuse"),
        an_event("ConcernUpdatedEvent", concernType="domestic-abuse", status="Withdrawn"),
    ],
)
def test_a_concern_is_withdrawn(event: dict[str, Any]) -> None:
    """By the type of the event, or by the status it sets."""
    signal = accepted(event, INTAKE)
    assert signal.change is Change.WITHDRAWN
    assert signal.signal == accepted(an_event(concernType="domestic-abuse"), INTAKE).signal


def test_each_alert_about_a_person_is_a_record_of_its_own() -> None:
    """The entity of an alert is the person: two alerts must not become revisions of one."""
    one, other = (
        accepted(an_event("CautionaryAlertCreatedEvent", alertId=alert, alert={"code": "VA"}), INTAKE)
        for alert in ("A-1", "A-2")
    )
    assert one.signal != other.signal
    assert one.facts.staff_safety


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"concernId": "C-1"}, {"concernId": "C-2"}),
        ({"id": "CON-1", "reference": "C-1"}, {"id": "CON-1", "reference": "C-2"}),
        ({"id": "C-1"}, {"id": "C-2"}),
        ({"concernType": "Domestic Abuse"}, {"concernType": "Coercive Control"}),
    ],
)
def test_each_concern_about_a_person_is_a_record_of_its_own(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The second is no correction of the first: what was told of that one stays with its partner."""
    codes = {"PersonConcernRaisedEvent": {"kind": Kind.THREAT}, "PersonConcernWithdrawnEvent": {"kind": Kind.THREAT}}
    intake = an_intake("landlord-event", corporation=ENGLISH, codes=codes)
    first, second = (accepted(an_event("PersonConcernRaisedEvent", **told), intake) for told in (one, other))
    assert first.signal != second.signal
    assert accepted(an_event("PersonConcernWithdrawnEvent", **one), intake).signal == first.signal


def test_a_concern_about_a_person_that_becomes_another_is_corrected() -> None:
    """What it was stands in the old data; whatever was typed as its kind is in no reference."""
    intake = an_intake("landlord-event", corporation=ENGLISH, codes={"PersonConcernEvent": {"kind": Kind.THREAT}})
    first = accepted(an_event("PersonConcernEvent", concernType="he hits her"), intake)
    changed = accepted(an_event("PersonConcernEvent", {"concernType": "he hits her"}, concernType="noise"), intake)
    assert first.signal == changed.signal
    assert (first.reference, first.facts.origin_code) == ("CON-1", "PersonConcernEvent")


@pytest.mark.parametrize("event_type", ["PersonUpdatedEvent", "TenureCreatedEvent", "CautionaryAlertEndedEvent"])
def test_housekeeping_is_no_signal(event_type: str) -> None:
    """Most of what a platform publishes is about no concern at all."""
    assert became(an_event(event_type), INTAKE) == Ignored("housekeeping")


def test_ids_alone_are_enough() -> None:
    """Without data there is no content, and somebody can ask for it."""
    event = {"eventType": "CautionaryAlertCreatedEvent", "id": "e-1", "entityId": "p-1"}
    assert accepted(event, INTAKE).facts.kind is Kind.THREAT


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"entityId": "CON-1"}, "event-type-missing"),
        ({"eventType": "ConcernRaisedEvent"}, "record-id-missing"),
        (an_event("SomethingNewEvent"), "unmapped-code"),
    ],
)
def test_what_cannot_be_placed_is_unreadable(event: dict[str, Any], reason: str) -> None:
    """No type, no record, or a type nobody mapped."""
    outcome = became(event, INTAKE)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == reason


@pytest.mark.parametrize(
    "role", ["perpetrator", "alleged perpetrator", "ALLEGED_PERPETRATOR", "AllegedPerpetrator", "Alleged"]
)
def test_who_is_alleged_is_known_however_it_is_spelt(role: str) -> None:
    """Nobody who is alleged is shown as one more member of the household."""
    people = accepted(
        an_event(**{**CONCERN, "persons": [{"fullName": "Test", "role": role}]}), INTAKE
    ).particulars.people
    assert people is not None
    assert people.reveal()[0].role is PersonRole.ALLEGED_PERPETRATOR


def test_a_change_that_does_not_tell_of_what_is_told_as_that() -> None:
    """To list `ConcernUpdatedEvent` would make every concern that changes one of that kind, or pass over its danger."""
    outcome = became(an_event("ConcernUpdatedEvent", {"immediateDanger": False}, immediateDanger=True), INTAKE)
    assert isinstance(outcome, Unreadable)
    assert "tells no concernType, alertCode or category" in outcome.fix
    dutch = fix_words.dutch(outcome.reason, outcome.fix) or ""
    assert "noemt geen concernType, alertCode of category" in dutch
    listed = became(an_event(concernType="another"), INTAKE)
    assert isinstance(listed, Unreadable)
    assert listed.fix.startswith("map this code")

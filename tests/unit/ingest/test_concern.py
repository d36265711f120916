"""A staff app's concern, in our own form or as a VERA signalering, in either mode of CloudEvents or plain."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from schemas.codes import Answer, Change, Consent, Kind, PersonRole, Urgency, Violence
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted, normalise
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import TODAY, a_concern, accepted, an_intake, became, captured

INTAKE = an_intake("concern")
WHOLE: dict[str, Any] = {
    "id": "ZORG-7",
    "kind": "disclosure.victim",
    "changedAt": "2026-03-02T22:00:00Z",
    "observedAt": "2026-03-02T21:40:00Z",
    "urgency": "Acute",
    "origin": "tenant-disclosure",
    "certainty": "told",
    "acute": True,
    "structural": "ja",
    "children": 2,
    "pregnant": "onbekend",
    "weapon": "yes",
    "violence": ["physical", "stalking"],
    "consent": "unsafe-to-ask",
    "informed": "no",
    "dashScore": 15,
    "professionalJudgement": True,
    "staffSafety": True,
    "dwelling": "E-555",
    "address": {"lines": ["Voorbeeldstraat 1"], "postcode": "8011 AA", "city": "Zwolle", "areaCode": "GM0193"},
    "persons": [
        {"role": "possible-victim", "name": "Testpersoon Een", "birthDate": "1990-01-02", "gender": "v"},
        {"role": "child", "name": "Testkind"},
    ],
    "narrative": "Verzonnen: zij zei dat zij bang is.",
    "reporter": {"name": "Testmedewerker", "role": "huismeester", "phone": "0000000000"},
    "safeContact": {"allowed": "yes", "channel": "phone", "value": "0000000001", "leaveMessage": "no"},
}


def test_the_whole_form_is_taken() -> None:
    """Every field that is documented reaches the signal."""
    signal = accepted(WHOLE, INTAKE)
    facts = signal.facts
    assert (facts.kind, facts.urgency, facts.disclosure) == (Kind.DISCLOSURE_VICTIM, Urgency.ACUTE, True)
    assert (facts.acute, facts.structural, facts.children) == (Answer.YES, Answer.YES, Answer.YES)
    assert (facts.pregnant, facts.informed, facts.consent) == (Answer.UNKNOWN, Answer.NO, Consent.UNSAFE_TO_ASK)
    assert facts.violence == (Violence.PHYSICAL, Violence.STALKING)
    assert (facts.dash_score, facts.professional_judgement) == (15, True)
    assert (facts.weapon, facts.staff_safety, facts.area) == (True, True, "GM0193")
    assert signal.changed_at == datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
    told = signal.particulars
    assert told.people is not None
    assert [person.role for person in told.people.reveal()] == [PersonRole.POSSIBLE_VICTIM, PersonRole.CHILD]
    assert told.safe_contact is not None
    assert told.safe_contact.reveal().value == "0000000001"
    assert all((told.address, told.narrative, told.reporter))


def test_snake_case_is_the_same_form() -> None:
    """Apps write names their own way; both are read."""
    one = a_concern(safe_contact={"allowed": "no"}, dash_score=3, observed_at="2026-03-02")
    other = a_concern(safeContact={"allowed": "no"}, dashScore=3, observedAt="2026-03-02")
    assert accepted(one, INTAKE).facts == accepted(other, INTAKE).facts


def test_contact_that_is_not_said_to_be_safe_stays_behind() -> None:
    """A number that nobody may ring can only be rung by mistake."""
    for allowed in ("no", "unknown", None):
        contact = {"allowed": allowed, "channel": "phone", "value": "0000000001", "leaveMessage": "yes"}
        told = accepted(a_concern(safeContact=contact), INTAKE).particulars.safe_contact
        assert told is not None
        assert (told.reveal().value, told.reveal().channel, told.reveal().leave_message) == (None, None, Answer.NO)


def test_a_plain_telephone_number_of_a_person_is_not_taken() -> None:
    """Only one that is said to be safe: the tenancy's own may be answered by who does the harm."""
    persons = [{"name": "Testpersoon", "phone": "0000000001"}, {"name": "Testpersoon", "safePhone": "0000000002"}]
    people = accepted(a_concern(persons=persons), INTAKE).particulars.people
    assert people is not None
    assert [person.phone for person in people.reveal()] == [None, "0000000002"]


def test_a_child_among_the_persons_means_children() -> None:
    """The answer follows from who is named, also where the app did not ask."""
    persons = [{"role": "child", "name": "Testkind"}]
    assert accepted(a_concern(persons=persons, children="unknown"), INTAKE).facts.children is Answer.YES


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"urgency": "geheimwoord"}, "urgency"),
        ({"persons": [{"role": "geheimwoord"}]}, "persons.0.role"),
        ({"violence": ["geheimwoord"]}, "violence.0"),
        ({"dashScore": 99}, "dashScore"),
        ({"kind": "geheim woord"}, "kind"),
        ({"kind": None}, "kind"),
        ({"persons": "geheimwoord"}, "persons"),
    ],
)
def test_what_a_known_field_may_not_hold_is_unreadable(changes: dict[str, Any], field: str) -> None:
    """A danger must not be lost in a typing error; the reason names the field and never the value."""
    outcome = became(a_concern(**changes), INTAKE)
    assert isinstance(outcome, Unreadable)
    assert (outcome.reason, outcome.field) == ("not-a-concern", field)
    assert "geheim" not in str(outcome)


def test_a_kind_of_theirs_is_mapped() -> None:
    """`kind` may be the app's own code; the source says what it means, or that it is none."""
    codes: dict[str, Any] = {"ruzie": {"kind": Kind.NUISANCE}, "sleutel": "ignore", "threat": "ignore"}
    intake = an_intake("concern", codes=codes)
    assert accepted(a_concern(kind="ruzie"), intake).facts.kind is Kind.NUISANCE
    assert became(a_concern(kind="sleutel"), intake) == Ignored("code-ignored")
    assert became(a_concern(kind="threat"), intake) == Ignored("code-ignored")
    outcome = became(a_concern(kind="onbekend"), intake)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "unmapped-code"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("damage.dor", ". Did you mean damage.door?"),
        ("Lock-Change", ". Did you mean lock.change?"),
        ("noise", f". Ours are {', '.join(Kind)}"),
        ("geheimstraat-7-geslagen-met-een-wapen", f". Ours are {', '.join(Kind)}"),
    ],
)
def test_a_kind_that_is_nobodys_is_told_which_is_meant_or_which_there_are(kind: str, said: str) -> None:
    """Of ours alone: nothing that was written in its place, which may be free text; and no guess at what is far off."""
    outcome = became(a_concern(kind=kind), INTAKE)
    assert isinstance(outcome, Unreadable)
    assert outcome.fix == f"map this code, or say `ignore`, under `codes` of source test-concern{said}"


SDK_EVENTS = [f"ce-{sdk}-{mode}.json" for sdk in ("node", "java") for mode in ("01", "structured", "base64")]


@pytest.mark.parametrize("name", SDK_EVENTS)
def test_events_of_the_node_and_java_sdks_are_read(name: str) -> None:
    """They carry a VERA signalering, in binary mode or structured; id, time and trace stand in the attributes."""
    outcome = normalise(captured(name), INTAKE, TODAY)
    assert isinstance(outcome, Accepted)
    assert outcome.facts.kind is Kind.NOISE_VIOLENCE
    assert outcome.reference == "SIG-104233"
    assert outcome.changed_at == datetime(2026, 3, 2, 21, 45, 12, 345000, tzinfo=UTC)
    assert outcome.trace == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    told = outcome.particulars.narrative
    assert told is not None
    assert told.reveal().endswith("kind huilt 😟")


@pytest.mark.parametrize("mode", ["structured", "base64"])
@pytest.mark.parametrize("sdk", ["node", "java"])
def test_in_structured_mode_the_sdks_write_no_attribute_as_a_header(sdk: str, mode: str) -> None:
    """So what is read above is read from the value, and its data as the mode has it."""
    record = captured(f"ce-{sdk}-{mode}.json")
    assert [name for name, _ in record.headers] == ["content-type"]
    assert ("data_base64" if mode == "base64" else "data") in orjson.loads(record.value or b"")


def test_both_sdks_tell_one_event() -> None:
    """The same event through two SDKs in three modes, one escaping what the other does not, is recognised as one."""
    outcomes = [normalise(captured(name), INTAKE, TODAY) for name in SDK_EVENTS]
    found = {(one.signal, one.event) for one in outcomes if isinstance(one, Accepted)}
    assert (len(outcomes), len(found)) == (6, 1)


ATTRIBUTES = {"specversion": "1.0", "id": "e-1", "source": "urn:x", "type": "nl.voorbeeld.zorg.gemeld.v1"}


@pytest.mark.parametrize(
    "content",
    [
        {"data": a_concern()},
        {"data": orjson.dumps(a_concern()).decode()},
        {"data_base64": b64encode(orjson.dumps(a_concern())).decode()},
    ],
)
def test_structured_mode_is_the_same_as_binary(content: dict[str, Any]) -> None:
    """Data as an object, as text, or as base64; with its content type or without."""
    binary = accepted(
        a_concern(), INTAKE, headers=[(f"ce_{name}", value.encode()) for name, value in ATTRIBUTES.items()]
    )
    structured = accepted(ATTRIBUTES | content, INTAKE)
    assert (structured.signal, structured.event, structured.facts) == (binary.signal, binary.event, binary.facts)


def test_an_event_without_data_is_unreadable() -> None:
    """It tells that something happened, and not what."""
    outcome = became(ATTRIBUTES, INTAKE)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "no-data"


@pytest.mark.parametrize(
    ("changes", "type_"),
    [({"status": "withdrawn"}, "nl.voorbeeld.zorg.gewijzigd.v1"), ({}, "nl.voorbeeld.zorg.ingetrokken.v1")],
)
def test_a_concern_is_withdrawn_by_its_status_or_its_type(changes: dict[str, Any], type_: str) -> None:
    """An app may send a status, or another type of event."""
    signal = accepted(a_concern(**changes), INTAKE, headers=[("ce_id", b"e-2"), ("ce_type", type_.encode())])
    assert signal.change is Change.WITHDRAWN

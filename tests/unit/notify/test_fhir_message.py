"""A FHIR message: what a receiver of the NHS BaRS kind reads first, the same ids on every attempt, and the gate."""

import copy
from typing import Any

import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle

from schemas.codes import PartnerKind
from schemas.referral import ReferralChange
from services.notify.fhir.message import build_message, message_id
from services.notify.fhir.message_specimen import message_specimen
from services.notify.fhir.validate import Gate, Invalid, Valid, validate
from services.notify.letter import NOTHING, Letter
from tests.unit.notify import samples

Json = dict[str, Any]
PROFILE = "https://fhir.example/StructureDefinition/BARSMessageHeader-servicerequest-request"
REFERS = "https://fhir.example/MessageDefinition/bars-message-servicerequest-request-referral"
CANCELS = "https://fhir.example/MessageDefinition/bars-message-servicerequest-request-cancelled"


def new(**given: Any) -> Letter:
    """A first revision with everything in it."""
    return samples.letter(
        samples.referral(), samples.particulars(safe_contact=samples.SAFE), samples.message_partner(**given)
    )


def withdrawal(**given: Any) -> Letter:
    """The third revision takes it back."""
    about = samples.referral(revision=3, change=ReferralChange.WITHDRAWAL)
    return samples.letter(about, NOTHING, samples.message_partner(**given))


def update(**given: Any) -> Letter:
    """The second revision."""
    return samples.letter(samples.referral(revision=2), to=samples.message_partner(**given))


def message(letter: Letter) -> Json:
    """The Bundle for this letter."""
    return build_message(letter, samples.DESTINATION)


def resources(bundle: Json, type_: str) -> list[Json]:
    """Those of a type."""
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == type_]


@pytest.mark.parametrize("letter", [new(), update(), withdrawal()], ids=["new", "update", "withdrawal"])
def test_every_message_passes_the_gate_and_the_classes(letter: Letter) -> None:
    """Our rules, and `fhir.resources` R4B itself."""
    bundle = message(letter)
    assert isinstance(Gate().judge(bundle), Valid)
    Bundle.model_validate(bundle)


@pytest.mark.parametrize(
    ("letter", "reason", "status"),
    [(new(), "new", "active"), (update(), "update", "active"), (withdrawal(), "update", "revoked")],
    ids=["new", "update", "withdrawal"],
)
def test_the_header_says_what_it_is(letter: Letter, reason: str, status: str) -> None:
    """BaRS has two reasons: what is taken back is an update whose ServiceRequest is revoked."""
    bundle = message(letter)
    header, request = bundle["entry"][0]["resource"], bundle["entry"][1]["resource"]
    assert header["eventCoding"]["code"] == "servicerequest-request"
    assert header["reason"]["coding"][0]["code"] == reason
    assert header["focus"] == [{"reference": bundle["entry"][1]["fullUrl"], "type": "ServiceRequest"}]
    assert request["status"] == status
    assert request["occurrencePeriod"]["end"] == letter.referral.deadline.isoformat()


def test_it_tells_from_whom_to_whom_and_who_is_responsible() -> None:
    """The receiver checks that it is meant before it reads on."""
    bundle = message(new())
    header = bundle["entry"][0]["resource"]
    names = {f"urn:uuid:{each['id']}": each["name"] for each in resources(bundle, "Organization")}
    [destination] = header["destination"]
    assert destination["endpoint"] == samples.DESTINATION
    assert names[destination["receiver"]["reference"]] == new().partner.name
    assert names[header["sender"]["reference"]] == new().corporation.name
    assert header["responsible"] == header["sender"]
    assert header["source"]["endpoint"] == "urn:kvk|00000001"


def test_the_same_revision_makes_the_same_message_and_the_next_one_another() -> None:
    """Ids and bytes: the receiver recognises what comes again, and what is new about the same request."""
    first, again, later = message(new()), message(new()), message(update())
    assert orjson.dumps(first) == orjson.dumps(again)
    assert (first["id"], message_id(new())) != (later["id"], message_id(update()))
    assert first["entry"][0]["resource"]["id"] == message_id(new())
    assert resources(first, "ServiceRequest")[0]["id"] == resources(later, "ServiceRequest")[0]["id"]


def test_a_withdrawal_tells_nothing_about_people_or_what_was_noticed() -> None:
    """Only that it is taken back: of a cancellation BaRS wants what is needed to carry it out, and no more."""
    types = [entry["resource"]["resourceType"] for entry in message(withdrawal())["entry"]]
    assert types == ["MessageHeader", "ServiceRequest", "Patient", "Provenance", "Organization", "Organization"]
    [patient] = resources(message(withdrawal()), "Patient")
    assert not patient.keys() & {"address", "birthDate", "telecom", "gender", "managingOrganization"}
    assert (patient["active"], [name.keys() for name in patient["name"]]) == (False, [{"extension"}])


def test_profiles_and_definitions_are_declared_only_when_agreed() -> None:
    """A definition that is claimed binds; the one for cancelling goes with what is taken back."""
    agreed = (PROFILE, REFERS, CANCELS)
    for letter, definition in ((new(profiles=agreed), REFERS), (withdrawal(profiles=agreed), CANCELS)):
        header = message(letter)["entry"][0]["resource"]
        assert (header["definition"], header["meta"]["profile"]) == (definition, [PROFILE])
    silent = message(new())["entry"][0]["resource"]
    assert "definition" not in silent
    assert "profile" not in silent["meta"]


def test_a_partner_sees_what_its_kind_may_see() -> None:
    """The same rules as on every channel."""
    about = samples.referral(kind=PartnerKind.NEIGHBOURHOOD_TEAM)
    shown = orjson.dumps(message(samples.letter(about, to=samples.message_partner())))
    assert b"Testpersoon Een" in shown
    assert b"Testpersoon Drie" not in shown
    assert b"Testmelder" not in shown


def spoilt(change: str) -> Json:
    """A message with one rule broken."""
    bundle = copy.deepcopy(message_specimen())
    entries = bundle["entry"]
    match change:
        case "bdl-12":
            entries.append(entries.pop(0))
        case "bdl-3":
            entries[1]["request"] = {"method": "POST", "url": "ServiceRequest"}
        case "own-id":
            entries[1]["resource"]["id"] = "another"
        case "one-subject":
            del entries[1]
        case "reference-type":
            entries[0]["resource"]["focus"][0] = {"reference": entries[2]["fullUrl"], "type": "Patient"}
        case "security-labels":
            entries[0]["resource"]["meta"] = {}
        case "reference-unresolved":
            entries[0]["resource"]["sender"]["reference"] = "urn:uuid:00000000-0000-5000-8000-0000000000ff"
        case "choice":
            del entries[0]["resource"]["eventCoding"]
        case "pattern":
            entries[0]["resource"]["source"]["endpoint"] = "no address"
        case _:
            del entries[0]["resource"][change]
    return bundle


RULES = ("bdl-12", "bdl-3", "own-id", "one-subject", "reference-type", "security-labels", "reference-unresolved")
MISSING = ("reason", "destination", "sender", "focus", "source")


@pytest.mark.parametrize("change", [*RULES, "choice", "pattern", *MISSING])
def test_a_message_that_breaks_a_rule_does_not_go_out(change: str) -> None:
    """Each fault is told by its rule."""
    verdict = validate(spoilt(change))
    assert isinstance(verdict, Invalid)
    rule = "required" if change in MISSING else change
    assert rule in {fault.rule for fault in verdict.faults}

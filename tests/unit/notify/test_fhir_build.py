"""The Bundle of a letter: what it says, what it must not say, and that it is the same every time."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Answer, Certainty, Consent, Kind, PartnerKind, PersonRole, Urgency, Violence
from schemas.referral import Referral, ReferralChange
from schemas.signal import Facts, Particulars, Person, Reporter, SafeContact
from services.notify.fhir.build import build
from services.notify.fhir.frame import TYPES
from services.notify.fhir.validate import Gate, Invalid, Valid, peer_review, validate
from services.notify.letter import NOTHING, Letter
from services.notify.words import NO_CONTACT
from tests.unit.notify import samples

Json = dict[str, Any]
texts = st.text(max_size=20)


def resources(bundle: Json) -> dict[str, Json]:
    """By type; each type stands at most once."""
    found = {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}
    assert len(found) == len(bundle["entry"])
    return found


def built(about: Referral | None = None, told: Particulars | None = None) -> dict[str, Json]:
    """The resources of one letter."""
    return resources(build(samples.letter(about, told)))


def test_a_referral_is_a_valid_bundle_of_six() -> None:
    """Below what servers take, and nothing that the rules or fhir.resources refuse."""
    bundle = build(samples.letter())
    assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == [
        "Task", "ServiceRequest", "Patient", "Observation", "Flag", "Provenance",
    ]  # fmt: skip
    assert isinstance(Gate().judge(bundle), Valid)


@pytest.mark.parametrize("revision", [1, 2])
@pytest.mark.parametrize("change", ReferralChange)
def test_every_letter_has_one_entry_of_each_type(change: ReferralChange, revision: int) -> None:
    """An answer is held to that number, whatever became of the referral."""
    told = NOTHING if change is ReferralChange.WITHDRAWAL else samples.particulars()
    assert list(built(samples.referral(revision=revision, change=change), told)) == list(TYPES)


def test_the_same_letter_makes_the_same_bytes() -> None:
    """A retry sends what the first attempt sent, and its digest says so."""
    assert orjson.dumps(build(samples.letter())) == orjson.dumps(build(samples.letter()))


@pytest.mark.parametrize(
    ("urgency", "priority"),
    [(Urgency.EMERGENCY, "stat"), (Urgency.ACUTE, "asap"), (Urgency.URGENT, "urgent"), (Urgency.ROUTINE, "routine")],
)
def test_urgency_is_the_priority_of_task_and_request_alike(urgency: Urgency, priority: str) -> None:
    """A work list sorts by one, a clinician reads the other."""
    found = built(samples.referral(about=samples.facts(urgency=urgency)))
    assert found["Task"]["priority"] == found["ServiceRequest"]["priority"] == priority


def test_the_deadline_is_when_the_task_ends() -> None:
    """Task.restriction.period.end."""
    about = samples.referral()
    assert built(about)["Task"]["restriction"]["period"]["end"] == about.deadline.isoformat()


def test_labels_stand_on_everything_and_test_data_is_marked() -> None:
    """V and SDV on the Bundle and each entry; HTEST only on test data."""
    for test, codes in ((False, ["V", "SDV"]), (True, ["V", "SDV", "HTEST"])):
        bundle = build(samples.letter(samples.referral(about=samples.facts(test=test))))
        labelled = [bundle, *resources(bundle).values()]
        assert all([label["code"] for label in each["meta"]["security"]] == codes for each in labelled)


def test_a_suspicion_is_never_a_finding() -> None:
    """Preliminary, in a code system of ours, and the words say that it is suspected."""
    found = built()
    observation, reason = found["Observation"], found["ServiceRequest"]["reasonCode"][0]
    assert observation["status"] == "preliminary"
    assert "Condition" not in found
    for concept in (observation["code"], reason):
        assert all(coding["system"].startswith("urn:seinpaal:") for coding in concept["coding"])
        assert concept["text"].startswith("Vermoeden")
    english = built(samples.referral(about=samples.facts(country="GB", area="E09000012")))
    assert english["Observation"]["code"]["text"].startswith("Suspected")


def test_without_a_safe_contact_contact_is_prohibited() -> None:
    """On the request and as a Flag, and no number anywhere."""
    found = built()
    prohibited = found["ServiceRequest"]["orderDetail"][0]["coding"][0]["code"]
    assert prohibited == found["Flag"]["code"]["coding"][0]["code"] == "contacting-subject-prohibited"
    assert "telecom" not in found["Patient"]
    assert "+31600000003" not in orjson.dumps(found).decode()


def test_a_safe_contact_is_told_with_its_conditions() -> None:
    """How, when, in which language, and whether a message may be left."""
    found = built(told=samples.particulars(safe_contact=samples.SAFE))
    assert found["Patient"]["telecom"] == [{"system": "phone", "value": "+31600000001", "rank": 1}]
    text = found["Flag"]["code"]["text"]
    assert all(part in text for part in ("+31600000001", "ma-vr 10-12", "Pools", "geen bericht achterlaten"))
    assert "orderDetail" not in found["ServiceRequest"]
    assert "coding" not in found["Flag"]["code"]


def test_without_a_safe_contact_the_language_is_told_and_no_way_to_reach_anybody() -> None:
    """In the words of the Flag, as in the inbox, and nowhere else."""
    contact = samples.SAFE.model_copy(update={"allowed": Answer.NO})
    found = built(told=samples.particulars(safe_contact=contact))
    text = found["Flag"]["code"]["text"]
    assert text == f"{NO_CONTACT['NL']} Taal: Pools."
    everything = orjson.dumps(found).decode()
    assert everything.count("Pools") == 1
    assert not any(part in everything for part in ("+31600000001", "ma-vr 10-12"))


def test_staff_are_warned() -> None:
    """Visit with two."""
    assert "Bezoek met twee" in built(samples.referral(about=samples.facts(staff_safety=True)))["Flag"]["code"]["text"]


def test_a_secret_address_stands_nowhere() -> None:
    """Not in the Patient, not elsewhere."""
    bundle = build(samples.letter(samples.referral(about=samples.facts(secret_address=True))))
    assert b"Voorbeeldstraat" not in orjson.dumps(bundle)
    assert "address" not in resources(bundle)["Patient"]


def test_the_reporter_is_in_a_note_for_the_recipient() -> None:
    """Never in `patientInstruction`, which portals show at home."""
    request = built()["ServiceRequest"]
    assert "Testmelder" in request["note"][0]["text"]
    assert "patientInstruction" not in request


def test_others_of_the_household_are_inside_the_request() -> None:
    """So that a later revision replaces all of them at once; each is referred to."""
    request = built()["ServiceRequest"]
    people = request["contained"]
    assert [person["relationship"][0]["coding"][0]["code"] for person in people] == ["child", "alleged-perpetrator"]
    assert [ref["reference"] for ref in request["supportingInfo"]][1:] == [f"#{person['id']}" for person in people]


def test_no_name_or_number_is_in_a_condition_or_an_id() -> None:
    """They land in access logs."""
    for entry in build(samples.letter())["entry"]:
        line = orjson.dumps([entry["request"], entry["fullUrl"]]).decode()
        assert not any(part in line for part in ("Test", "+31", "Voorbeeld", "0000 AA"))


def test_profiles_are_declared_only_where_the_partner_says_so() -> None:
    """A strict server refuses a profile it does not know."""
    profile = "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"
    agreed = samples.partner()
    agreed = agreed.model_copy(update={"channel": agreed.channel.model_copy(update={"profiles": (profile,)})})
    found = resources(build(samples.letter(to=agreed)))
    assert found["Task"]["meta"]["profile"] == [profile]
    assert all("profile" not in each["meta"] for type_, each in found.items() if type_ != "Task")
    assert "profile" not in built()["Task"]["meta"]


def test_a_revision_updates_what_the_first_one_made() -> None:
    """The same identifiers, a conditional PUT, and a revision of its own to ask for; a Patient is never overwritten."""
    first, second = build(samples.letter()), build(samples.letter(samples.referral(revision=2)))
    for before, after in zip(first["entry"][:-1], second["entry"][:-1], strict=True):
        condition = before["request"]["ifNoneExist"]
        update = {"method": "PUT", "url": f"{before['request']['url']}?{condition}"}
        assert after["request"] == (before["request"] if before["resource"]["resourceType"] == "Patient" else update)
        assert after["fullUrl"] == before["fullUrl"]
    revisions = [resources(bundle)["Task"]["identifier"][1]["value"] for bundle in (first, second)]
    assert revisions == [str(samples.referral().id), str(samples.referral(revision=2).id)]
    assert first["entry"][-1]["request"] != second["entry"][-1]["request"]


def test_a_withdrawal_cancels_and_tells_nothing_about_people() -> None:
    """Task cancelled, request revoked, Observation, Flag and Patient emptied; it needs no key."""
    withdrawal = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
    bundle = build(samples.letter(withdrawal, NOTHING))
    found = resources(bundle)
    assert (found["Task"]["status"], found["ServiceRequest"]["status"]) == ("cancelled", "revoked")
    assert found["Task"]["statusReason"]["text"]
    assert (found["Observation"]["status"], found["Flag"]["status"]) == ("cancelled", "inactive")
    emptied = {"resourceType", "meta", "identifier", "status", "code", "subject"}
    assert found["Observation"].keys() == found["Flag"].keys() == emptied
    assert found["Observation"]["code"] == found["Flag"]["code"] == {"text": "Ingetrokken door de melder."}
    assert found["Patient"].keys() == {"resourceType", "meta", "identifier", "active", "name"}
    assert (found["Patient"]["active"], "text" in found["Patient"]["name"][0]) == (False, False)
    assert "ifNoneExist" in bundle["entry"][2]["request"]
    assert isinstance(Gate().judge(bundle), Valid)


answers = st.sampled_from(Answer)
some_facts = st.builds(
    samples.facts,
    kind=st.sampled_from(Kind),
    urgency=st.sampled_from(Urgency),
    certainty=st.sampled_from(Certainty),
    country=st.sampled_from(["NL", "GB"]),
    observed_at=st.sampled_from([None, samples.AT]),
    acute=answers,
    structural=answers,
    children=answers,
    pregnant=answers,
    informed=answers,
    disclosure=st.booleans(),
    weapon=st.booleans(),
    staff_safety=st.booleans(),
    secret_address=st.booleans(),
    professional_judgement=st.booleans(),
    violence=st.lists(st.sampled_from(Violence), unique=True, max_size=3).map(tuple),
    consent=st.sampled_from(Consent),
    dash_score=st.none() | st.integers(0, 27),
    test=st.booleans(),
)
some_people = st.lists(
    st.builds(
        Person,
        role=st.sampled_from(PersonRole),
        name=st.none() | texts,
        birth_date=st.none() | st.dates(),
        gender=st.sampled_from(["male", "female", "other", "unknown"]),
        relation=st.none() | texts,
        phone=st.none() | texts,
    ),
    max_size=12,
)
some_contact = st.builds(
    SafeContact,
    allowed=answers,
    channel=st.none() | texts,
    value=st.none() | texts,
    window=st.none() | texts,
    leave_message=answers,
    language=st.none() | texts,
)
some_particulars = st.builds(
    samples.particulars,
    people=some_people,
    address=st.none() | st.just(samples.ADDRESS),
    narrative=st.none() | texts,
    reporter=st.none() | st.builds(Reporter, name=st.none() | texts, role=st.none() | texts),
    safe_contact=st.none() | some_contact,
)


@given(
    some_facts,
    some_particulars,
    st.sampled_from(ReferralChange),
    st.none() | st.sampled_from(PartnerKind),
)
def test_whatever_staff_may_tell_makes_a_valid_bundle(
    about: Facts, told: Particulars, change: ReferralChange, kind: PartnerKind | None
) -> None:
    """Our rules and fhir.resources itself take every letter there can be."""
    revision = 1 if change is ReferralChange.NEW else 2
    referral = samples.referral(revision=revision, change=change, kind=kind, about=about)
    letter: Letter = samples.letter(referral, told)
    bundle = build(letter)
    verdict = validate(bundle)
    assert not isinstance(verdict, Invalid), verdict.faults
    assert peer_review(bundle) == ()
    assert len(bundle["entry"]) <= 8

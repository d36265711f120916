"""What the person on duty reads of a Bundle: most systems show texts, and of a code system of ours nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Answer, Consent, Kind, LegalBasis, Origin, PartnerKind, PersonRole, Urgency, Violence
from schemas.referral import ReferralChange
from schemas.signal import Person, SafeContact
from services.notify.channels.webhook_body import body
from services.notify.disclosure import disclosed
from services.notify.fhir.build import build
from services.notify.fhir.concern import contacting
from services.notify.inbox_page import rows
from services.notify.words import NO_CONTACT, WAYS, Country
from tests.unit.notify import samples

Json = dict[str, Any]
VICTIM = Person(role=PersonRole.POSSIBLE_VICTIM, name="Testpersoon Een", phone="+31600000001")


def built(**facts: Any) -> dict[str, Json]:
    """The resources of a letter about these facts, by type."""
    entries = build(samples.letter(samples.referral(about=samples.facts(**facts))))["entry"]
    return {entry["resource"]["resourceType"]: entry["resource"] for entry in entries}


def concepts(part: Any) -> Iterator[Json]:
    """Every CodeableConcept in it that has a code of ours."""
    match part:
        case {"coding": [{"system": str(system)}, *_]} if system.startswith("urn:seinpaal:"):
            yield part
        case dict():
            for each in part.values():
                yield from concepts(each)
        case list():
            for each in part:
                yield from concepts(each)


def indicators(**facts: Any) -> dict[str, str]:
    """What the Observation says, as it is read: question and answer."""
    found = {}
    for component in built(**facts)["Observation"]["component"]:
        value = component.get("valueCodeableConcept", {}).get("text")
        found[component["code"]["text"]] = value or str(component.get("valueInteger", "")) or "true"
    return found


@given(
    country=st.sampled_from(["NL", "GB"]),
    kind=st.sampled_from(Kind),
    urgency=st.sampled_from(Urgency),
    origin=st.sampled_from(Origin),
    acute=st.sampled_from(Answer),
    consent=st.sampled_from(Consent),
    violence=st.lists(st.sampled_from(Violence), unique=True, min_size=1).map(tuple),
    to=st.sampled_from(PartnerKind),
    basis=st.sampled_from(LegalBasis),
)
def test_every_code_of_ours_is_told_in_words_beside_it(to: PartnerKind, basis: LegalBasis, **facts: Any) -> None:
    """Nobody's system knows our code systems, so a code alone is shown as such or not at all."""
    referral = samples.referral(kind=to, about=samples.facts(**facts)).model_copy(update={"legal_basis": basis})
    found = list(concepts(build(samples.letter(referral))))
    assert len(found) > 20
    assert all(concept["text"] for concept in found)


TOLD: dict[str, Any] = {
    "urgency": Urgency.EMERGENCY,
    "origin": Origin.THIRD_PARTY,
    "acute": Answer.YES,
    "structural": Answer.NO,
    "children": Answer.YES,
    "informed": Answer.NO,
    "consent": Consent.UNSAFE_TO_ASK,
    "weapon": True,
    "violence": (Violence.PHYSICAL,),
}


def test_a_dutch_partner_reads_dutch() -> None:
    """How urgent, by whom, how dangerous, and what was agreed."""
    assert indicators(**TOLD) == {
        "urgentie": "noodgeval",
        "opgemerkt door": "een ander",
        "toestemming": "vragen is niet veilig",
        "acute onveiligheid": "ja",
        "structurele onveiligheid": "nee",
        "kinderen in huis": "ja",
        "iemand zwanger": "niet bekend",
        "betrokkenen weten het": "nee",
        "soorten geweld": "lichamelijk",
        "wapen": "true",
    }
    found = built(**TOLD)
    assert found["Task"]["description"] == "Noodgeval. Beoordeel het vermoeden en koppel de voortgang terug."
    assert [each["type"]["text"] for each in found["Task"]["input"]] == ["wat is opgemerkt", "hoe contact veilig kan"]


def test_an_english_partner_reads_english() -> None:
    """The same, in the other language."""
    english = {"country": "GB", "area": "E09000012"}
    assert indicators(**TOLD, **english) | {"noticed by": "somebody else", "somebody pregnant": "not known"} == {
        "urgency": "emergency",
        "noticed by": "somebody else",
        "consent": "not safe to ask",
        "acute unsafety": "yes",
        "structural unsafety": "no",
        "children in the house": "yes",
        "somebody pregnant": "not known",
        "those concerned know": "no",
        "types of violence": "physical",
        "weapon": "true",
    }
    assert built(**TOLD, **english)["Task"]["description"].startswith("Emergency. Assess ")


def test_what_nobody_knows_is_told_too() -> None:
    """A question that was left out looks like one that was answered with no; about danger the answer counts as yes."""
    found = indicators()
    assert found["acute onveiligheid"] == found["structurele onveiligheid"] == "niet bekend; ga uit van ja"
    assert {found[name] for name in ("kinderen in huis", "iemand zwanger", "betrokkenen weten het")} == {"niet bekend"}
    assert found["toestemming"] == "niet gevraagd"


@pytest.mark.parametrize(
    ("channel", "country", "way"),
    [("phone", "NL", "telefoon"), ("Telefoon", "GB", "telephone"), ("email", "NL", "e-mail"), ("via school", "NL", "")],
)
def test_how_to_make_contact_is_told_in_the_readers_language(channel: str, country: Country, way: str) -> None:
    """As the corporation wrote it, where it is another way."""
    contact = SafeContact(allowed=Answer.YES, channel=channel, value="12")
    assert f": {way or channel}, 12," in contacting(contact, country)


def test_a_dutch_word_for_a_telephone_makes_a_telephone_number() -> None:
    """`other` is a number that no system offers to dial."""
    contact = SafeContact(allowed=Answer.YES, channel="Telefoon", value="+31600000001")
    bundle = build(samples.letter(told=samples.particulars(safe_contact=contact)))
    assert bundle["entry"][2]["resource"]["telecom"] == [{"system": "phone", "value": "+31600000001", "rank": 1}]
    assert {channel for ways in WAYS.values() for channel in ways} >= {"telefoon", "mobiel", "phone", "e-mail"}


@pytest.mark.parametrize("channel", [None, "phone", "Telefoon"])
def test_their_own_safe_number_is_told_where_contact_is(channel: str | None) -> None:
    """`Only as stated here`, with nothing stated, would leave a safe number unused."""
    contact = SafeContact(allowed=Answer.YES, channel=channel, window="ma-vr 10-12")
    told = disclosed(samples.letter(told=samples.particulars(people=(VICTIM,), safe_contact=contact)))
    assert contacting(told.safe_contact, "NL").startswith(
        "Alleen contact zoals hier staat: telefoon, +31600000001, ma-vr 10-12"
    )


def test_their_number_is_not_told_as_another_way() -> None:
    """Whoever may be written to may not be called."""
    contact = SafeContact(allowed=Answer.YES, channel="email", window="ma-vr 10-12")
    bundle = build(samples.letter(told=samples.particulars(people=(VICTIM,), safe_contact=contact)))
    assert b"+31600000001" not in orjson.dumps(bundle)


@pytest.mark.parametrize(("message", "ends"), [(Answer.YES, "de melder."), (Answer.NO, "geen bericht achterlaten.")])
def test_a_contact_without_a_way_says_that_none_is_known(message: Answer, ends: str) -> None:
    """Nobody is told to keep to what stands there where nothing does."""
    text = contacting(SafeContact(allowed=Answer.YES, leave_message=message), "NL")
    assert text.startswith("Contact mag, maar hoe en wanneer dat veilig kan is niet gezegd")
    assert text.endswith(ends)


def test_an_update_says_that_something_changed() -> None:
    """Its Task is `requested` once more: without a word of it, it looks like the same one again."""
    update = samples.referral(revision=2, change=ReferralChange.UPDATE, about=samples.facts(urgency=Urgency.ACUTE))
    task = build(samples.letter(update))["entry"][0]["resource"]
    assert task["description"].startswith("Gewijzigd. Acuut. Beoordeel")


@pytest.mark.parametrize("kind", [PartnerKind.VEILIG_THUIS, PartnerKind.NEIGHBOURHOOD_TEAM])
def test_whom_to_call_with_a_question_is_told_where_it_is_known(kind: PartnerKind) -> None:
    """Also to those who are not told who reported it: they had nobody to ask."""
    letter = samples.letter(samples.referral(kind=kind))
    reached = replace(letter, corporation=letter.corporation.model_copy(update={"telephone": "0000 000012"}))
    asked = "Vragen over deze verwijzing: Testcorporatie, 0000 000012"
    assert asked in [note["text"] for note in build(reached)["entry"][1]["resource"]["note"]]
    assert "Vragen" not in str(build(letter))
    assert orjson.loads(body(reached, samples.SOURCE))["data"]["corporation"]["telephone"] == "0000 000012"
    assert ("van", "Testcorporatie, 0000 000012") in list(rows(reached, samples.AT, "nl"))


def test_the_inbox_tells_the_language_where_nobody_may_be_contacted() -> None:
    """Under how to make contact, which stands first there."""
    contact = samples.SAFE.model_copy(update={"allowed": Answer.NO})
    letter = samples.letter(told=samples.particulars(safe_contact=contact))
    [told] = [text for _, text in rows(letter, samples.AT, "nl") if "Pools" in text]
    assert told == f"{NO_CONTACT['NL']} Taal: Pools."

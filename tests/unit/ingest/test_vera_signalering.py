"""A VERA signalering in every form its makers give it becomes one signal."""

from typing import Any

import pytest

from schemas.codes import Answer, Change, Kind, PersonRole, Urgency
from schemas.corporation import Meaning
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import a_signalering, accepted, an_intake, became

INTAKE = an_intake("vera-signalering")
PERSON = {
    "id": "REL-9001",
    "soort": {"code": "NAT"},
    "voornaam": "Testpersoon",
    "tussenvoegsels": "van",
    "achternaam": "Voorbeeld",
    "geboortedatum": "1990-05-06",
    "geslacht": {"code": "V"},
    "rollen": [{"soort": {"code": "HUU"}}],
    "contactgegevens": [{"soort": {"code": "MOB"}, "waarde": "0600000000"}],
}
ADDRESS = {
    "id": "A-77",
    "straatnaam": "Voorbeeldstraat",
    "huisnummer": 12,
    "huisletter": "A",
    "huisnummerToevoeging": "2",
    "postcode": "8011 AA",
    "woonplaats": {"naam": "Zwolle"},
    "gemeente": {"code": "0193"},
}


def test_the_domain_api_s_form_becomes_a_signal() -> None:
    """Links are URIs there: the address is known by its id only, and where it lies is for a person."""
    signal = accepted(a_signalering(), INTAKE)
    assert signal.facts.kind is Kind.NOISE_VIOLENCE
    assert signal.facts.urgency is Urgency.URGENT
    assert signal.facts.origin_code == "OVE.GEL"
    assert signal.facts.area is None
    assert signal.reference == "SIG-104233"
    assert signal.change is Change.REPORTED
    assert signal.particulars.people is None
    assert signal.particulars.narrative is not None


def test_the_chain_api_s_form_tells_who_and_where() -> None:
    """Embedded objects carry the person and the address; the telephone number of the tenancy stays behind."""
    signal = accepted(a_signalering(adres=ADDRESS, relatie=PERSON), INTAKE)
    assert signal.facts.area == "GM0193"
    assert signal.particulars.address is not None
    assert signal.particulars.address.reveal().lines == ("Voorbeeldstraat 12A 2",)
    assert signal.particulars.people is not None
    (person,) = signal.particulars.people.reveal()
    assert (person.role, person.name) == (PersonRole.HOUSEHOLD_MEMBER, "Testpersoon van Voorbeeld")
    assert (person.gender, person.relation, person.phone) == ("female", "huurder", None)


def test_uri_and_object_point_at_one_dwelling() -> None:
    """Signals about one home must add up, whichever API told them."""
    uri, embedded = accepted(a_signalering(), INTAKE), accepted(a_signalering(adres=ADDRESS), INTAKE)
    assert uri.facts.household == embedded.facts.household


@pytest.mark.parametrize(
    "soort", [{"code": "OVE"}, "OVE", "https://vera.example/referentiedata/SIGNALERINGSOORT/OVE", {"code": " OVE "}]
)
def test_a_code_is_taken_as_object_text_or_uri(soort: Any) -> None:
    """Makers write coded values in each of these ways."""
    assert accepted(a_signalering(soort=soort), INTAKE).facts.origin_code == "OVE.GEL"


def test_an_expired_signalering_withdraws() -> None:
    """SIGNALERINGSTATUS VER says that the mark no longer holds."""
    assert accepted(a_signalering(status={"code": "VER"}), INTAKE).change is Change.WITHDRAWN


def test_a_withdrawal_passes_whatever_its_code_says_now() -> None:
    """What was withdrawn may have lost its code; the partner must hear of it all the same."""
    withdrawn = accepted(a_signalering(status="VER", soort=None, detailSoort=None), INTAKE)
    assert (withdrawn.change, withdrawn.facts.kind) == (Change.WITHDRAWN, Kind.OTHER_CONCERN)


def test_the_key_is_id_within_organisation_and_administration() -> None:
    """Two administrations of one corporation may both have a SIG-104233."""
    one, other = accepted(a_signalering(), INTAKE), accepted(a_signalering(idAdministratie="200"), INTAKE)
    assert one.signal != other.signal
    assert one.reference == other.reference


@pytest.mark.parametrize("keys", [{"id": 104233}, {"id": None, "idExtern": "X-1"}, {"id": "", "code": "S1"}])
def test_another_key_serves_where_the_id_is_missing(keys: dict[str, Any]) -> None:
    """Nothing is required in VERA; older systems swap id and idExtern."""
    assert accepted(a_signalering(**keys), INTAKE).reference is not None


def test_without_any_key_it_is_unreadable() -> None:
    """A record that cannot be recognised again can never be corrected or withdrawn."""
    outcome = became(a_signalering(id=None), INTAKE)
    assert isinstance(outcome, Unreadable)
    assert (outcome.reason, outcome.field) == ("record-id-missing", "id")


def test_our_extra_attributes_state_facts() -> None:
    """VERA has no code for violence at home; `extra-attributen` is its own place for what is ours."""
    said = {"acuut": "ja", "kinderen": "onbekend", "wapen": "true", "urgentie": "acute", "signaalsoort": "schreeuwen"}
    listed = [{"naam": f"seinpaal.{name}", "waarde": value} for name, value in said.items()]
    intake = an_intake("vera-signalering", codes={"schreeuwen": Meaning(kind=Kind.NOISE_VIOLENCE)})
    facts = accepted(a_signalering(**{"extra-attributen": listed}), intake).facts
    assert (facts.acute, facts.children, facts.weapon, facts.urgency) == (
        Answer.YES,
        Answer.UNKNOWN,
        True,
        Urgency.ACUTE,
    )
    assert facts.origin_code == "schreeuwen"


def test_an_urgency_that_is_none_of_ours_is_unreadable() -> None:
    """A slip of the pen must not turn danger into routine."""
    listed = [{"naam": "seinpaal.urgentie", "waarde": "acuut!!"}]
    outcome = became(a_signalering(**{"extra-attributen": listed}), INTAKE)
    assert isinstance(outcome, Unreadable)
    assert outcome.field == "extra-attributen.seinpaal.urgentie"
    assert "acuut!!" not in str(outcome)


@pytest.mark.parametrize(
    "where",
    [
        {"adres": {**ADDRESS, "geheim": True}},
        {"adres": {**ADDRESS, "vertrouwelijkheid": {"code": "GEH"}}},
        {"adres": {**ADDRESS, "vertrouwelijkheid": "geh"}},
        {"adres": {**ADDRESS, "vertrouwelijkheid": {"naam": "Geheim"}}},
        {"adres": {**ADDRESS, "vertrouwelijkheid": {"code": "STRENG"}}},
        {"adres": {**ADDRESS, "detailSoort": "opv"}},
        {"adres": {**ADDRESS, "detailSoort": {"naam": "Opvangcentrum"}}},
        {"adres": None, "eenheid": {"id": "E-1", "detailSoort": {"code": "OPV"}, "adres": ADDRESS}},
    ],
)
def test_a_secret_address_is_told_to_nobody(where: dict[str, Any]) -> None:
    """The property file lists refuges (OPV): their address goes no further, only the municipality does."""
    signal = accepted(a_signalering(**where), INTAKE)
    assert signal.facts.secret_address
    assert signal.facts.area == "GM0193"
    assert signal.particulars.address is None


@pytest.mark.parametrize("mark", [None, "", {}, {"code": "OPE"}, "int", {"naam": "Vertrouwelijk"}])
def test_an_address_that_is_marked_as_open_is_told(mark: Any) -> None:
    """VERTROUWELIJKHEID has three codes that are not secret: whoever goes there must know where."""
    signal = accepted(a_signalering(adres={**ADDRESS, "vertrouwelijkheid": mark}), INTAKE)
    assert not signal.facts.secret_address
    assert signal.particulars.address is not None


def test_visit_with_two_warns_the_partner_too() -> None:
    """Who goes there next must not go alone."""
    intake = an_intake("vera-signalering", codes={"BEZ": {"kind": Kind.OTHER_CONCERN}})
    assert accepted(a_signalering(soort=None, detailSoort={"code": "BEZ"}), intake).facts.staff_safety


@pytest.mark.parametrize(
    ("born", "role"), [("2012-01-01", PersonRole.CHILD), ("2008-11-24", PersonRole.HOUSEHOLD_MEMBER)]
)
def test_a_child_is_told_from_its_birth_date(born: str, role: PersonRole) -> None:
    """VERA retired the role of child: who is under 18 on the day is one, and then there are children."""
    signal = accepted(a_signalering(relatie={**PERSON, "geboortedatum": born}), INTAKE)
    assert signal.particulars.people is not None
    assert signal.particulars.people.reveal()[0].role is role
    assert (signal.facts.children is Answer.YES) == (role is PersonRole.CHILD)


def test_a_household_is_its_members() -> None:
    """A group is no person; those in it are."""
    group = {
        "soort": {"code": "GRO"},
        "naam": "Huishouden",
        "relaties": [PERSON, {"id": "x"}, {"roepnaam": "Testkind"}],
    }
    signal = accepted(a_signalering(relatie=group), INTAKE)
    assert signal.particulars.people is not None
    assert [person.name for person in signal.particulars.people.reveal()] == ["Testpersoon van Voorbeeld", "Testkind"]


def test_null_and_missing_are_the_same() -> None:
    """Every field but the key and the code may be absent."""
    bare = became({"id": "SIG-1", "soort": {"code": "OVE"}, "detailSoort": {"code": "GEL"}}, INTAKE)
    nulls = became(
        {**dict.fromkeys(a_signalering()), "id": "SIG-1", "soort": {"code": "OVE"}, "detailSoort": {"code": "GEL"}},
        INTAKE,
    )
    assert isinstance(bare, Accepted)
    assert isinstance(nulls, Accepted)
    assert bare.facts == nulls.facts


def test_a_tombstone_is_no_signal() -> None:
    """Kafka's mark that a key is gone tells nothing about people."""
    assert became(None, INTAKE) == Ignored("tombstone")


@pytest.mark.parametrize(
    "soort", ["https://x.example/SIGNALERINGSOORT/OVE?versie=4", "https://x.example/OVE/", " OVE "]
)
def test_a_code_is_the_last_part_of_its_uri(soort: str) -> None:
    """Without what stands behind it; a slash in what is no URI makes no code of its end."""
    intake = an_intake("vera-signalering", codes={"OVE": {"kind": Kind.NUISANCE}, "A": {"kind": Kind.THREAT}})
    assert accepted(a_signalering(soort=soort, detailSoort=None), intake).facts.kind is Kind.NUISANCE
    nothing = became(a_signalering(soort="N/A", detailSoort=None), intake)
    assert isinstance(nothing, Unreadable)
    assert nothing.reason == "code-missing"


def test_a_mark_without_a_code_waits_for_a_person_whatever_is_passed_over() -> None:
    """`unmapped: ignore` speaks of codes; of a mark that has none nobody knows what it says."""
    parked = became(
        a_signalering(soort={"id": "1"}, detailSoort=None), an_intake("vera-signalering", unmapped="ignore")
    )
    assert isinstance(parked, Unreadable)
    assert parked.reason == "code-missing"

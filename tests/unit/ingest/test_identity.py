"""What stands where no id was known joins nothing: no two records, no two households, no two persons."""

from collections.abc import Callable
from typing import Any

import pytest

from schemas.codes import Kind
from schemas.corporation import Adapter
from services.ingest.identity import identity
from services.ingest.normalise import Accepted
from services.ingest.sources import ADAPTERS
from services.runtime.errors import Unreadable
from tests.unit.ingest.mutation import intake_of
from tests.unit.ingest.samples import ENGLISH, a_concern, a_signalering, accepted, an_intake, became
from tests.unit.ingest.test_debezium import ROW, an_envelope
from tests.unit.ingest.test_hact_repair import a_repair
from tests.unit.ingest.test_landlord_event import CONCERN, an_event
from tests.unit.ingest.test_vera_onderhoudsverzoek import a_defect, a_request
from tests.unit.ingest.test_vera_zaak import NEIGHBOUR, a_zaak

EMPTY_GUID = "00000000-0000-0000-0000-000000000000"
FOR_NONE = (
    EMPTY_GUID, f"{{{EMPTY_GUID}}}", f"urn:uuid:{EMPTY_GUID}", "ffffffff-ffff-ffff-ffff-ffffffffffff", 0, 0.0, "0",
    "000000", "0.00", "-1", -1, "-", "?", "...", "onbekend", "Onbekend", "(onbekend)", "niet bekend", "n.v.t.", "NVT",
    "n/a", "N.A.", "unknown", "null", "NULL", "<null>", "None", "nil", "undefined", "NaN", "[object Object]", "{}",
    "geen", "leeg", "dummy", "xxx", "[BSN]", "Z-[BSN]",
)  # fmt: skip
IDS = ("1", "10", "0A", "00-1", "A-0", "-2", "E-555", "NULLAND-1", "N1", "X1", "onbekend-12", "geen-7", "Null 3", "fff")
BAD = (EMPTY_GUID, "0", 0, "onbekend", "unknown", "n.v.t.", "null", "-")


@pytest.mark.parametrize("told", FOR_NONE)
def test_what_stands_for_no_id_is_none(told: object) -> None:
    """People and programs write such things; what is left after a BSN was taken out tells nothing apart either."""
    assert identity(told) is None


@pytest.mark.parametrize("told", IDS)
def test_an_id_that_looks_like_one_of_them_is_an_id(told: str) -> None:
    """A record of its own must not wait for what stands inside another word or number."""
    assert identity(told) == told


def test_a_whole_number_of_any_form_is_one_id() -> None:
    """A program that writes 7.0 means record 7; where doubles skip numbers two ids would be one, so it is none."""
    assert identity(7) == identity("7") == identity(7.0) == "7"
    assert [identity(told) for told in (2.0**53, 7.5, True)] == [None, None, None]


def test_long_ids_are_told_apart_to_their_end() -> None:
    """An id that was cut would make one signal of two records."""
    assert identity("x" * 30_000 + "1") != identity("x" * 30_000 + "2")


DOOR = a_defect("BRE", "DEU", "BEW")
RECORDS: dict[Adapter, Callable[[Any], dict[str, Any]]] = {
    "vera-signalering": lambda told: a_signalering(id=told),
    "vera-zaak": lambda told: a_zaak(id=told),
    "vera-onderhoudsverzoek": lambda told: a_request(DOOR, id=told),
    "concern": lambda told: a_concern(id=told),
    "debezium": lambda told: an_envelope(after={**ROW, "id": told}),
    "landlord-event": lambda told: {**an_event(**CONCERN), "entityId": told},
    "hact-repair": lambda told: a_repair(Reference=[{"ID": told}]),
}
"""An event of each shape with something where its record's id stands."""


@pytest.mark.parametrize("adapter", list(ADAPTERS))
@pytest.mark.parametrize("told", BAD)
def test_a_record_without_an_id_of_its_own_waits_for_a_person(adapter: Adapter, told: object) -> None:
    """Taken as an id, the second record without one would correct the first, and nobody would hear of that any more."""
    outcome = became(RECORDS[adapter](told), intake_of(adapter))
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "record-id-missing"
    assert isinstance(became(RECORDS[adapter]("7"), intake_of(adapter)), Accepted)


@pytest.mark.parametrize("told", BAD)
def test_another_id_serves_where_one_stands_for_none(told: object) -> None:
    """A system that has no id of its own for a record may have another's, or write it beside the event."""
    vera, concern = intake_of("vera-signalering"), intake_of("concern")
    landlord, repair = intake_of("landlord-event"), intake_of("hact-repair")
    assert accepted(a_signalering(id=told, idExtern="X-1"), vera).reference == "X-1"
    assert accepted(a_concern(id=told), concern, headers=[("ce_subject", b"Z-1")]).reference == "Z-1"
    assert accepted({**an_event(**CONCERN, reference="C-1"), "entityId": told}, landlord).reference == "C-1"
    assert accepted(a_repair(Reference=[{"ID": told}, {"ID": "WO-2"}]), repair).reference == "WO-2"
    for event, intake in ((a_concern(id=told), concern), (a_signalering(id=told), vera)):
        assert isinstance(became(event, intake, headers=[("ce_subject", str(told).encode())]), Unreadable)


@pytest.mark.parametrize("key", [b"null", b'"0"', b"{}", EMPTY_GUID.encode()])
def test_a_kafka_key_that_stands_for_none_numbers_no_order(key: bytes) -> None:
    """A serialiser writes `null` as the key of every record that has none."""
    assert isinstance(became(a_repair(Reference=None), intake_of("hact-repair"), key=key), Unreadable)


def test_an_update_about_no_order_is_no_order_itself() -> None:
    """What became of a visit must not be read as a repair; an empty reference is as good as none."""
    update = {"Reference": {"ID": "U-1"}, "RelatedWorkOrderReference": {"ID": "0"}, "OtherType": "No access"}
    outcome = became(update, intake_of("hact-repair"))
    assert isinstance(outcome, Unreadable)
    assert (outcome.reason, outcome.field) == ("record-id-missing", "RelatedWorkOrderReference")
    assert isinstance(became(a_repair(RelatedWorkOrderReference={}), intake_of("hact-repair")), Accepted)


def test_two_updates_of_one_order_are_two_records() -> None:
    """TypeCode 0 says no more than `other`: the second is no correction of the first."""
    codes: dict[str, Any] = {"update.no-access": {"kind": Kind.ACCESS_REFUSED}, "update.0": {"kind": Kind.THREAT}}
    intake = an_intake("hact-repair", corporation=ENGLISH, codes=codes)
    both = (
        {"RelatedWorkOrderReference": {"ID": "WO-1"}, "TypeCode": "0", "OtherType": t} for t in ("No access", "Hurt")
    )
    one, other = (accepted(update, intake) for update in both)
    assert one.signal != other.signal


HOUSES: tuple[tuple[Adapter, Callable[[str, Any], dict[str, Any]]], ...] = (
    ("vera-signalering", lambda own, told: a_signalering(id=own, adres={"id": told}, relatie=None)),
    ("vera-signalering", lambda own, told: a_signalering(id=own, adres=f"https://x.example/{told}", relatie=None)),
    ("vera-signalering", lambda own, told: a_signalering(id=own, adres=None, relatie={"id": told})),
    ("vera-zaak", lambda own, told: a_zaak(id=own, objecten=[], eenheden=[{"id": told}], rollen=[])),
    ("vera-zaak", lambda own, told: a_zaak(id=own, objecten=[], rollen=[{"soort": "BEK", "relatie": {"id": told}}])),
    ("vera-onderhoudsverzoek", lambda own, told: a_request(DOOR, id=own, eenheid=told)),
    ("concern", lambda own, told: a_concern(id=own, dwelling=told)),
    ("debezium", lambda own, told: an_envelope(after={**ROW, "id": own, "adres": told})),
    (
        "landlord-event",
        lambda own, told: {**an_event(propertyReference=told, concernType="domestic-abuse"), "entityId": own},
    ),
    ("hact-repair", lambda own, told: a_repair(Reference=own, SitePropertyUnit={"Reference": told})),
)
"""An event of each shape with its record's id, and something where that of the dwelling or the person stands."""


@pytest.mark.parametrize("told", BAD)
@pytest.mark.parametrize("place", range(len(HOUSES)))
def test_households_are_not_joined_by_an_id_that_stands_for_none(place: int, told: object) -> None:
    """A partner would be told that what happens in one home happens in another."""
    adapter, event = HOUSES[place]
    apart = {accepted(event(own, told), intake_of(adapter)).facts.household for own in ("1", "2")}
    together = {accepted(event(own, "E-7"), intake_of(adapter)).facts.household for own in ("1", "2")}
    assert (len(apart), len(together)) == (2, 1)


def test_persons_are_not_taken_for_one_another_by_an_id_that_stands_for_none() -> None:
    """Who reported it stays out of the household by its id: 0 would take everybody out of it."""
    nobody = {**NEIGHBOUR, "id": "0"}
    rollen = [
        {"soort": {"code": "MEL"}, "relatie": {"id": "0", "aanschrijfnaam": "Testmelder Een"}},
        {"soort": {"code": "BEK"}, "relatie": nobody},
    ]
    zaak = a_zaak(rollen=rollen, relaties=[{**nobody, "aanschrijfnaam": "Testpersoon Drie"}])
    people = accepted(zaak, intake_of("vera-zaak")).particulars.people
    assert people is not None
    assert {person.name for person in people.reveal()} == {"Testpersoon Twee", "Testpersoon Drie"}


def test_a_nine_digit_number_that_was_taken_for_a_bsn_joins_nothing() -> None:
    """One of eleven dwellings with such a number passes the elfproef; what is left of them is alike."""
    row = {**ROW, "adres": "123456782"}
    other = {**ROW, "id": "SIG-2", "adres": "111222333"}
    one, two = (accepted(an_envelope(after=told), intake_of("debezium")) for told in (row, other))
    assert one.removed == two.removed == 1
    assert one.facts.household != two.facts.household

"""What may be a signal is not passed over for its place in a list, the name of its event, or a table's capitals."""

from typing import Any

import pytest

from schemas.codes import Change, Kind
from schemas.corporation import Adapter
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted
from services.ingest.sources import hact_repair, vera_onderhoudsverzoek
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import ENGLISH, accepted, an_intake, became
from tests.unit.ingest.test_debezium import CODES as TABLE_CODES
from tests.unit.ingest.test_debezium import COLUMNS, ROW, an_envelope
from tests.unit.ingest.test_hact_repair import CODES as REPAIR_CODES
from tests.unit.ingest.test_hact_repair import a_repair
from tests.unit.ingest.test_landlord_event import INTAKE as LANDLORD
from tests.unit.ingest.test_landlord_event import an_event
from tests.unit.ingest.test_vera_onderhoudsverzoek import a_defect, a_request, kind_of

DOORS = {"BRE.DEU.BEW": "door", "LEK": "ignore"}
REPAIRS = an_intake("hact-repair", corporation=ENGLISH, codes={**REPAIR_CODES, "PAINT": "ignore"})


def an_element(code: str) -> dict[str, Any]:
    """One element of a work order."""
    return {"RateScheduleItem": [{"CustomCode": code}]}


@pytest.mark.parametrize("before", [20, 21, 300])
def test_a_door_at_the_end_of_a_long_inspection_is_a_signal(before: int) -> None:
    """An inspection lists dozens of defects; the one that matters may be the last."""
    request = a_request(*[a_defect("LEK")] * before, a_defect("BRE", "DEU", "BEW"))
    assert kind_of(request, DOORS) is Kind.DAMAGE_DOOR
    order = a_repair(WorkElement=[*[an_element("PAINT")] * before, an_element("AD010001")])
    assert accepted(order, REPAIRS).facts.kind is Kind.DAMAGE_DOOR


def test_a_list_too_long_to_look_into_waits_for_a_person() -> None:
    """What was not looked into may be anything, and is not ignored with the rest."""
    most = vera_onderhoudsverzoek.MOST_DEFECTS
    assert kind_of(a_request(*[a_defect("LEK")] * most), DOORS) == "code-ignored"
    assert kind_of(a_request(*[a_defect("LEK")] * (most + 1)), DOORS) == "code-missing"
    most = hact_repair.MOST_ELEMENTS
    assert became(a_repair(WorkElement=[an_element("PAINT")] * most), REPAIRS) == Ignored("code-ignored")
    outcome = became(a_repair(WorkElement=[an_element("PAINT")] * (most + 1)), REPAIRS)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "code-missing"


@pytest.mark.parametrize("event_type", ["PersonConcernRaisedEvent", "TenureConcernRaisedEvent", "AssetDamagedEvent"])
def test_an_event_about_a_person_that_tells_a_listed_concern_is_a_signal(event_type: str) -> None:
    """The corporation listed what stands in it: the name of the event does not undo that."""
    assert accepted(an_event(event_type, concernType="Domestic Abuse"), LANDLORD).facts.kind is Kind.FEAR_OBSERVED
    assert became(an_event(event_type, concernType="Change of name"), LANDLORD) == Ignored("housekeeping")


@pytest.mark.parametrize("event_type", ["ContractorConcernRaisedEvent", "PersonalSafetyEvent", "AssetsDamagedEvent"])
def test_an_entity_whose_name_only_begins_like_housekeeping_is_none(event_type: str) -> None:
    """A contractor's concern is about no contract: with a code that nobody listed it waits for a person."""
    outcome = became(an_event(event_type, concernType="Shouting"), LANDLORD)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "unmapped-code"


def test_an_alert_that_ended_is_no_signal_by_what_it_was_about() -> None:
    """Its code tells what there was, and that is over."""
    ended = an_event("CautionaryAlertEndedEvent", alertId="A-1", alert={"code": "domestic-abuse"})
    assert became(ended, LANDLORD) == Ignored("housekeeping")


@pytest.mark.parametrize("told", ["SIGNALERING", "Signalering", "signalering"])
@pytest.mark.parametrize("named", ["signalering", "Public.Signalering", "PUBLIC.SIGNALERING"])
def test_a_table_is_the_same_in_capitals(told: str, named: str) -> None:
    """Oracle tells it in capitals and SQL Server as it was made, whatever people write."""
    intake = an_intake("debezium", codes=TABLE_CODES, columns=COLUMNS, tables=(named,))
    assert isinstance(became(an_envelope(table=told, schema="public"), intake), Accepted)
    flat = {**ROW, "__op": "c", "__source_table": told, "__source_schema": "PUBLIC"}
    assert isinstance(became(flat, intake), Accepted)
    assert became(an_envelope(table="huurders", schema="public"), intake) == Ignored("other-table")


@pytest.mark.parametrize(
    ("adapter", "payload", "status"),
    [
        ("vera-signalering", {"id": "S-1", "soort": {"code": "OVE"}, "status": {"code": "VER"}}, "VER"),
        ("vera-zaak", {"id": "Z-1", "zaaktype": {"code": "OVE"}, "zaakstatussen": [{"soort": {"code": "GEA"}}]}, "GEA"),
        ("concern", {"id": "C-1", "kind": "threat", "status": "withdrawn"}, "withdrawn"),
    ],
)
def test_a_status_that_withdraws_is_never_ignored(adapter: Adapter, payload: dict[str, Any], status: str) -> None:
    """A partner that was told of the signal would go on with it: ignoring is for what tells nothing."""
    codes: dict[str, Any] = {"OVE": {"kind": Kind.NUISANCE}, f"status.{status}": "ignore"}
    assert accepted(payload, an_intake(adapter, codes=codes)).change is Change.WITHDRAWN

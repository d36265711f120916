"""HACT repairs: what a work order tells, and what it must not."""

from typing import Any

import orjson
import pytest

from schemas.codes import Kind
from services.ingest.normalise import Accepted
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import ENGLISH, accepted, an_intake, became

CODES: dict[str, Any] = {
    "AD010001": {"kind": Kind.DAMAGE_DOOR},
    "trade.GL": {"kind": Kind.DAMAGE_WINDOW},
    "update.no-access": {"kind": Kind.ACCESS_REFUSED},
    "update.120-30": {"kind": Kind.ACCESS_REFUSED},
}
INTAKE = an_intake("hact-repair", corporation=ENGLISH, codes=CODES)


def a_repair(**changes: Any) -> dict[str, Any]:
    """A RaiseRepair with the names of the JSON Schema."""
    return {
        "Reference": [{"ID": "WO-1"}],
        "DescriptionOfWork": "Made up: door kicked in",
        "LocationOfRepair": "Bedroom",
        "Priority": {"PriorityCode": "2", "RequiredCompletionDateTime": "2026-03-09T00:00:00Z"},
        "WorkClass": {"WorkClassCode": "0"},
        "WorkElement": [
            {"RateScheduleItem": [{"M3NHFSORCode": "Controlled Door Entry-AD010001"}], "Trade": [{"Code": "CP"}]}
        ],
        "AccessInformation": {"Keysafe": {"Location": "Made up", "Code": "0000"}, "Description": "Made up"},
        "PersonAlert": [{"Type": "20", "Comments": "Not to be repeated"}],
        "DateReported": "2026-03-02T21:40:00Z",
        "SitePropertyUnit": [
            {
                "Address": {"BuildingNumber": "1", "StreetName": "Example Street", "PostalCode": "E8 0ZZ"},
                "Reference": [{"ID": "P-1"}],
            }
        ],
        **changes,
    }


def test_a_repair_becomes_a_signal() -> None:
    """By its code of the schedule of rates, which carries its chapter before it."""
    signal = accepted(a_repair(), INTAKE)
    assert (signal.facts.kind, signal.facts.area) == (Kind.DAMAGE_DOOR, "E09000012")
    assert signal.facts.origin_code == "AD010001"
    assert signal.particulars.narrative is not None
    assert signal.particulars.narrative.reveal() == "Made up: door kicked in\nBedroom"


def test_an_alert_warns_and_is_not_repeated() -> None:
    """The standard forbids to repeat it, and nobody outside needs the code of a key safe."""
    signal = accepted(a_repair(), INTAKE)
    assert signal.facts.staff_safety
    for secret in (b"Not to be repeated", b"0000", b"Keysafe"):
        assert secret not in signal.particulars.reveal()


@pytest.mark.parametrize(
    "payload",
    [
        {"RaiseRepair": a_repair()},
        {
            "id": "WO-1",
            "workElement": [{"rateScheduleItem": [{"m3NHFSORCode": "AD010001"}]}],
            "sitePropertyUnit": [{"reference": [{"id": "P-1"}]}],
        },
    ],
)
def test_wrapped_or_in_camel_case_it_is_the_same_order(payload: dict[str, Any]) -> None:
    """Producers serialise the schema their own way."""
    one, other = accepted(payload, INTAKE), accepted(a_repair(), INTAKE)
    assert (one.signal, one.facts.household) == (other.signal, other.facts.household)


def test_the_trade_serves_where_no_item_is_mapped() -> None:
    """A schedule has thousands of items; a glazier is a glazier."""
    element = {"RateScheduleItem": [{"CustomCode": "X1"}], "Trade": [{"Code": "GL"}]}
    assert accepted(a_repair(WorkElement=[element]), INTAKE).facts.kind is Kind.DAMAGE_WINDOW


def test_a_trade_of_the_landlord_s_own_counts_before_hact_s() -> None:
    """TradeCode has no locksmith: his code stands beside it, as a CustomCode, and was passed over."""
    codes: dict[str, Any] = {"trade.LK": {"kind": Kind.LOCK_CHANGE}, "trade.SP": {"kind": Kind.OTHER_CONCERN}}
    intake = an_intake("hact-repair", corporation=ENGLISH, codes=codes)
    for trade, kind in (({"Code": "SP", "CustomCode": "LK"}, Kind.LOCK_CHANGE), ({"Code": "SP"}, Kind.OTHER_CONCERN)):
        element = {"RateScheduleItem": [{"CustomCode": "X1"}], "Trade": [trade]}
        assert accepted(a_repair(WorkElement=[element]), intake).facts.kind is kind


def test_the_kafka_key_numbers_an_order_that_does_not_number_itself() -> None:
    """RaiseRepair has no number of its own: the landlord's system gives it one."""
    bare = a_repair(Reference=None)
    assert accepted(bare, INTAKE, key=b'"WO-1"').signal == accepted(a_repair(), INTAKE).signal
    assert isinstance(became(bare, INTAKE), Unreadable)


@pytest.mark.parametrize("update", [{"OtherType": "No access"}, {"TypeCode": "120-30"}])
def test_what_became_of_the_visit_is_a_signal_of_its_own(update: dict[str, Any]) -> None:
    """An update knows neither dwelling nor damage: as a revision it would empty the repair's referral."""
    payload = {"RelatedWorkOrderReference": {"ID": "WO-1"}, "EventTime": "2026-03-03T10:00:00Z", **update}
    signal = accepted(payload, INTAKE)
    assert signal.facts.kind is Kind.ACCESS_REFUSED
    assert signal.reference == "WO-1"
    assert signal.signal != accepted(a_repair(), INTAKE).signal


def test_repairs_of_one_property_add_up() -> None:
    """Two orders for one home share the household, and nobody can read from it which home."""
    one, other = became(a_repair(), INTAKE), became(a_repair(Reference=[{"ID": "WO-2"}]), INTAKE)
    assert isinstance(one, Accepted)
    assert isinstance(other, Accepted)
    assert one.facts.household == other.facts.household
    assert b"P-1" not in orjson.dumps(one.facts.household)


@pytest.mark.parametrize("told", ["no-access", "No access", "NoAccess", "NO_ACCESS", "no access."])
def test_that_nobody_let_them_in_is_known_however_it_is_spelt(told: str) -> None:
    """It is free text there, and where most updates are ignored a spelling was ignored with them."""
    update = {"RelatedWorkOrderReference": {"ID": "WO-1"}, "OtherType": told}
    assert accepted(update, INTAKE).facts.kind is Kind.ACCESS_REFUSED


def test_a_type_code_may_be_a_number() -> None:
    """The standard writes it as text; JSON that was made of a table does not."""
    intake = an_intake("hact-repair", corporation=ENGLISH, codes={"update.20": {"kind": Kind.ACCESS_REFUSED}})
    told = [accepted({"RelatedWorkOrderReference": {"ID": "WO-1"}, "TypeCode": one}, intake) for one in (20, "20")]
    assert told[0].signal == told[1].signal

"""Repairs that matter: which codes a defect offers to the configuration, and what else it tells."""

from typing import Any

import pytest

from schemas.codes import Change, Kind, Origin
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import accepted, an_intake, became

KINDS = {"door": Kind.DAMAGE_DOOR, "lock": Kind.LOCK_CHANGE, "pane": Kind.DAMAGE_WINDOW, "access": Kind.ACCESS_REFUSED}


def a_request(*defects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An Onderhoudsverzoekbericht as the chain API OHD writes it."""
    return {
        "id": "OV-1",
        "omschrijving": "Verzonnen: binnendeur ingetrapt",
        "melddatum": "2026-03-02T21:40:00Z",
        "status": {"code": "REG"},
        "eenheid": {"id": "E-555"},
        "defecten": list(defects),
        **changes,
    }


def a_defect(soort: str | None, element: str | None = None, oorzaak: str | None = None, **more: Any) -> dict[str, Any]:
    """A Defect with its building element embedded."""
    inside = {"detailSoort": {"code": element}} if element else "https://onderhoud.example.nl/v4/elementen/7"
    return {"soort": soort and {"code": soort}, "oorzaak": oorzaak, "bouwkundigElement": inside, **more}


def kind_of(request: dict[str, Any], codes: dict[str, str]) -> Kind | str:
    """What the request is to a source with these codes, or why it is no signal."""
    meanings = {code: kind if kind == "ignore" else {"kind": KINDS[kind]} for code, kind in codes.items()}
    outcome = became(request, an_intake("vera-onderhoudsverzoek", codes=meanings, unmapped="ignore"))
    match outcome:
        case Accepted():
            return outcome.facts.kind
        case Ignored() | Unreadable():
            return outcome.reason


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ({"BRE.DEU.BEW": "door", "BRE": "ignore"}, Kind.DAMAGE_DOOR),
        ({"BRE.BEW": "door", "BRE": "ignore"}, Kind.DAMAGE_DOOR),
        ({"BRE.DEU": "door", "BRE": "ignore"}, Kind.DAMAGE_DOOR),
        ({"oorzaak.BEW": "door", "BRE": "ignore"}, Kind.DAMAGE_DOOR),
        ({"BRE": "door"}, Kind.DAMAGE_DOOR),
        ({"BRE": "ignore"}, "code-ignored"),
        ({"GLA": "pane"}, "unmapped-code"),
    ],
)
def test_the_most_telling_code_decides(codes: dict[str, str], kind: Kind | str) -> None:
    """A defect offers kind, element and cause together, then each with the kind, then less."""
    assert kind_of(a_request(a_defect("BRE", "DEU", "BEW")), codes) == kind


def test_the_cause_found_on_the_spot_counts_before_the_one_told() -> None:
    """A footprint on a door that `suddenly` jams: VERA's own example."""
    defect = a_defect("KLE", "DEU", "OUD", aangetroffenOorzaak={"code": "BEW"})
    assert kind_of(a_request(defect), {"KLE.DEU.BEW": "door", "KLE": "ignore"}) is Kind.DAMAGE_DOOR


def test_one_telling_defect_among_others_is_enough() -> None:
    """An ignored leak beside a kicked-in door must not hide it."""
    request = a_request(a_defect("LEK"), a_defect("BRE", "DEU", "BEW"))
    assert kind_of(request, {"LEK": "ignore", "BRE.DEU.BEW": "door"}) is Kind.DAMAGE_DOOR


def test_a_repeated_request_has_a_code_of_its_own() -> None:
    """One lock is a lock; the third one tells something."""
    codes = {"SDE.HERHAALD": "lock", "SDE": "ignore"}
    assert kind_of(a_request(a_defect("SDE")), codes) == "code-ignored"
    assert kind_of(a_request(a_defect("SDE"), onderhoudsverzoeken=[{"id": "OV-0"}]), codes) is Kind.LOCK_CHANGE


def test_nobody_in_is_told_by_the_task() -> None:
    """VERA's only code for no access stands in the tasks."""
    request = a_request(onderhoudstaken=[{"detailStatus": {"code": "AFW"}}])
    assert kind_of(request, {"taak.AFW": "access"}) is Kind.ACCESS_REFUSED


def test_a_cause_is_not_taken_for_a_kind() -> None:
    """WAN is a wall among elements and bedbugs among defects: lists that share codes are kept apart."""
    assert kind_of(a_request(a_defect(None, "WAN")), {"WAN": "door"}) == "code-missing"
    assert kind_of(a_request(a_defect("BS1", "WAN")), {"WAN": "door"}) == "unmapped-code"


KEYS = {"id": "D-1", "idExtern": "D-1", "code": None}


@pytest.mark.parametrize("defects", [[KEYS], KEYS, ["https://onderhoud.example.nl/v4/defecten/1"], [], None])
def test_a_defect_without_a_code_waits_for_a_person(defects: Any) -> None:
    """Keys or a link tell nothing of a door: that most repairs are no signal is no reason to pass over this one."""
    intake = an_intake("vera-onderhoudsverzoek", unmapped="ignore")
    parked = became(a_request(defecten=defects), intake)
    assert isinstance(parked, Unreadable)
    assert (parked.reason, parked.field) == ("code-missing", "defecten")
    assert f"`missing: ignore` under `codes` of source {intake.source.name}" in parked.fix


def test_a_defect_without_a_code_beside_others_is_not_hidden_by_them() -> None:
    """What is ignored may stand beside what is not; one that is a signal is enough all the same."""
    leak, door = a_defect("LEK"), a_defect("BRE", "DEU", "BEW")
    assert kind_of(a_request(leak, KEYS), {"LEK": "ignore"}) == "code-missing"
    assert kind_of(a_request(KEYS, door), {"BRE": "door"}) is Kind.DAMAGE_DOOR


def test_a_corporation_may_say_that_what_has_no_code_is_nothing() -> None:
    """Where half of the repairs have none, and somebody has weighed that."""
    codes = {"missing": "ignore", "BRE": "door"}
    assert kind_of(a_request(KEYS), codes) == "code-missing"
    assert became(a_request(KEYS), an_intake("vera-onderhoudsverzoek", codes={"missing": "ignore"})) == Ignored(
        "code-missing"
    )


def test_a_cancelled_repair_stays_a_signal() -> None:
    """Who had the new lock cancelled may be the reason for it."""
    signal = accepted(a_request(a_defect("SDE"), status={"code": "GEA"}), an_intake("vera-onderhoudsverzoek"))
    assert signal.change is Change.REPORTED


def test_the_source_says_who_noticed() -> None:
    """A pattern in repairs is a machine's guess, by the source's default."""
    intake = an_intake("vera-onderhoudsverzoek", defaults={"origin": Origin.SYSTEM_RULE})
    assert accepted(a_request(a_defect("SDE")), intake).facts.origin is Origin.SYSTEM_RULE


def test_the_reporter_is_no_resident() -> None:
    """Role MEL reports; the others live there."""
    relations = [
        {"id": "1", "aanschrijfnaam": "Testmelder", "rollen": [{"soort": {"code": "MEL"}}]},
        {"id": "2", "aanschrijfnaam": "Testbewoner", "rollen": [{"soort": {"code": "BEW"}}]},
    ]
    told = accepted(a_request(a_defect("SDE"), relaties=relations), an_intake("vera-onderhoudsverzoek")).particulars
    assert told.people is not None
    assert told.reporter is not None
    assert [person.name for person in told.people.reveal()] == ["Testbewoner"]
    assert told.reporter.reveal().name == "Testmelder"

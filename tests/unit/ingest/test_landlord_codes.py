"""What an English landlord calls a case of anti-social behaviour: in any spelling, alone or among others."""

from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from schemas.codes import Change, Kind, Urgency
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted, normalise
from services.ingest.sources.landlord_codes import MOST_CATEGORIES, spelt
from services.runtime.errors import Unreadable
from services.sandbox.corporations.english import CATEGORIES, landlord_event
from services.sandbox.corporations.incident import Incident, incident
from tests.unit.ingest.samples import ENGLISH, NOW, TODAY, a_record, accepted, an_intake, became
from tests.unit.ingest.test_commands import told
from tests.unit.ingest.test_landlord_event import an_event
from tests.unit.ingest.test_readme import shipped

CODES: dict[str, Any] = {
    "domestic-abuse": {"kind": Kind.FEAR_OBSERVED, "urgency": Urgency.URGENT},
    "harassment": {"kind": Kind.THREAT},
    "noise": "ignore",
    "pets": "ignore",
    "status.closed": "ignore",
}
INTAKE = an_intake("landlord-event", corporation=ENGLISH, codes=CODES)


def a_case(category: Any, event_type: str = "AsbCaseOpenedEvent", **new: Any) -> dict[str, Any]:
    """A case of anti-social behaviour that was opened."""
    return an_event(event_type, category=category, propertyReference="P-1", **new)


def an_incident(number: int) -> Incident:
    """What the sample landlord's system knows of it."""
    return incident(number, Random(number), NOW, dutch=False)  # noqa: S311  made-up data


def waits(event: dict[str, Any]) -> str:
    """Why it waits for a person."""
    outcome = became(event, INTAKE)
    assert isinstance(outcome, Unreadable), outcome
    return outcome.reason


@pytest.mark.parametrize(
    "category",
    [
        *("domestic-abuse", "DOMESTIC-ABUSE", "DOMESTIC_ABUSE", "DomesticAbuse", "domesticAbuse", "Domestic abuse"),
        *("Domestic/Abuse", " domestic abuse. ", {"code": "domestic-abuse"}, {"Code": "07", "Name": "Domestic Abuse"}),
        *({"name": "Domestic abuse"}, ["Domestic Abuse"], [{"code": "DOMESTIC_ABUSE", "name": None}]),
    ],
)
def test_a_category_is_known_however_it_is_spelt(category: object) -> None:
    """As text, an object or a list; what stands in the clear is the code as the corporation listed it."""
    signal = accepted(a_case(category), INTAKE)
    assert (signal.facts.kind, signal.facts.origin_code) == (Kind.FEAR_OBSERVED, "domestic-abuse")
    assert (signal.change, signal.reference, signal.dwelled) == (Change.REPORTED, "CON-1", True)


@pytest.mark.parametrize("name", ["concernType", "alertCode", "code", "subCategory"])
def test_a_concern_is_known_however_it_is_spelt(name: str) -> None:
    """Also where it is told as the kind of concern, or within a category that says nothing."""
    signal = accepted(an_event("ConcernRaisedEvent", category="Noise", **{name: "DOMESTIC-ABUSE"}), INTAKE)
    assert signal.facts.kind is Kind.FEAR_OBSERVED


def test_a_code_that_is_listed_in_capitals_is_known_as_it_is_written() -> None:
    """Only what is listed in small letters is any spelling; `VA` and `va` may be two things."""
    intake = an_intake("landlord-event", corporation=ENGLISH, codes={"VA": {"kind": Kind.THREAT}, "va": "ignore"})
    assert accepted(a_case("VA"), intake).facts.kind is Kind.THREAT
    assert became(a_case("va"), intake) == Ignored("code-ignored")


@pytest.mark.parametrize("categories", [["Harassment", "Noise", "Domestic abuse"], ["Domestic abuse", "Harassment"]])
def test_of_several_categories_the_most_urgent_decides(categories: list[str]) -> None:
    """Wherever it stands in the list: what is told first may be what a neighbour complained of."""
    signal = accepted(a_case(categories), INTAKE)
    assert (signal.facts.kind, signal.facts.urgency) == (Kind.FEAR_OBSERVED, Urgency.URGENT)
    listed = an_event("AsbCaseOpenedEvent", categories=categories, propertyReference="P-1")
    assert accepted(listed, INTAKE).facts == signal.facts


def test_noise_and_pets_are_ignored() -> None:
    """As the corporation listed them, one or both."""
    for category in ("NOISE", ["Noise", "Pets"], {"name": "Pets"}):
        assert became(a_case(category), INTAKE) == Ignored("code-ignored"), category


@pytest.mark.parametrize("other", ["Shouting", {"id": 7}, 7, None, "x" * 200])
def test_what_nobody_listed_is_not_ignored_for_what_stands_beside_it(other: object) -> None:
    """It may be anything, so it waits for a person; where such codes are ignored, so is this."""
    assert waits(a_case(["Noise", other])) == "unmapped-code"
    careless = an_intake("landlord-event", corporation=ENGLISH, codes=CODES, unmapped="ignore")
    assert became(a_case(["Noise", other]), careless) == Ignored("code-ignored")
    assert accepted(a_case([other, "Harassment"]), INTAKE).facts.kind is Kind.THREAT


def test_a_list_too_long_to_look_into_waits_for_a_person() -> None:
    """What was not looked into may be anything."""
    assert became(a_case(["Noise"] * MOST_CATEGORIES), INTAKE) == Ignored("code-ignored")
    assert waits(a_case(["Noise"] * (MOST_CATEGORIES + 1))) == "code-missing"


def test_a_case_without_a_category_goes_by_its_type() -> None:
    """Which waits for a person until it is listed."""
    assert waits(an_event("AsbCaseOpenedEvent")) == "unmapped-code"
    intake = an_intake("landlord-event", corporation=ENGLISH, codes={"AsbCaseOpenedEvent": {"kind": Kind.NUISANCE}})
    assert accepted(a_case("Loud"), intake).facts.kind is Kind.NUISANCE


@pytest.mark.parametrize("status", ["closed", "Closed", "CLOSED", {"code": "9", "name": "Closed"}])
def test_a_case_that_is_closed_is_ignored_where_that_is_listed(status: object) -> None:
    """However the status is spelt; a case that is withdrawn is heard."""
    assert became(a_case("Domestic abuse", status=status), INTAKE) == Ignored("status-ignored")
    assert accepted(a_case("Domestic abuse", "AsbCaseWithdrawnEvent"), INTAKE).change is Change.WITHDRAWN


def test_the_opening_and_the_withdrawal_of_a_case_are_one_signal() -> None:
    """Also where the category is written in another way by then."""
    opened, withdrawn = a_case("Domestic abuse"), a_case("DOMESTIC_ABUSE", "AsbCaseWithdrawnEvent")
    assert accepted(opened, INTAKE).signal == accepted(withdrawn, INTAKE).signal


def test_two_cases_about_one_tenancy_are_two_records() -> None:
    """Without an id of their own they are told apart by their category."""
    codes = {"TenureAsbEvent": {"kind": Kind.NUISANCE}}
    intake = an_intake("landlord-event", corporation=ENGLISH, codes=codes)
    one, other = (accepted(a_case(told, "TenureAsbEvent"), intake) for told in ("Noise", "Harassment"))
    assert one.signal != other.signal


def test_what_is_too_long_for_a_code_is_none() -> None:
    """A category that is a story is nobody's code."""
    assert (spelt("a" * 80), spelt("a" * 81), spelt(" - "), spelt(None)) == ("a" * 80, None, None, None)


def test_every_case_that_the_sample_landlord_writes_is_a_signal_as_shipped() -> None:
    """In each of its spellings, opened and withdrawn, with the codes that come with the product."""
    kinds = []
    for place in range(len(CATEGORIES)):
        case = landlord_event(an_incident(place * 4 + 1))
        assert case["eventType"] == "AsbCaseOpenedEvent"
        kinds.append(accepted(case, shipped("landlord-event")).facts.kind)
        withdrawn = landlord_event(an_incident(place * 4 + 1), withdrawn=True)
        outcome = normalise(a_record(withdrawn), shipped("landlord-event"), TODAY)
        assert isinstance(outcome, Accepted)
        assert outcome.change is Change.WITHDRAWN
    assert kinds == [Kind.FEAR_OBSERVED, Kind.FEAR_OBSERVED, Kind.THREAT, Kind.THREAT]


@pytest.mark.parametrize("category", ["Noise", "PETS", "Garden nuisance", "Fly-tipping", ["Litter", "Drugs"]])
def test_what_is_no_signal_is_ignored_as_shipped(category: object) -> None:
    """Most cases of a landlord tell nothing of what happens in a home."""
    assert became(a_case(category), shipped("landlord-event")) == Ignored("code-ignored")


def test_a_sample_of_cases_is_told_by_the_check(tmp_path: Path) -> None:
    """Before a landlord points its topic at us: what its categories become, and which one nobody listed."""
    categories = ("DOMESTIC_ABUSE", "Noise", "Shouting")
    sample = b"\n".join(orjson.dumps(a_case(category)) for category in categories)
    found = told(tmp_path, sample, source="thamesbridge-concerns")
    assert [(one["became"], one.get("reason")) for one in found] == [
        *(("signal", None), ("ignored", "code-ignored"), ("unreadable", "unmapped-code"))
    ]
    assert "Shouting" not in str(found)


@pytest.mark.parametrize(
    ("event_type", "now", "before", "closed"),
    [
        ("AsbCaseClosedEvent", {}, {}, True),
        ("AsbCaseClosed", {"status": None}, {"status": "Open"}, True),
        ("AsbCaseUpdatedEvent", {"narrative": "Made up"}, {"status": "Closed"}, True),
        ("AsbCaseUpdatedEvent", {"status": None}, {"status": "Closed"}, False),
        ("AsbCaseClosedEvent", {"status": "Open"}, {}, False),
        ("AsbCaseReopenedEvent", {"status": "Open"}, {"status": "Closed"}, False),
        ("AsbCaseOpenedEvent", {}, {}, False),
        ("AsbCaseDisclosedEvent", {}, {}, False),
    ],
)
def test_a_case_is_closed_also_where_only_its_event_says_so(
    event_type: str, now: dict[str, Any], before: dict[str, Any], *, closed: bool
) -> None:
    """What was closed years ago, and is written again by a migration, was a new referral."""
    event = an_event(event_type, old=before, category="domestic-abuse", propertyReference="P-1", **now)
    assert (became(event, INTAKE) == Ignored("status-ignored")) is closed

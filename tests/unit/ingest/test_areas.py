"""An address is laid in the area it lies in, or in none: a wrong recipient is a data breach."""

import json
from datetime import UTC, date, datetime

import pytest

from schemas.area import AreaEntry
from schemas.legal import Country
from services.ingest.areas import Atlas, lookup, resolved
from services.ingest.draft import NOWHERE, Place
from services.ingest.handler import Ingest
from tests.unit.ingest.keys import Keys
from tests.unit.ingest.samples import AREAS, DAY, ENGLISH, TODAY, a_concern, a_record, an_intake
from tests.unit.ingest.written import signals


@pytest.mark.parametrize(
    ("country", "place", "area"),
    [
        ("NL", Place(code="GM0193"), "GM0193"),
        ("NL", Place(code="0193"), "GM0193"),
        ("NL", Place(code="193"), "GM0193"),
        ("GB", Place(code="E09000012"), "E09000012"),
        ("NL", Place(name="gemeente  ZWOLLE"), "GM0193"),
        ("GB", Place(name="London Borough of Hackney"), "E09000012"),
        ("NL", Place(town="wijthmen"), "GM0193"),
        ("NL", Place(postcode="8011 AB"), "GM0193"),
        ("GB", Place(postcode="e8 0zz"), "E09000012"),
        ("GB", Place(postcode="E80ZZ"), "E09000012"),
        ("NL", Place(code="GM0193", town="Deventer"), "GM0193"),
        ("NL", Place(name="elders", town="Deventer"), "GM0150"),
    ],
)
def test_each_way_to_say_where_finds_the_area(country: Country, place: Place, area: str) -> None:
    """Code, name, town, postcode; the more exact one decides."""
    assert resolved(TODAY, country, place, None) == area


@pytest.mark.parametrize(
    "place",
    [Place(code="GM0999"), Place(code="GM0999", town="Zwolle"), Place(town="Zwolle", postcode="7411 AA")],
)
def test_what_contradicts_itself_is_for_a_person(place: Place) -> None:
    """An unknown code, or a town and a postcode of two areas: nobody guesses, and no default covers it up."""
    assert resolved(TODAY, "NL", place, "GM0150") is None


@pytest.mark.parametrize("place", [NOWHERE, Place(town="Elders"), Place(postcode="0000 AA"), Place(code="GEM-1")])
def test_without_an_answer_the_source_s_only_area_holds(place: Place) -> None:
    """A corporation with dwellings in one area says so once; a number of its own is no code."""
    assert resolved(TODAY, "NL", place, "GM0150") == "GM0150"
    assert resolved(TODAY, "NL", place, None) is None


def test_a_name_of_another_country_is_no_answer() -> None:
    """Two countries may have a town of one name, and their laws differ."""
    assert resolved(TODAY, "GB", Place(name="Zwolle", town="Zwolle", postcode="8011 AB"), None) is None


def test_a_name_that_two_areas_share_decides_nothing() -> None:
    """Half of the reports about it would go to strangers."""
    shared = (*AREAS, AreaEntry(code="GM0001", name="Elders", country="NL", places=("Zwolle",)))
    assert resolved(lookup(shared, DAY), "NL", Place(town="Zwolle"), None) is None


def test_merged_areas_are_followed_on_the_day() -> None:
    """The old code and name hold until the merger; from that day the code leads to the successor."""
    merged = (
        AreaEntry(code="GM0001", name="Oud", country="NL", valid_until=date(2027, 1, 1), successor="GM0002"),
        AreaEntry(code="GM0002", name="Nieuw", country="NL", valid_from=date(2027, 1, 1)),
    )
    atlas = Atlas(merged)
    before, after = (atlas.at(datetime(2026, 12, 31, hour, tzinfo=UTC), "NL") for hour in (22, 23))
    assert resolved(before, "NL", Place(code="GM0001"), None) == "GM0001"
    assert resolved(before, "NL", Place(name="Nieuw"), None) is None
    assert resolved(after, "NL", Place(code="GM0001"), None) == "GM0002"
    assert resolved(after, "NL", Place(name="Oud"), None) is None


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1)])
@pytest.mark.parametrize("place", [Place(code="E09000012"), Place(name="Hackney"), Place(town="Dalston")])
def test_an_area_whose_threshold_changes_on_a_day_stays_where_it_is(place: Place, day: date, *, turned: bool) -> None:
    """Its two entries follow each other, in any order: in both times its signals find it, and no person need look."""
    of = {"code": "E09000012", "name": "Hackney", "country": "GB", "places": ["Dalston"]}
    entries = [
        AreaEntry.model_validate_json(json.dumps({**of, "dash": {"marac": score}, end: "2027-01-01"}))
        for score, end in ((14, "valid_until"), (17, "valid_from"))
    ]
    assert resolved(lookup(reversed(entries) if turned else entries, day), "GB", place, None) == "E09000012"


async def test_an_address_is_laid_in_the_areas_of_its_own_country_s_day(keys: Keys) -> None:
    """In the Netherlands a merger holds an hour before UTC's day begins, and in Britain with it."""
    begins = date(2027, 1, 1)
    entries = [
        AreaEntry(code="GM0002", name="Nieuw", country="NL", valid_from=begins),
        AreaEntry(code="E09000002", name="New", country="GB", valid_from=begins),
    ]
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    intakes = {
        "nl": await keys.given_to(an_intake("concern", topic="nl")),
        "gb": await keys.given_to(an_intake("concern", corporation=ENGLISH, topic="gb")),
    }
    names = {"nl": "Nieuw", "gb": "New"}
    records = [a_record(a_concern(address={"area": names[topic]}), topic=topic) for topic in intakes]
    found = signals(await Ingest(intakes, Atlas(entries), keys.keyring, lambda: at).handle(records))
    assert [one.facts.area for one in found] == ["GM0002", None]


def test_successors_in_a_circle_lead_nowhere() -> None:
    """A slip in the file must not hang the stage."""
    ended = date(2026, 1, 1)
    circle = (
        AreaEntry(code="GM0001", name="A", country="NL", valid_until=ended, successor="GM0002"),
        AreaEntry(code="GM0002", name="B", country="NL", valid_until=ended, successor="GM0001"),
    )
    assert resolved(lookup(circle, DAY), "NL", Place(code="GM0001"), None) is None

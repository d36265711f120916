"""A VERA zaak: who reported it, whom it is about, where it stands, and that nobody is judged."""

from typing import Any

import pytest

from schemas.codes import Change, Kind, Origin, PersonRole
from services.ingest.dates import moment
from services.ingest.draft import Ignored
from tests.unit.ingest.samples import CODES, accepted, an_intake, became

INTAKE = an_intake("vera-zaak")
MORNING = 1_772_526_000_000
"""Milliseconds: 3 March 2026, 08:20 in UTC."""

OPEN = {"soort": {"code": "INB"}, "begindatum": "2026-03-03T08:12:00Z"}
REPORTER = {"id": "REL-1", "soort": {"code": "NAT"}, "aanschrijfnaam": "Testmelder Een"}
NEIGHBOUR = {"id": "REL-9001", "soort": {"code": "NAT"}, "aanschrijfnaam": "Testpersoon Twee"}


def a_zaak(**changes: Any) -> dict[str, Any]:
    """A Zaakbericht as the chain API BDO writes it."""
    return {
        "id": "Z-2026-0042",
        "registratiedatum": "2026-03-03T08:12:00Z",
        "omschrijving": "Verzonnen: geschreeuw en gebonk",
        "toelichting": "Verzonnen: derde keer deze week.",
        "zaaktype": {"soort": {"code": "SOC"}, "detailSoort": {"code": "GEL"}},
        "rollen": [
            {"soort": {"code": "MEL"}, "relatie": REPORTER},
            {"soort": {"code": "BEK"}, "relatie": NEIGHBOUR},
        ],
        "zaakstatussen": [{"soort": {"code": "AAN"}, "begindatum": "2026-03-03T08:12:00Z"}],
        "objecten": [{"soort": {"code": "EEN"}, "id": "E-555"}],
        **changes,
    }


def test_a_report_about_the_neighbours_comes_from_a_third_party() -> None:
    """The reporter is told to the partner, and is not of the household."""
    signal = accepted(a_zaak(), INTAKE)
    assert signal.facts.kind is Kind.NOISE_VIOLENCE
    assert signal.facts.origin is Origin.THIRD_PARTY
    assert signal.particulars.reporter is not None
    assert signal.particulars.reporter.reveal().name == "Testmelder Een"
    assert signal.particulars.narrative is not None
    assert signal.particulars.narrative.reveal().count("\n") == 1


def test_who_was_complained_of_is_not_blamed() -> None:
    """Four in ten who suffer violence at home were first complained of: a Beklaagde is a member of the household."""
    people = accepted(a_zaak(), INTAKE).particulars.people
    assert people is not None
    assert [(person.role, person.name) for person in people.reveal()] == [
        (PersonRole.HOUSEHOLD_MEMBER, "Testpersoon Twee")
    ]


def test_the_same_person_in_two_places_is_told_once() -> None:
    """`relaties` repeats who has a role already; the reporter from outside stays out."""
    people = accepted(a_zaak(relaties=[NEIGHBOUR, REPORTER]), INTAKE).particulars.people
    assert people is not None
    assert len(people.reveal()) == 1


def test_the_newest_status_counts() -> None:
    """A cancelled case withdraws; the list may stand in any order."""
    statuses = [
        {"soort": {"code": "GEA"}, "begindatum": "2026-03-05T08:00:00Z"},
        {"soort": {"code": "INB"}, "begindatum": "2026-03-04T08:00:00Z"},
    ]
    signal = accepted(a_zaak(zaakstatussen=statuses), INTAKE)
    assert signal.change is Change.WITHDRAWN
    assert signal.changed_at.isoformat() == "2026-03-05T08:00:00+00:00"


@pytest.mark.parametrize("unit", ["https://vastgoed.example.nl/v4/eenheden/E-555", {"id": "E-555"}])
def test_units_are_links_or_objects(unit: Any) -> None:
    """The dwelling is one, whether `eenheden` points at it, holds it, or `objecten` does."""
    listed = accepted(a_zaak(objecten=None, eenheden=[unit]), INTAKE)
    assert listed.facts.household == accepted(a_zaak(), INTAKE).facts.household


def test_a_source_may_pass_over_a_status() -> None:
    """That a case was closed tells the partner nothing new, if the corporation says so."""
    closed = a_zaak(zaakstatussen=[{"soort": {"code": "GES"}, "begindatum": "2026-03-05T08:00:00Z"}])
    intake = an_intake("vera-zaak", codes={"SOC.GEL": {"kind": Kind.NUISANCE}, "status.GES": "ignore"})
    assert became(closed, intake) == Ignored("status-ignored")


def test_a_destroyed_case_corrects_nothing() -> None:
    """ARCHIEFSTATUS VER leaves metadata only: it must not empty the partner's referral."""
    assert became(a_zaak(archiefstatus={"code": "VER"}), INTAKE) == Ignored("destroyed")


def test_the_type_of_a_case_may_be_a_link() -> None:
    """In the domain API `zaaktype` is a URI."""
    intake = an_intake("vera-zaak", codes={"SOC": {"kind": Kind.NUISANCE}})
    linked = a_zaak(zaaktype="https://dossier.example.nl/v4/zaaktypen/SOC")
    assert accepted(linked, intake).facts.kind is Kind.NUISANCE


@pytest.mark.parametrize(
    "kind",
    [
        {"id": "ZT-1", "code": "SOC"}, {"code": "SOC", "soort": None}, {"code": "SOC", "soort": {"id": "1"}},
        {"code": "SOC.ZZZ"}, "https://dossier.example.nl/v4/zaaktypen/SOC/", "SOC",
        "https://dossier.example.nl/v4/zaaktypen/SOC?versie=4#top", "https://dossier.example.nl/v4/zaaktypen/SOC.ZZZ",
    ],
)  # fmt: skip
def test_the_type_of_a_case_may_be_keys_alone(kind: Any) -> None:
    """Whatever a maker makes of a link, its code is its code; of one with a detail the broader one counts too."""
    intake = an_intake("vera-zaak", codes={"SOC": {"kind": Kind.NUISANCE}})
    assert accepted(a_zaak(zaaktype=kind), intake).facts.kind is Kind.NUISANCE


def test_a_zaak_and_a_signalering_of_one_number_are_two_signals() -> None:
    """Systems number each kind of record from one; they must not become revisions of each other."""
    signalering = {"id": "1", "soort": "OVE", "detailSoort": "GEL"}
    assert accepted(a_zaak(id="1"), INTAKE).signal != accepted(signalering, an_intake("vera-signalering")).signal


@pytest.mark.parametrize("day", ["2026-03-03", "2026-03-03T00:00:00Z", "2026-03-02T23:00:00Z", "3-3-2026", None])
def test_of_statuses_of_one_day_the_one_listed_later_counts(day: str | None) -> None:
    """A day's precision does not order that day: a case that was taken up at eight and cancelled that day is over."""
    taken_up = {"soort": {"code": "AAN"}, "begindatum": "2026-03-03T08:12:00Z"}
    cancelled = {"soort": {"code": "GEA"}, "begindatum": day}
    assert accepted(a_zaak(zaakstatussen=[taken_up, cancelled]), INTAKE).change is Change.WITHDRAWN
    assert accepted(a_zaak(zaakstatussen=[cancelled, taken_up]), INTAKE).change is Change.REPORTED


@pytest.mark.parametrize("day", ["4-3-2026 12:00", "4-3-2026"])
def test_an_earlier_day_is_earlier_wherever_it_is_listed(day: str) -> None:
    """Days order days, also as they are typed."""
    cancelled = {"soort": {"code": "GEA"}, "begindatum": day}
    open_ = [{"soort": {"code": "INB"}, "begindatum": one} for one in ("3-3-2026", "3-3-2026 12:00", "3-3-2026 23:00")]
    for place in range(4):
        statuses = [*open_[:place], cancelled, *open_[place:]]
        assert accepted(a_zaak(zaakstatussen=statuses), INTAKE).change is Change.WITHDRAWN


def test_a_cancellation_dated_by_the_day_is_not_overtaken_by_the_morning() -> None:
    """Where the source tells a day, the order of that day is Kafka's; told a day late, it is the last of its day."""
    taken_up = {"soort": {"code": "AAN"}, "begindatum": "2026-03-03T08:12:00Z"}
    cancelled = {"soort": {"code": "GEA"}, "begindatum": "2026-03-03"}
    hour = 3_600_000
    first = accepted(a_zaak(zaakstatussen=[taken_up]), INTAKE, timestamp=MORNING)
    then = accepted(a_zaak(zaakstatussen=[taken_up, cancelled]), INTAKE, timestamp=MORNING + 2 * hour)
    late = accepted(a_zaak(zaakstatussen=[taken_up, cancelled]), INTAKE, timestamp=MORNING + 48 * hour)
    assert first.changed_at < then.changed_at == moment(MORNING + 2 * hour)
    assert late.changed_at.isoformat() == "2026-03-03T23:59:59.999999+00:00"


def test_what_the_envelope_tells_counts_where_no_status_is_newer() -> None:
    """Neither the registration nor a status is when the record was changed."""
    sent = [("ce_time", b"2026-03-09T08:00:00Z")]
    assert accepted(a_zaak(), INTAKE, headers=sent).changed_at.isoformat() == "2026-03-09T08:00:00+00:00"


@pytest.mark.parametrize("day", ["2026-12-31T00:00:00Z", "2026-12-31", "31-12-2062"])
@pytest.mark.parametrize("code", ["GES", "GEA"])
def test_a_status_that_is_planned_has_not_begun(day: str, code: str) -> None:
    """A case that is to be closed at the end of the year is open, and one slip in a year ends no help."""
    intake = an_intake("vera-zaak", codes={**CODES, "status.GES": "ignore"})
    planned = {"soort": {"code": code}, "begindatum": day}
    for listed in ([OPEN, planned], [planned, OPEN]):
        assert accepted(a_zaak(zaakstatussen=listed), intake, timestamp=MORNING).change is Change.REPORTED


def test_a_status_of_today_has_begun_whatever_the_zone() -> None:
    """Midnight of tomorrow in UTC may be this evening there, and clocks differ by minutes."""
    for day in ("2026-03-04", "2026-03-04T00:00:00Z"):
        cancelled = {"soort": {"code": "GEA"}, "begindatum": day}
        assert accepted(a_zaak(zaakstatussen=[OPEN, cancelled]), INTAKE, timestamp=MORNING).change is Change.WITHDRAWN


def test_a_clock_that_stands_still_plans_nothing() -> None:
    """Where Kafka's own time is before all of them, it is that which is wrong."""
    cancelled = {"soort": {"code": "GEA"}, "begindatum": "2026-03-04T10:00:00Z"}
    assert accepted(a_zaak(zaakstatussen=[OPEN, cancelled]), INTAKE, timestamp=1).change is Change.WITHDRAWN

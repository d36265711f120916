"""Codes that adapters and the shipped configuration name exist in VERA's reference data."""

import csv
from pathlib import Path
from typing import Final

from schemas.corporation import Source
from services.ingest.configuration import read_configuration
from services.ingest.sources import vera_dwelling, vera_onderhoudsverzoek, vera_people, vera_signalering, vera_zaak
from tests.unit.ingest.samples import CAPTURED

CONFIG: Final = Path(__file__).parents[3] / "deploy" / "config"
OURS: Final = {"HERHAALD", "geschreeuw-en-geweldsgeluiden"}


def vera_codes() -> set[tuple[str, str, str]]:
    """Kind, code and parent of every code in the extract."""
    with (CAPTURED / "vera-codes.csv").open() as file:
        return {(row["soort"], row["code"], row["parent"]) for row in csv.DictReader(file, delimiter=";")}


def shipped(name: str) -> Source:
    """A source of the shipped configuration."""
    found = read_configuration(CONFIG / "sources.yaml").sources()
    return next(source for _, source in found if source.name == name)


def test_codes_that_adapters_know_are_vera_s() -> None:
    """A slip in a constant would silently never match."""
    pairs = {(kind, code) for kind, code, _ in vera_codes()}
    assert pairs >= {
        *(("SIGNALERINGSTATUS", code) for code in vera_signalering.STATUSES.withdrawing),
        *(("SIGNALERINGSTATUS", code) for code in vera_signalering.STATUSES.standing),
        ("SIGNALERINGDETAILSOORT", vera_signalering.VISIT_WITH_TWO),
        *(("ZAAKSTATUSSOORT", code) for code in vera_zaak.STATUSES.withdrawing),
        *(("ZAAKSTATUSSOORT", code) for code in vera_zaak.STATUSES.standing),
        ("ARCHIEFSTATUS", vera_zaak.DESTROYED[0]),
        ("ZAAKOBJECTSOORT", vera_zaak.UNIT),
        ("ONDERHOUDSTAAKDETAILSTATUS", vera_onderhoudsverzoek.NOBODY_IN),
        *(("VERTROUWELIJKHEID", code) for code in vera_dwelling.NOT_SECRET if len(code) == len("VER")),
        *(("EENHEIDDETAILSOORT", code) for code in vera_dwelling.SECRET_UNITS if len(code) == len("OPV")),
        *(("RELATIESOORT", code) for code in vera_people.NOT_PERSONS),
        *(("RELATIEROLSOORT", code) for code in vera_people.RELATIONS),
        *(("GESLACHT", code) for code in vera_people.GENDERS),
        *(("ZAAKROL", code) for code in (*vera_zaak.REPORTERS, *vera_zaak.CONCERNED)),
    }


def test_shipped_codes_of_marks_and_cases_are_vera_s() -> None:
    """`SOORT.DETAIL` is only right when the detail's parent is that kind."""
    for name, major, minor in (
        ("ijsselhof-signaleringen", "SIGNALERINGSOORT", "SIGNALERINGDETAILSOORT"),
        ("sallandhuis-signalering", "SIGNALERINGSOORT", "SIGNALERINGDETAILSOORT"),
        ("ijsselhof-zaken", "ZAAKTYPESOORT", "ZAAKTYPEDETAILSOORT"),
    ):
        known = vera_codes()
        for code in shipped(name).codes:
            kind, _, detail = code.partition(".")
            if kind == "status" or code in OURS:
                continue
            assert any(one[:2] in {(major, kind), (minor, kind)} for one in known), code
            assert not detail or (minor, detail, f"{major}.{kind}") in known, code


def test_shipped_codes_of_repairs_are_vera_s() -> None:
    """Of `SOORT.ELEMENT.OORZAAK` each part is in its own list."""
    pairs = {(kind, code) for kind, code, _ in vera_codes()}
    for code in shipped("ijsselhof-reparaties").codes:
        first, *more = code.split(".")
        if first == "taak":
            assert ("ONDERHOUDSTAAKDETAILSTATUS", more[0]) in pairs
            continue
        assert ("DEFECTSOORT", first) in pairs, code
        for part in more:
            lists = ("DEFECTOORZAAK", "BOUWKUNDIGELEMENTDETAILSOORT")
            assert part in OURS or any((kind, part) in pairs for kind in lists), code

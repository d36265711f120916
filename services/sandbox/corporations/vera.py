"""VERA in its three shapes: Signalering, Zaak and Onderhoudsverzoek, with links as URIs and as objects."""

from typing import Any, Final

from services.sandbox.corporations.incident import Incident, instant

KEYS: Final = {"idOrganisatie": "KvK-00000001", "idAdministratie": "100"}
SIGNALERING: Final = (("OVE", "GEL"), ("AGR", "FYS"), ("AGR", "AGS"), ("ONB", None), ("OVE", None))
ZAAK: Final = (("SOC", "GEL"), ("SOC", "AGR"), ("SOC", "RUZ"), ("SOC", "VUI"))
DEFECT: Final = (("SDE", "BEW"), ("BRE", "BEW"), ("GLA", "VAN"), ("SAF", "BEW"))
Json = dict[str, Any]


def code(value: str | None, name: str = "") -> Json | None:
    """A Referentiedata object."""
    return None if value is None else {"code": value, "naam": name or value}


def signalering(incident: Incident, *, withdrawn: bool = False) -> Json:
    """Relaties.Signalering; every third one links by URI only, as the domain API does."""
    soort, detail = SIGNALERING[incident.number % len(SIGNALERING)]
    linked = incident.number % 3 == 0
    address: str | Json = f"https://vastgoed.example.nl/v4/adressen/{incident.dwelling}" if linked else adres(incident)
    return {
        "id": f"SIG-{incident.number}",
        **KEYS,
        "soort": code(soort),
        "detailSoort": code(detail),
        "status": code("VER" if withdrawn else "ACT"),
        "begindatum": instant(incident.at),
        "einddatum": None,
        "adres": address,
        "relatie": None if linked else persoon(incident),
        "extra-attributen": [{"naam": "toelichting", "waarde": incident.narrative}],
    }


def zaak(incident: Incident, *, withdrawn: bool = False) -> Json:
    """BDO Zaak, everything embedded."""
    soort, detail = ZAAK[incident.number % len(ZAAK)]
    return {
        "id": f"Z-{incident.number}",
        **KEYS,
        "registratiedatum": instant(incident.at),
        "omschrijving": "Melding overlast",
        "toelichting": incident.narrative,
        "zaaktype": {"soort": code(soort), "detailSoort": code(detail), "vertrouwelijkheid": code("VER")},
        "rollen": [
            {"soort": code("MEL"), "relatie": {"id": f"REL-{incident.number}", "soort": code("NAT")}},
            {"soort": code("BEK"), "relatie": persoon(incident)},
        ],
        "zaakstatussen": [{"soort": code("GEA" if withdrawn else "AAN"), "begindatum": instant(incident.at)}],
        "eenheden": [eenheid(incident)],
    }


def onderhoudsverzoek(incident: Incident, *, withdrawn: bool = False) -> Json:
    """OHD Onderhoudsverzoek: the damage that repeats."""
    soort, oorzaak = DEFECT[incident.number % len(DEFECT)]
    return {
        "id": f"OV-{incident.number}",
        **KEYS,
        "omschrijving": incident.narrative,
        "status": code("GEA" if withdrawn else "AAN"),
        "melddatum": instant(incident.at),
        "defecten": [
            {
                "id": f"D-{incident.number}",
                "soort": code(soort),
                "oorzaak": code(oorzaak),
                "locatie": code("HAL"),
                "bouwkundigElement": {"detailSoort": code("DEU")},
                "eenheid": eenheid(incident),
            }
        ],
        "relaties": [persoon(incident)],
    }


def adres(incident: Incident) -> Json:
    """Eenheidadres with its municipality; the code is the CBS one for half of them, the name alone for the rest."""
    name, number = incident.street.rsplit(" ", 1)
    gemeente: Json = {"naam": incident.town}
    if incident.number % 2:
        gemeente["code"] = incident.area
    return {
        "id": incident.dwelling,
        "straatnaam": name,
        "huisnummer": number,
        "postcode": incident.postcode,
        "woonplaats": {"naam": incident.town},
        "gemeente": gemeente,
    }


def eenheid(incident: Incident) -> Json:
    """Vastgoed.Eenheid; one in fifty is a refuge (OPV), whose address is secret."""
    return {
        "id": incident.dwelling,
        "soort": code("WOO"),
        "detailSoort": code("OPV" if incident.dice > 0.98 else "EEN"),  # noqa: PLR2004  one in fifty
        "adres": adres(incident),
    }


def persoon(incident: Incident) -> Json:
    """NatuurlijkPersoon; one in five carries the BSN that may never be kept."""
    person: Json = {
        "id": f"REL-{incident.number}",
        "soort": code("NAT"),
        "aanschrijfnaam": incident.victim,
        "geboortedatum": "1988-01-01T00:00:00Z",
        "geslacht": code("V"),
        "rollen": [{"soort": code("HUU")}],
    }
    if incident.number % 5 == 0:
        person["bsn"] = incident.bsn
    return person

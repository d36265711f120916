"""Sources, records and events of made-up corporations, as the tests of ingest need them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from schemas.area import AreaEntry
from schemas.codes import Kind, Urgency
from schemas.corporation import Adapter, Corporation, Meaning, Source
from schemas.partner import Identifier
from schemas.record import Captured
from services.ingest.areas import Lookup, lookup
from services.ingest.normalise import Accepted, Intake, Outcome, normalise
from services.ingest.sample import samples
from services.runtime.parking import ParkingKey

CAPTURED: Final = Path(__file__).parents[2] / "data" / "captured"
SENT: Final = 1_795_479_956_415
"""Milliseconds: when Kafka had the records, 24 November 2026."""

DUTCH: Final = Corporation(
    id="voorbeeldwonen",
    name="Voorbeeldwonen (voorbeeld)",
    country="NL",
    identifier=Identifier(system="http://www.kvk.nl/", value="00000009"),
    sources=(),
)
ENGLISH: Final = DUTCH.model_copy(update={"id": "examplehomes", "country": "GB"})
CODES: Final[Mapping[str, Meaning | Any]] = {
    "OVE.GEL": Meaning(kind=Kind.NOISE_VIOLENCE, urgency=Urgency.URGENT),
    "SOC.GEL": Meaning(kind=Kind.NOISE_VIOLENCE),
    "SDE": Meaning(kind=Kind.LOCK_CHANGE),
}
AREAS: Final = (
    AreaEntry(code="GM0193", name="Zwolle", country="NL", places=("Zwolle", "Wijthmen"), postcodes=("8011",)),
    AreaEntry(code="GM0150", name="Deventer", country="NL", places=("Deventer",), postcodes=("7411",)),
    AreaEntry(code="E09000012", name="Hackney", country="GB", places=("Hackney",), postcodes=("E8",)),
)
DAY: Final = date(2026, 11, 24)
TODAY: Final[Lookup] = lookup(AREAS, DAY)
NOW: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def a_source(adapter: Adapter, **changes: Any) -> Source:
    """A source of that shape on the topic `source.test`."""
    given: dict[str, Any] = {
        "name": f"test-{adapter}",
        "topic": "source.test",
        "adapter": adapter,
        "source": "urn:nld:kvknr:00000009:systeem:test",
        "codes": dict(CODES),
    }
    return Source(**{**given, **changes})


def an_intake(adapter: Adapter, *, corporation: Corporation = DUTCH, **changes: Any) -> Intake:
    """What holds for every record of that source; its keys are not secret."""
    return Intake(a_source(adapter, **changes), corporation, b"h" * 32, ParkingKey("test", b"p" * 32))


def a_record(payload: Any, *, headers: Sequence[tuple[str, bytes | None]] = (), **changes: Any) -> Captured:
    """A record whose value is that payload as JSON, or those bytes as they are."""
    value = payload if isinstance(payload, bytes) or payload is None else orjson.dumps(payload)
    return Captured(**{"topic": "source.test", "value": value, "headers": headers, "timestamp": SENT, **changes})


def captured(name: str) -> Captured:
    """A record that a real program wrote."""
    (record,) = samples((CAPTURED / name).read_bytes(), "source.test", SENT)
    return record


def became(payload: Any, intake: Intake, **changes: Any) -> Outcome:
    """What becomes of that payload."""
    return normalise(a_record(payload, **changes), intake, TODAY)


def accepted(payload: Any, intake: Intake, **changes: Any) -> Accepted:
    """The signal it becomes; anything else fails the test with its reason."""
    outcome = became(payload, intake, **changes)
    assert isinstance(outcome, Accepted), outcome
    return outcome


def a_signalering(**changes: Any) -> dict[str, Any]:
    """A VERA Signaleringbericht as the domain API writes it."""
    return {
        "id": "SIG-104233",
        "idOrganisatie": "KvK-00000009",
        "idAdministratie": "100",
        "soort": {"code": "OVE", "naam": "Overlast"},
        "detailSoort": {"code": "GEL", "naam": "Geluidsoverlast"},
        "status": {"code": "ACT"},
        "begindatum": "2026-03-02T21:40:00Z",
        "adres": "https://vastgoed.example.nl/v4/adressen/A-77",
        "relatie": {"id": "REL-9001", "soort": {"code": "NAT"}, "rollen": [{"soort": {"code": "HUU"}}]},
        "toelichting": "Verzonnen: buren horen geschreeuw.",
        **changes,
    }


def a_concern(**changes: Any) -> dict[str, Any]:
    """A concern in our own form."""
    return {"id": "ZORG-1", "kind": "injury.visible", "dwelling": "E-555", **changes}

"""A staff app's concern as a CloudEvent, binary as the Node and Java SDKs write it, or structured."""

from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import orjson

from services.sandbox.corporations.incident import Incident, instant

SOURCE: Final = "urn:nld:kvknr:00000002:systeem:medewerkersapp"
RAISED: Final = "nl.woonsignalen.zorg.gemeld.v1"
WITHDRAWN: Final = "nl.woonsignalen.zorg.ingetrokken.v1"
KINDS: Final = ("injury.visible", "noise.violence", "disclosure.victim", "child.fearful", "tenant.isolated", "threat")
URGENCIES: Final = ("urgent", "routine", "acute", "urgent", "routine", "emergency")
Headers = list[tuple[str, bytes]]
Json = dict[str, Any]


def concern(incident: Incident) -> Json:
    """The concern itself."""
    place = incident.number % len(KINDS)
    people = [
        {"role": "possible-victim", "name": incident.victim},
        {"role": "alleged-perpetrator", "name": incident.other},
    ]
    if incident.child:
        people.append({"role": "child", "name": incident.child})
    return {
        "id": f"ZORG-{incident.number}",
        "kind": KINDS[place],
        "urgency": URGENCIES[place],
        "origin": "staff-observation",
        "acute": "yes" if place > len(KINDS) // 2 else "unknown",
        "children": "yes" if incident.child else "unknown",
        "observedAt": instant(incident.at),
        "dwelling": incident.dwelling,
        "address": {
            "lines": [incident.street],
            "postcode": incident.postcode,
            "city": incident.town,
            "areaCode": incident.area,
        },
        "persons": people,
        "narrative": incident.narrative,
        "reporter": {"name": "Testmedewerker Een", "role": "huismeester", "phone": "0000000000"},
        "safeContact": {"allowed": "no"},
    }


def binary(incident: Incident, *, withdrawn: bool = False) -> tuple[bytes, Headers]:
    """Attributes in `ce_` headers, the concern as the value."""
    headers = [(f"ce_{name}", str(value).encode()) for name, value in attributes(incident, withdrawn=withdrawn).items()]
    return orjson.dumps(concern(incident)), [("content-type", b"application/json"), *headers]


def structured(incident: Incident, *, withdrawn: bool = False) -> tuple[bytes, Headers]:
    """One JSON document with the attributes beside the data."""
    whole = {**attributes(incident, withdrawn=withdrawn), "data": concern(incident)}
    return orjson.dumps(whole), [("content-type", b"application/cloudevents+json; charset=utf-8")]


def attributes(incident: Incident, *, withdrawn: bool) -> dict[str, str]:
    """CloudEvents' context attributes."""
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"concern/{incident.number}/{withdrawn}/{len(incident.narrative)}")),
        "source": SOURCE,
        "type": WITHDRAWN if withdrawn else RAISED,
        "time": instant(incident.at),
        "datacontenttype": "application/json",
    }

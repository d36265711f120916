"""A synthetic message Bundle: what the rules must pass before the first real message does."""

from services.notify.fhir.message import CATEGORY, EVENT
from services.notify.fhir.specimen import SENT, Json, specimen

_IDS = {name: f"00000000-0000-5000-8000-0000000000b{number}" for number, name in enumerate(("header", "from", "to"))}


def message_specimen() -> Json:
    """A new message about one imaginary signal; the caller may change it."""
    bundle = specimen()
    entries = [_told(entry) for entry in bundle["entry"] if entry["resource"]["resourceType"] != "Task"]
    request, *others = entries
    request["resource"]["category"].append(CATEGORY)
    others[-1]["resource"]["target"] = others[-1]["resource"]["target"][1:]
    meta = bundle["meta"]
    organisations = [
        {"resourceType": "Organization", "id": _IDS[role], "meta": meta, "name": f"Testorganisatie {role}"}
        for role in ("from", "to")
    ]
    return {
        "resourceType": "Bundle",
        "id": _IDS["header"],
        "meta": meta,
        "type": "message",
        "timestamp": SENT,
        "entry": [
            _enclosed(_header(meta, request["fullUrl"])),
            request,
            *others,
            *(_enclosed(organisation) for organisation in organisations),
        ],
    }


def _told(entry: Json) -> Json:
    id_ = entry["fullUrl"].removeprefix("urn:uuid:")
    return {"fullUrl": entry["fullUrl"], "resource": {**entry["resource"], "id": id_}}


def _enclosed(resource: Json) -> Json:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _header(meta: Json, focus: str) -> Json:
    sender = {"reference": f"urn:uuid:{_IDS['from']}", "type": "Organization"}
    receiver = {"reference": f"urn:uuid:{_IDS['to']}", "type": "Organization"}
    return {
        "resourceType": "MessageHeader",
        "id": _IDS["header"],
        "meta": meta,
        "eventCoding": EVENT,
        "destination": [{"name": "Testpartner", "endpoint": "urn:example:endpoint|1", "receiver": receiver}],
        "sender": sender,
        "source": {"name": "Seinpaal", "software": "Seinpaal", "endpoint": "urn:example:sender|1"},
        "responsible": sender,
        "reason": {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/message-reason-bars", "code": "new"}]},
        "definition": "https://partner.example/MessageDefinition/referral",
        "focus": [{"reference": focus, "type": "ServiceRequest"}],
    }

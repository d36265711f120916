"""What only the Bundle as a whole can tell: its shape as a referral, and requests that cannot make duplicates.

A transaction asks for something to be stored; a message and a collection tell, and are known by ids of ours.
"""

import re
from typing import Any
from urllib.parse import unquote

from services.notify.fhir.elements import Found, elements
from services.notify.fhir.faults import Fault, path_of

Json = dict[str, Any]

MOST_ENTRIES = 8  # a server may refuse more in a transaction with conditions
TELLING = {"message": "ServiceRequest", "collection": "Task"}
"""Bundles that ask for nothing to be stored, and what each of them is about."""
FULL_URL = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CONDITION = re.compile(r"identifier=([A-Za-z0-9:/._~-]+)\|([A-Za-z0-9:/._~-]+)")
CONFIDENTIALITY = ("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V")
SENSITIVITY = ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "SDV")
SUSPICION = frozenset(("registered", "preliminary", "cancelled", "entered-in-error", "unknown"))
BOTH = ("identifier", "priority", "code", "authoredOn", "requester")
REQUIRED = {
    "Task": (*BOTH, "groupIdentifier", "focus", "for", "lastModified", "owner", "restriction"),
    "ServiceRequest": (*BOTH, "requisition", "performer"),
}
HEADER = ("destination", "sender", "reason", "focus")
POINTS_TO = (("focus", "ServiceRequest"), ("for", "Patient"))


def broken(bundle: Json) -> tuple[Fault, ...]:
    """Every rule that *bundle* breaks. It has passed the compiled rules, so its structure is known."""
    entries = bundle.get("entry", [])
    tells = bundle["type"] in TELLING
    if faults := _faults(_told(bundle, entries) if tells else _whole(bundle, entries)):
        return faults  # what follows needs whole entries
    requests = _headed(bundle, entries) if tells else _requests(entries)
    return _faults(requests) + _faults(_contents(entries)) + _faults(elements(bundle))


def _faults(found: Found) -> tuple[Fault, ...]:
    return tuple(Fault(path_of(steps), rule) for steps, rule in found)


def _whole(bundle: Json, entries: list[Json]) -> Found:
    """A transaction (FHIR R4, bdl-3, bdl-5, bdl-7) of at most 8 whole entries, about one Task."""
    if bundle["type"] != "transaction":
        yield ("type",), "transaction"
    if not _labelled(bundle):
        yield ("meta", "security"), "security-labels"
    if not 0 < len(entries) <= MOST_ENTRIES:
        yield ("entry",), "entries"
    if _count(entries, "Task") != 1:
        yield ("entry",), "one-task"
    yield from _entries(entries, ("fullUrl", "resource", "request"))


def _told(bundle: Json, entries: list[Json]) -> Found:
    """A message or a collection about one thing, whose entries ask for nothing (FHIR R4, bdl-3, bdl-7)."""
    if not _labelled(bundle):
        yield ("meta", "security"), "security-labels"
    if _count(entries, TELLING[bundle["type"]]) != 1:
        yield ("entry",), "one-subject"
    for number, entry in enumerate(entries):
        if "request" in entry:
            yield ("entry", number, "request"), "bdl-3"
    yield from _entries(entries, ("fullUrl", "resource"))


def _headed(bundle: Json, entries: list[Json]) -> Found:
    """Resources stand under their own ids; a message begins with its only header, which leads on (bdl-12)."""
    for number, entry in enumerate(entries):
        if entry["fullUrl"] != f"urn:uuid:{entry['resource'].get('id')}":
            yield ("entry", number, "resource", "id"), "own-id"
    if bundle["type"] != "message":
        return
    header = entries[0]["resource"]
    if header["resourceType"] != "MessageHeader" or _count(entries, "MessageHeader") != 1:
        yield ("entry",), "bdl-12"
    elif [focus.get("type") for focus in header.get("focus", ())] != ["ServiceRequest"]:
        yield ("entry", 0, "resource", "focus"), "reference-type"
    for element in HEADER:
        if element not in header:
            yield ("entry", 0, "resource", element), "required"


def _count(entries: list[Json], type_: str) -> int:
    return sum(entry.get("resource", {}).get("resourceType") == type_ for entry in entries)


def _entries(entries: list[Json], needed: tuple[str, ...]) -> Found:
    seen = set()
    for number, entry in enumerate(entries):
        for element in needed:
            if element not in entry:
                yield ("entry", number, element), "required"
        full_url = entry.get("fullUrl", "")
        if not FULL_URL.fullmatch(full_url) or full_url in seen:
            yield ("entry", number, "fullUrl"), "full-url"
        seen.add(full_url)


def _requests(entries: list[Json]) -> Found:
    """What is sent twice must arrive once: a condition on the resource's own identifier, or an id of ours."""
    seen = set()
    for number, entry in enumerate(entries):
        target = _target(entry["resource"], entry["request"])
        if target is None:
            yield ("entry", number, "request"), "request"
        elif target in seen:
            yield ("entry", number, "request"), "same-target"
        seen.add(target)


def _target(resource: Json, request: Json) -> str | None:
    """What a request is about, in one form for all kinds; None when it does not agree with the resource."""
    type_ = resource["resourceType"]
    path, _, query = request["url"].partition("?")
    match request:
        case {"method": "POST", "ifNoneExist": condition, **others} if path == type_ and not query:
            target = _condition(resource, condition)
        case {"method": "PUT", **others} if query and path == type_:
            target = _condition(resource, query)
        case {"method": "PUT", **others} if "?" not in request["url"] and path == f"{type_}/{resource.get('id')}":
            target = path
        case _:
            return None
    return target if others.keys() <= {"url"} else None


def _condition(resource: Json, query: str) -> str | None:
    """It lands in access logs: one identifier of the resource itself, in characters that are safe in a query."""
    found = CONDITION.fullmatch(unquote(query))
    if found is None:
        return None
    system, value = found.groups()
    own = any(each.get("system") == system and each.get("value") == value for each in resource.get("identifier", ()))
    return f"{resource['resourceType']}?{system}|{value}" if own else None


def _contents(entries: list[Json]) -> Found:
    """What we ask of our own resources, beyond FHIR."""
    priorities = set()
    for number, entry in enumerate(entries):
        resource, where = entry["resource"], ("entry", number, "resource")
        type_ = resource["resourceType"]
        required = REQUIRED.get(type_, ())
        for element in required:
            if element not in resource:
                yield (*where, element), "required"
        if required:
            priorities.add(resource.get("priority"))
        if not _labelled(resource):
            yield (*where, "meta", "security"), "security-labels"
        if type_ == "Observation" and resource["status"] not in SUSPICION:
            yield (*where, "status"), "suspicion"
        for element, target in POINTS_TO:
            if type_ == "Task" and resource.get(element, {}).get("type", target) != target:
                yield (*where, element), "reference-type"
    if len(priorities) > 1:
        yield ("entry",), "same-priority"


def _labelled(resource: Json) -> bool:
    security = resource.get("meta", {}).get("security", ())
    labels = {(label.get("system"), label.get("code")) for label in security}
    return CONFIDENTIALITY in labels and SENSITIVITY in labels

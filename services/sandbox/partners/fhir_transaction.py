"""A transaction Bundle is decided as a whole before anything is kept (FHIR R4, section 3.1.0.11.2)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.sandbox.partners import fhir_basics
from services.sandbox.partners.fhir_search import condition_of
from services.sandbox.partners.fhir_store import Held, Resources
from services.sandbox.partners.outcome import Json, Refusal
from services.sandbox.partners.receipts import Arrival

MOST_CONDITIONAL_ENTRIES = 8  # Medplum's limit; beyond it a server cannot isolate the transaction
LITERAL = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[0-9]+)?")
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What one entry did to what is held: made it, changed it, or left it as it was."""

    arrival: Arrival
    held: Held

    @property
    def status(self) -> int:
        """The HTTP status of the entry."""
        return 201 if self.arrival is Arrival.CREATED else 200


@dataclass(slots=True)
class _Entry:
    where: str
    resource: Json
    request: Json
    before: Held | None
    id: str
    keep: bool  # a conditional create that found its match


def decide(bundle: Any, resources: Resources, new_id: Callable[[], str], at: str) -> list[Kept]:
    """What a transaction would do to *resources*, entry by entry; rewrites the references inside *bundle*.

    *at* is the instant for `meta.lastUpdated`. Raises Refusal (400, 412, 422) and then nothing may be kept.
    """
    entries = _checked(bundle)
    planned: list[_Entry] = []
    targets: dict[str, str] = {}
    taken: set[str] = set()
    for number, entry in enumerate(entries):
        each = _plan(entry, f"Bundle.entry[{number}]", resources, new_id)
        reference = f"{each.resource['resourceType']}/{each.id}"
        if reference in taken:
            raise Refusal(400, "duplicate", "Two entries are about one resource.", each.where)
        taken.add(reference)
        if full_url := entry.get("fullUrl"):
            if full_url in targets:
                raise Refusal(400, "duplicate", "Two entries have one fullUrl.", each.where)
            targets[full_url] = reference
        planned.append(each)
    return [_kept(each, targets, taken, resources, at) for each in planned]


def update(resource: Json, before: Held | None, id_: str, at: str) -> Kept:
    """A new version of one resource; an equal one is left as it was, as servers do."""
    if before is not None and _content(before.resource) == _content(resource):
        return Kept(Arrival.REPEATED, before)
    version = before.version + 1 if before else 1
    resource["id"] = id_
    resource["meta"] = {**resource.get("meta", {}), "versionId": str(version), "lastUpdated": at}
    return Kept(Arrival.CHANGED if before else Arrival.CREATED, Held.of(resource))


def _checked(bundle: Any) -> list[Json]:
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise Refusal(400, "structure", "The body must be a Bundle.")
    if bundle.get("type") != "transaction":
        raise Refusal(400, "not-supported", "The Bundle must be a transaction.", "Bundle.type")
    entries = bundle.get("entry")
    if not isinstance(entries, list) or not entries:
        raise Refusal(400, "structure", "A transaction needs entries.", "Bundle.entry")
    for number, entry in enumerate(entries):
        if not _is_write(entry):
            raise Refusal(400, "structure", "An entry needs a resource and a POST or PUT.", f"Bundle.entry[{number}]")
    conditional = any("ifNoneExist" in entry["request"] or "?" in entry["request"]["url"] for entry in entries)
    if conditional and len(entries) > MOST_CONDITIONAL_ENTRIES:
        raise Refusal(400, "too-costly", "A transaction with conditions has too many entries.", "Bundle.entry")
    return entries


def _is_write(entry: Any) -> bool:
    match entry:
        case {"resource": {"resourceType": str()}, "request": {"method": "POST" | "PUT", "url": str()}}:
            texts = (entry.get("fullUrl", ""), entry["request"].get("ifNoneExist", ""))
            return all(isinstance(text, str) for text in texts)
        case _:
            return False


def _plan(entry: Json, where: str, resources: Resources, new_id: Callable[[], str]) -> _Entry:
    resource, request = entry["resource"], entry["request"]
    type_, _, condition = request["url"].partition("?")
    type_, _, id_ = type_.partition("/")
    if type_ != resource["resourceType"] or type_ not in fhir_basics.REQUIRED:
        raise Refusal(400, "not-supported", "The url is of another or an unknown type.", f"{where}.request.url")
    fhir_basics.check(resource, f"{where}.resource")
    creates = request["method"] == "POST"
    if creates:
        if id_ or condition:
            raise Refusal(400, "structure", "A create goes to the type.", f"{where}.request.url")
        condition = request.get("ifNoneExist", "")
    before = _match(type_, condition, resources, where) if condition else resources.get(type_, id_)
    if not creates and not condition and (not ID.fullmatch(id_) or resource.get("id") != id_):
        raise Refusal(400, "invalid", "An update needs one id, in url and resource.", f"{where}.resource.id")
    if "ifMatch" in request and (before is None or before.etag != request["ifMatch"]):
        raise Refusal(412, "conflict", "The version is another.", f"{where}.request.ifMatch")
    return _Entry(
        where, resource, request, before, before.id if before else id_ or new_id(), creates and before is not None
    )


def _match(type_: str, condition: str, resources: Resources, where: str) -> Held | None:
    found = resources.search(type_, condition_of(condition))
    if len(found) > 1:
        raise Refusal(412, "multiple-matches", "The condition has more than one match.", f"{where}.request")
    return found[0] if found else None


def _kept(entry: _Entry, targets: dict[str, str], taken: set[str], resources: Resources, at: str) -> Kept:
    def resolved(reference: str) -> str:
        """What a reference becomes: an entry of the Bundle gets the id it was given here."""
        if reference in targets:
            return targets[reference]
        literal = LITERAL.fullmatch(reference)
        if literal is None and reference.startswith(("#", "http://", "https://")):
            return reference
        if literal is None or not (f"{literal[1]}/{literal[2]}" in taken or resources.get(literal[1], literal[2])):
            raise Refusal(400, "not-found", "A reference leads to nothing.", f"{entry.where}.resource")
        return reference

    _rewrite(entry.resource, resolved)
    if entry.keep and entry.before is not None:
        return Kept(Arrival.REPEATED, entry.before)
    return update(entry.resource, entry.before, entry.id, at)


def _rewrite(element: Any, resolved: Callable[[str], str]) -> None:
    if isinstance(element, list):
        for each in element:
            _rewrite(each, resolved)
    elif isinstance(element, dict):
        for name, value in element.items():
            if isinstance(value, dict | list):
                _rewrite(value, resolved)
            elif name == "reference" and isinstance(value, str):
                element[name] = resolved(value)


def _content(resource: Json) -> Json:
    meta = {key: value for key, value in resource.get("meta", {}).items() if key not in ("versionId", "lastUpdated")}
    return {**resource, "id": None, "meta": meta}

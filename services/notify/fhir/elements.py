"""Rules for every element, wherever it stands: none is empty, no citizen number, every reference finds its target."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Steps = tuple[str | int, ...]
Found = Iterator[tuple[Steps, str]]
"""A path below the Bundle, and the rule that is broken there."""

Frame = tuple[Any, Any, str | int]
"""A node, the frame of what holds it, and its name or position there: the path is only made when it is needed."""

CITIZEN_NUMBERS = frozenset(("http://fhir.nl/fhir/NamingSystem/bsn", "urn:oid:2.16.840.1.113883.2.4.6.3"))
"""Systems of the Dutch BSN, which a housing corporation may not process and we may never send."""


def elements(bundle: Json) -> Found:
    """Walks the whole Bundle once; its entries have a fullUrl and a resource."""
    types = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    fragments: list[Frame] = []
    frames: list[Frame] = [(bundle, None, "")]
    for frame in frames:  # it grows while it is walked
        node = frame[0]
        if not node:
            yield _steps(frame), "ele-1"
        if node.get("system") in CITIZEN_NUMBERS:
            yield _steps(frame), "citizen-number"
        literal = node.get("reference")
        if type(literal) is str:
            if literal.startswith("#"):
                fragments.append(frame)
            elif literal.startswith("urn:uuid:") and types.get(literal) != node["type"]:
                yield _steps(frame), "reference-type" if literal in types else "reference-unresolved"
        for name, each in node.items():
            kind = type(each)
            if kind is dict:
                frames.append((each, frame, name))
            elif kind is list:
                listed = (each, frame, name)
                frames += [(item, listed, place) for place, item in enumerate(each) if type(item) is dict]
    yield from _contained(bundle["entry"], fragments)


def _contained(entries: list[Json], fragments: list[Frame]) -> Found:
    """A fragment finds a contained resource of its own entry; none is contained twice or in vain (dom-3)."""
    used = set()
    for frame in fragments:
        steps, reference = _steps(frame), frame[0]
        inside = {each["id"]: each["resourceType"] for each in entries[int(steps[1])]["resource"].get("contained", ())}
        id_ = reference["reference"][1:]
        if inside.get(id_) != reference["type"]:
            yield steps, "reference-type" if id_ in inside else "reference-unresolved"
        used.add((steps[1], id_))
    for number, entry in enumerate(entries):
        ids = [each["id"] for each in entry["resource"].get("contained", ())]
        if len(set(ids)) < len(ids) or any((number, id_) not in used for id_ in ids):
            yield ("entry", number, "resource", "contained"), "dom-3"


def _steps(frame: Frame) -> Steps:
    steps: list[str | int] = []
    while frame[1] is not None:
        steps.append(frame[2])
        frame = frame[1]
    return tuple(reversed(steps))

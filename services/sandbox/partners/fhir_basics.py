"""The least a partner checks of a resource before it keeps it (FHIR R4 4.0.1, required elements and bindings)."""

from collections.abc import Mapping

from services.sandbox.partners.outcome import Json, Refusal

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Communication": ("status",),
    "Flag": ("status", "code", "subject"),
    "Location": (),
    "Observation": ("status", "code"),
    "Organization": (),
    "Patient": (),
    "Provenance": ("target", "recorded", "agent"),
    "RelatedPerson": ("patient",),
    "ServiceRequest": ("status", "intent", "subject"),
    "Subscription": ("status", "reason", "criteria", "channel"),
    "Task": ("status", "intent"),
}
TASK_STATUS = (
    "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error"
)
REQUEST_STATUS = "draft active on-hold revoked completed entered-in-error unknown"
REQUEST_INTENT = "proposal plan directive order original-order reflex-order filler-order instance-order option"
CODES: Mapping[tuple[str, str], frozenset[str]] = {
    (type_, element): frozenset(codes.split())
    for type_, element, codes in (
        (
            "Task",
            "status",
            TASK_STATUS,
        ),
        (
            "Task",
            "intent",
            "unknown proposal plan order original-order reflex-order filler-order instance-order option",
        ),
        ("Task", "priority", "routine urgent asap stat"),
        ("ServiceRequest", "status", REQUEST_STATUS),
        ("ServiceRequest", "intent", REQUEST_INTENT),
        ("ServiceRequest", "priority", "routine urgent asap stat"),
        (
            "Observation",
            "status",
            "registered preliminary final amended corrected cancelled entered-in-error unknown",
        ),
        ("Flag", "status", "active inactive entered-in-error"),
        ("Subscription", "status", "requested active error off"),
        ("Patient", "gender", "male female other unknown"),
        ("Location", "status", "active suspended inactive"),
    )
}


def check(resource: Json, where: str) -> None:
    """Raises Refusal: 422 when a required element is missing, 400 when a code is not FHIR's."""
    type_ = resource["resourceType"]
    _check_shape(resource, where)
    for element in REQUIRED[type_]:
        if not resource.get(element):
            raise Refusal(422, "required", "A required element is missing.", f"{where}.{element}")
    for element, value in resource.items():
        codes = CODES.get((type_, element))
        if codes is not None and value not in codes:
            raise Refusal(400, "code-invalid", "A code is not in its required value set.", f"{where}.{element}")


def _check_shape(resource: Json, where: str) -> None:
    """What the server itself reads: `meta` and `identifier`."""
    if not isinstance(resource.get("meta", {}), dict):
        raise Refusal(400, "structure", "An element is of another type.", f"{where}.meta")
    identifiers = resource.get("identifier", [])
    if not isinstance(identifiers, list):
        raise Refusal(400, "structure", "An element must be a list.", f"{where}.identifier")
    for identifier in identifiers:
        match identifier:
            case {"value": str(), "system": str()} | {"value": str()}:
                pass
            case _:
                raise Refusal(400, "structure", "An identifier needs a value.", f"{where}.identifier")

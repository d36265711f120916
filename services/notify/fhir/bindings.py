"""Required code bindings whose value set `fhir.resources` lacks or cuts off, in full (FHIR R4 4.0.1)."""

from collections.abc import Mapping

PUBLISHED: Mapping[tuple[str, str], frozenset[str]] = {
    # http://hl7.org/fhir/ValueSet/task-status
    ("Task", "status"): frozenset(
        (
            "draft",
            "requested",
            "received",
            "accepted",
            "rejected",
            "ready",
            "cancelled",
            "in-progress",
            "on-hold",
            "failed",
            "completed",
            "entered-in-error",
        )
    ),
    # http://hl7.org/fhir/ValueSet/observation-status
    ("Observation", "status"): frozenset(
        ("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown")
    ),
    # http://hl7.org/fhir/ValueSet/quantity-comparator
    ("Quantity", "comparator"): frozenset(("<", "<=", ">=", ">")),
}

"""What of FHIR we send, and so what may go out: everything else is refused as unknown."""

from fhir.resources.R4B.flag import Flag
from fhir.resources.R4B.location import Location
from fhir.resources.R4B.messageheader import MessageHeader
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.organization import Organization
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.provenance import Provenance
from fhir.resources.R4B.relatedperson import RelatedPerson
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task
from fhir_core.fhirabstractmodel import FHIRAbstractModel

Model = type[FHIRAbstractModel]

RESOURCES: tuple[Model, ...] = (
    Task,
    ServiceRequest,
    Patient,
    RelatedPerson,
    Observation,
    Flag,
    Location,
    Provenance,
    Organization,
    MessageHeader,
)
DATATYPES = frozenset(
    (
        "Address",
        "Annotation",
        "CodeableConcept",
        "Coding",
        "ContactPoint",
        "Extension",
        "HumanName",
        "Identifier",
        "Meta",
        "Period",
        "Quantity",
        "Reference",
    )
)
"""What else R4B allows we do not send, so it is refused: a Narrative can carry markup, CodeableReference is not R4."""

CONTAINED: dict[Model, Model] = {ServiceRequest: RelatedPerson}
"""Which resource may hold which others inside."""

EXTENDED = frozenset(("Address", "ContactPoint", "HumanName"))
"""Where nl-core puts extensions on primitives (`_given`); elsewhere one could stand in for a required value."""

NEVER_SENT = frozenset(
    (
        "fhir_comments",  # not in R4's JSON
        "implicitRules",  # these two change the meaning of what a receiver understands
        "modifierExtension",
        "Bundle.link",  # the next five are not in a transaction
        "Bundle.total",
        "BundleEntry.link",
        "BundleEntry.response",
        "BundleEntry.search",
        "MessageHeader.response",  # we ask, and answer nobody
        "ServiceRequest.patientInstruction",  # portals show it in the home where it is not safe
    )
)
R4_TARGETS = {("Observation", "subject"): ("Patient", "Group", "Device", "Location")}
"""Where R4B allows a reference to more than R4 4.0.1 does."""

"""CODES of the Bundle: the systems we use, ours and HL7's, and what never changes written once."""

from typing import Any, Final

from schemas.codes import Urgency

Json = dict[str, Any]

OURS: Final = "urn:seinpaal:codesystem"
"""Our code systems. No code of ours says that anybody is a victim: what we carry is a suspicion."""

THREAD: Final = "urn:seinpaal:referral"
"""Identifies a referral over all its revisions, per partner; every resource of it hangs on this one."""

REVISION: Final = "urn:seinpaal:revision"
"""Identifies one revision: by it we ask whether it arrived."""

SIGNAL: Final = "urn:seinpaal:signal"

HL7: Final = "http://terminology.hl7.org/CodeSystem"
SDOH: Final = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"

PRIORITY: Final = {
    Urgency.EMERGENCY: "stat",
    Urgency.ACUTE: "asap",
    Urgency.URGENT: "urgent",
    Urgency.ROUTINE: "routine",
}
"""FHIR R4 request-priority, on Task and ServiceRequest alike."""

_VERY_RESTRICTED: Final = {"system": f"{HL7}/v3-Confidentiality", "code": "V", "display": "very restricted"}
_VIOLENCE: Final = {
    "system": f"{HL7}/v3-ActCode",
    "code": "SDV",
    "display": "sexual assault, abuse, or domestic violence information sensitivity",
}
_TEST: Final = {"system": f"{HL7}/v3-ActReason", "code": "HTEST", "display": "test health data"}

LABELS: Final = [_VERY_RESTRICTED, _VIOLENCE]
TEST_LABELS: Final = [*LABELS, _TEST]
"""meta.security (HL7 v3). `DVD` means developmental disability and `DV` a credit card; `SDV` is the one."""

FULFIL: Final = {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}]}
CONTACT_PROHIBITED: Final = {
    "system": SDOH,
    "code": "contacting-subject-prohibited",
    "display": "Contacting Subject Prohibited",
}
FLAG_CATEGORIES: Final = [
    {"coding": [{"system": f"{HL7}/flag-category", "code": "contact", "display": "Subject Contact"}]},
    {"coding": [{"system": f"{HL7}/flag-category", "code": "safety", "display": "Safety"}]},
]
SOCIAL_HISTORY: Final = {
    "coding": [{"system": f"{HL7}/observation-category", "code": "social-history", "display": "Social History"}]
}
NOT_GIVEN: Final = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]
}
"""What stands in an element's place that is not given, and why (HL7 data-absent-reason)."""

US: Final = {"identifier": {"system": "urn:seinpaal:device", "value": "seinpaal"}, "display": "Seinpaal"}


def ours(system: str, code: str, text: str | None = None) -> Json:
    """A CodeableConcept in one of our code systems."""
    concept: Json = {"coding": [{"system": f"{OURS}:{system}", "code": code}]}
    if text:
        concept["text"] = text
    return concept


def participant(code: str) -> Json:
    """How an agent took part in a Provenance."""
    return {"coding": [{"system": f"{HL7}/provenance-participant-type", "code": code}]}


def operation(code: str) -> Json:
    """What was done, for a Provenance."""
    return {"coding": [{"system": f"{HL7}/v3-DataOperation", "code": code}]}

"""One fault at a time: what must be refused, by which rule, and at which place."""

import re
from typing import Any

import pytest

from services.notify.fhir.faults import Fault
from services.notify.fhir.specimen import Json, specimen
from services.notify.fhir.validate import Invalid, Valid, validate

GONE = object()
TASK, REQUEST, PATIENT, PERSON, LOCATION, FLAG, OBSERVATION, PROVENANCE = (
    f"entry[{number}].resource" for number in range(8)
)
CODE = {"coding": [{"system": "urn:x", "code": "x"}]}
URN = "urn:uuid:00000000-0000-5000-8000-0000000000"
PATIENT_REF = {"reference": URN + "02", "type": "Patient"}
ORGANIZATION = {"identifier": {"system": "urn:x", "value": "1"}}
BSN = "http://fhir.nl/fhir/NamingSystem/bsn"

Row = tuple[str, Any, str]

REQUIRED: tuple[Row, ...] = (
    *((f"{TASK}.{element}", GONE, "required") for element in ("status", "intent", "focus", "for", "owner", "priority")),
    *((f"{TASK}.{element}", GONE, "required") for element in ("requester", "restriction", "groupIdentifier", "code")),
    *((f"{REQUEST}.{element}", GONE, "required") for element in ("status", "intent", "subject", "requisition")),
    *((f"{REQUEST}.{element}", GONE, "required") for element in ("performer", "authoredOn", "requester")),
    (f"{TASK}.input[0].type", GONE, "required"),
    (f"{OBSERVATION}.code", GONE, "required"),
    (f"{OBSERVATION}.component[1].code", GONE, "required"),
    (f"{FLAG}.code", GONE, "required"),
    (f"{PERSON}.patient", GONE, "required"),
    (f"{PROVENANCE}.target", GONE, "required"),
    (f"{PROVENANCE}.recorded", GONE, "required"),
    (f"{PROVENANCE}.agent[0].who", GONE, "required"),
    (f"{REQUEST}.contained[0].id", GONE, "required"),
    (f"{REQUEST}.note[0].text", GONE, "required"),
    ("type", GONE, "required"),
    *((f"entry[3].{element}", GONE, "required") for element in ("fullUrl", "resource", "request")),
)
STRUCTURE: tuple[Row, ...] = (
    (f"{TASK}.colour", "x", "unknown-element > ?"),
    (f"{TASK}.performer", [PATIENT_REF], "unknown-element"),
    (f"{PATIENT}.name[0].colour", "x", "unknown-element > ?"),
    (f"{TASK}.text", {"status": "generated", "div": "<div>x</div>"}, "unknown-element"),
    (f"{TASK}.implicitRules", "urn:x", "unknown-element > ?"),
    (f"{REQUEST}.patientInstruction", "x", "unknown-element > ?"),
    (f"{TASK}._status", {"extension": [{"url": "urn:x", "valueCode": "x"}]}, "unknown-element > ?"),
    (f"{TASK}.status", ["requested"], "code"),
    (f"{TASK}.identifier", {"system": "urn:x", "value": "1"}, "list"),
    (f"{PATIENT}.name", "Testpersoon", "list"),
    (f"{REQUEST}.code", [CODE], "dict"),
    (f"{TASK}.code", "fulfill", "dict"),
    (f"{TASK}.resourceType", "TuskType", "resource-type > -"),
    (f"{TASK}.resourceType", GONE, "resource-type > -"),
    (f"{TASK}.resourceType", "Patient", "unknown-element > -.intent"),
    (f"{PROVENANCE}.target", [], "empty"),
    (f"{PROVENANCE}.agent[0].who", None, "dict"),
    (f"{PATIENT}.identifier", [None], "dict > [0]"),
    (f"{TASK}.description", None, "string"),
    (f"{PATIENT}.name", [{}], "ele-1 > [0]"),
    (f"{TASK}.reasonCode", {}, "ele-1"),
    (f"{PATIENT}.name[0]._given", [None, None], "primitive-extension > -"),
    (f"{REQUEST}.contained[0].meta", {"versionId": "1"}, "unknown-element"),
    (f"{FLAG}.contained", [], "unknown-element"),
    ("entry[0].response", {"status": "200"}, "unknown-element > ?"),
    ("entry", [], "empty"),
    ("entry", GONE, "entries"),
)
CHOICE: tuple[Row, ...] = (
    (f"{OBSERVATION}.valueString", "x", "choice > -"),
    (f"{OBSERVATION}.component[1].valueInteger", 0, "choice > -"),
    (f"{REQUEST}.occurrenceDateTime", "2026", "choice > -"),
    (f"{PROVENANCE}.occurredPeriod", {"start": "2026"}, "choice > -"),
    (f"{TASK}.input[0].valueString", "x", "choice > -"),
    (f"{TASK}.input[0].valueReference", GONE, "choice > -"),
)
BINDINGS: tuple[Row, ...] = (
    *((f"{TASK}.{element}", "sent", "code") for element in ("status", "intent", "priority")),
    *((f"{REQUEST}.{element}", "sent", "code") for element in ("status", "intent", "priority")),
    *((f"{where}.status", "sent", "code") for where in (OBSERVATION, FLAG, LOCATION)),
    (f"{PATIENT}.gender", "F", "code"),
    (f"{PATIENT}.name[0].use", "legal", "code"),
    (f"{PATIENT}.telecom[0].system", "mobile", "code"),
    (f"{PATIENT}.address[0].use", "house", "code"),
    (f"{LOCATION}.mode", "here", "code"),
    (f"{LOCATION}.address.type", "house", "code"),
    (f"{PROVENANCE}.entity[0].role", "origin", "code"),
    (f"{OBSERVATION}.component[2].valueQuantity.comparator", "==", "code"),
    ("type", "transactions", "code"),
    ("entry[0].request.method", "UPSERT", "code"),
)
PRIMITIVES: tuple[Row, ...] = (
    *((f"{PATIENT}.birthDate", value, "pattern") for value in ("1990-2-3", "03-02-1990", "1990-02-03T00:00:00Z", "")),
    (f"{PATIENT}.birthDate", "1990-02-30", "calendar"),
    (f"{PATIENT}.birthDate", 1990, "string"),
    *(
        (f"{TASK}.authoredOn", value, "pattern")
        for value in ("2026-03-03T08:15:00", "2026-03-03 08:15:00Z", "1772522100")
    ),
    (f"{TASK}.authoredOn", "2026-02-29T08:15:00Z", "calendar"),
    (f"{OBSERVATION}.issued", "2026-03-03", "pattern"),
    (f"{TASK}.restriction.repetitions", 0, "greater_than_equal"),
    (f"{TASK}.restriction.repetitions", "1", "int"),
    (f"{TASK}.restriction.repetitions", True, "int"),
    (f"{TASK}.restriction.repetitions", 2**31, "less_than_equal"),
    (f"{PATIENT}.active", "true", "bool"),
    (f"{PATIENT}.active", 1, "bool"),
    *((f"{OBSERVATION}.component[2].valueQuantity.value", value, "float") for value in ("0.5", True)),
    (f"{OBSERVATION}.component[2].valueQuantity.value", float("nan"), "finite_number"),
    *((f"{FLAG}.code.coding[0].code", value, "pattern") for value in (" a", "a  b", "a\tb", "")),
    (f"{FLAG}.code.coding[0].system", "http://example.nl/a b", "pattern"),
    *((f"{PROVENANCE}.id", value, "pattern") for value in ("a_b", "a b", "é", "")),
    (f"{PROVENANCE}.id", "x" * 65, "too-long"),
    *((f"{TASK}.description", value, "pattern") for value in ("", "  ", "\n", "a\x00b", "a\x1bb", "a\x85b", "\ud800")),
    (f"{PATIENT}.name[0].family", " ", "pattern"),
    (f"{PATIENT}.address[0].line[0]", "", "pattern"),
)
REFERENCES: tuple[Row, ...] = (
    (f"{TASK}.focus.reference", URN + "ff", "reference-unresolved > -"),
    (f"{TASK}.focus.reference", URN + "02", "reference-type > -"),
    (f"{TASK}.focus", PATIENT_REF, "reference-type"),
    (f"{TASK}.owner", PATIENT_REF | {"type": "Location"}, "code > .type"),
    (f"{REQUEST}.subject", {"type": "Organization", "display": "x"}, "code > .type"),
    (f"{OBSERVATION}.subject", {"type": "Organization", "display": "x"}, "code > .type"),
    (f"{REQUEST}.subject", {"reference": "Practitioner/1", "type": "Patient"}, "pattern > .reference"),
    (f"{REQUEST}.subject", {"reference": "Group/1", "type": "Patient"}, "reference-type"),
    (f"{REQUEST}.subject", {"type": "Patient"}, "reference-to-nothing"),
    (f"{REQUEST}.subject.type", GONE, "reference-type > -"),
    (f"{REQUEST}.subject.reference", URN.upper() + "02", "pattern"),
    (f"{REQUEST}.subject.reference", "https://example.nl/fhir/Patient/1", "pattern"),
    (f"{PERSON}.patient.reference", URN + "fe", "reference-unresolved > -"),
    (f"{PROVENANCE}.target[1].reference", URN + "00", "reference-type > -"),
    (f"{REQUEST}.supportingInfo[2].reference", "#person-2", "reference-unresolved > -"),
    (f"{REQUEST}.supportingInfo[2].type", "Patient", "reference-type > -"),
    (f"{REQUEST}.contained[0].id", "person-2", "dom-3 > --"),
    ("entry[1].fullUrl", URN + "00", "full-url"),
    ("entry[7].fullUrl", "Provenance/1", "full-url"),
)
INVARIANTS: tuple[Row, ...] = (
    (f"{REQUEST}.code", GONE, "prr-1 > -"),
    (f"{TASK}.lastModified", "2026-03-03T08:14:59+01:00", "inv-1 > -"),
    (f"{TASK}.lastModified", "2026-03-03T08:14:59+01:01", "inv-1 > -"),
    (f"{REQUEST}.occurrencePeriod.end", "2026-03-02", "per-1 > -"),
    (f"{PERSON}.period.end", "2026-02", "per-1 > -"),
    (f"{PATIENT}.telecom[0].system", GONE, "cpt-2 > -"),
    (f"{OBSERVATION}.component[2].valueQuantity.code", "1", "qty-3 > -"),
    (f"{OBSERVATION}.dataAbsentReason", CODE, "obs-6 > -"),
    (
        f"{OBSERVATION}.component[0].code",
        {"coding": [specimen()["entry"][6]["resource"]["code"]["coding"][0]]},
        "obs-7 > ---",
    ),
    (f"{OBSERVATION}.referenceRange", [{"appliesTo": [CODE]}], "obs-3 > [0]"),
    (f"{PATIENT}.extension", [{"url": "urn:x"}], "ext-1 > [0]"),
    (
        f"{PATIENT}.extension",
        [{"url": "urn:x", "valueCode": "x", "extension": [{"url": "y", "valueCode": "x"}]}],
        "ext-1 > [0]",
    ),
    (f"{PATIENT}.contact", [{"gender": "female"}], "pat-1 > [0]"),
    (LOCATION, {"resourceType": "Organization", "id": "o", "active": True}, "org-1"),
)
REQUESTS: tuple[Row, ...] = (
    ("entry[0].request.ifNoneExist", GONE, "request > -"),
    ("entry[0].request.ifNoneExist", "identifier=urn:x|1", "request > -"),
    ("entry[2].request.ifNoneExist", "name=Testpersoon", "request > -"),
    ("entry[2].request.ifNoneExist", specimen()["entry"][2]["request"]["ifNoneExist"] + "&active=true", "request > -"),
    ("entry[0].request.url", "Flag", "request > -"),
    ("entry[0].request.url", "Task/1", "request > -"),
    ("entry[0].request.method", "GET", "request > -"),
    ("entry[0].request.method", "DELETE", "request > -"),
    ("entry[0].request.ifMatch", 'W/"1"', "request > -"),
    ("entry[7].request.url", "Provenance/another", "request > -"),
    ("entry[7].request.url", "Provenance", "request > -"),
    (f"{PROVENANCE}.id", GONE, "request > --.request"),
    ("type", "batch", "transaction"),
)
OURS: tuple[Row, ...] = (
    ("meta", GONE, "security-labels > .security"),
    (f"{FLAG}.meta", GONE, "security-labels > .security"),
    (f"{PATIENT}.meta.security[0].code", "R", "security-labels > --"),
    (f"{PATIENT}.meta.security[1].code", "DVD", "security-labels > --"),
    (f"{PATIENT}.meta.security[1].system", "urn:x", "security-labels > --"),
    (f"{OBSERVATION}.status", "final", "suspicion"),
    (f"{TASK}.priority", "routine", "same-priority > entry"),
    (f"{PATIENT}.identifier", [{"system": BSN, "value": "000000000"}], "citizen-number > [0]"),
    (f"{PATIENT}.managingOrganization.identifier.system", BSN, "citizen-number > -"),
)
TABLE = {
    "required": REQUIRED,
    "structure": STRUCTURE,
    "choice": CHOICE,
    "bindings": BINDINGS,
    "primitives": PRIMITIVES,
    "references": REFERENCES,
    "invariants": INVARIANTS,
    "requests": REQUESTS,
    "ours": OURS,
}


def steps_of(path: str) -> list[str | int]:
    """`a.b[0]` as `a`, `b`, 0."""
    return [int(step) if step.isdigit() else step for step in re.findall(r"[A-Za-z_]+|\d+", path)]


def spoil(bundle: Json, path: str, value: Any) -> None:
    """Put one fault in."""
    *steps, last = steps_of(path)
    node: Any = bundle
    for step in steps:
        node = node[step]
    if value is GONE:
        del node[last]
    else:
        node[last] = value


def place_of(path: str, hint: str) -> str:
    """Where the fault is told: at the path, or as *hint* says: `?` masked, `-` one up, else below or elsewhere."""
    steps = re.findall(r"\.?[A-Za-z_]+|\[\d+\]", path)
    while hint.startswith("-"):
        steps, hint = steps[:-1], hint[1:]
    if hint == "?":
        return "Bundle." + "".join(steps[:-1]) + ".?"
    return f"Bundle.{hint}" if hint == "entry" else "Bundle." + "".join(steps) + hint


def test_the_unspoilt_bundle_is_valid() -> None:
    """Each row of the table is one fault away from this."""
    assert isinstance(validate(specimen()), Valid)


@pytest.mark.parametrize(("path", "value", "expected"), [row for rows in TABLE.values() for row in rows])
def test_one_fault_is_refused_by_its_rule_at_its_place(path: str, value: Any, expected: str) -> None:
    """Refused, told where and by which rule."""
    bundle = specimen()
    spoil(bundle, path, value)
    verdict = validate(bundle)
    assert isinstance(verdict, Invalid)
    rule, _, hint = expected.partition(" > ")
    assert Fault(place_of(path, hint), rule) in verdict.faults

"""The elements we can send, one by one, against HL7's published R4 4.0.1 StructureDefinitions and value sets."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.notify.fhir.compiled import Element, elements

Json = dict[str, Any]

BACKBONE = {
    "BundleEntry": "Bundle.entry",
    "BundleEntryRequest": "Bundle.entry.request",
    "LocationHoursOfOperation": "Location.hoursOfOperation",
    "LocationPosition": "Location.position",
    "MessageHeaderDestination": "MessageHeader.destination",
    "MessageHeaderSource": "MessageHeader.source",
    "ObservationComponent": "Observation.component",
    "ObservationReferenceRange": "Observation.referenceRange",
    "OrganizationContact": "Organization.contact",
    "PatientCommunication": "Patient.communication",
    "PatientContact": "Patient.contact",
    "PatientLink": "Patient.link",
    "ProvenanceAgent": "Provenance.agent",
    "ProvenanceEntity": "Provenance.entity",
    "RelatedPersonCommunication": "RelatedPerson.communication",
    "TaskInput": "Task.input",
    "TaskOutput": "Task.output",
    "TaskRestriction": "Task.restriction",
}
BASE = "http://hl7.org/fhir/StructureDefinition/"


@cache
def resources(path: Path) -> list[Json]:
    """The resources of a Bundle in a file."""
    return [entry["resource"] for entry in orjson.loads(path.read_bytes())["entry"]]


@pytest.fixture(scope="module")
def published(definitions: Path) -> Mapping[str, Json]:
    """HL7's element definitions by path."""
    structures = resources(definitions / "profiles-resources.json") + resources(definitions / "profiles-types.json")
    return {
        element["path"]: element
        for structure in structures
        if structure["resourceType"] == "StructureDefinition"
        for element in structure["snapshot"]["element"]
    }


@pytest.fixture(scope="module")
def value_sets(definitions: Path) -> Mapping[str, frozenset[str]]:
    """HL7's value sets that are whole code systems or lists, by canonical."""
    found = resources(definitions / "valuesets.json") + resources(definitions / "v3-codesystems.json")
    systems = {each["url"]: each for each in found if each["resourceType"] == "CodeSystem"}
    return {
        each["url"]: frozenset(code for part in each["compose"]["include"] for code in codes(part, systems))
        for each in found
        if each["resourceType"] == "ValueSet" and "compose" in each
    }


def codes(include: Json, systems: Mapping[str, Json]) -> Iterator[str]:
    """The codes that a part of a value set includes."""
    listed = include.get("concept") or systems.get(include.get("system", ""), {}).get("concept", [])
    for concept in listed:
        yield concept["code"]
        yield from codes({"concept": concept["concept"]} if concept.get("concept") else {}, {})


def definition(published: Mapping[str, Json], model: str, element: str) -> tuple[Json, str]:
    """The published definition of our element, and the datatype where its name ends with one."""
    path = BACKBONE.get(model, model)
    if f"{path}.{element}" in published:
        return published[f"{path}.{element}"], ""
    for end in re.finditer("[A-Z]", element):
        name, type_ = element[: end.start()], element[end.start() :]
        if f"{path}.{name}[x]" in published:
            return published[f"{path}.{name}[x]"], type_
    raise LookupError(f"{model}.{element} is not in FHIR R4")


SENT = sorted((key, told) for key, told in elements().items() if not key[1].startswith("_"))


@pytest.mark.parametrize(("key", "told"), SENT, ids=[".".join(key) for key, _ in SENT])
def test_an_element_is_as_published(
    key: tuple[str, str], told: Element, published: Mapping[str, Json], value_sets: Mapping[str, frozenset[str]]
) -> None:
    """It exists in R4, with the same cardinality, required codes and reference targets, or narrower."""
    defined, chosen = definition(published, *key)
    assert told.many == (defined["max"] == "*")
    if not chosen:
        assert told.required == (defined["min"] > 0)
    types = {type_["code"]: type_ for type_ in defined.get("type", [])}
    if chosen:
        assert chosen in {name[0].upper() + name[1:] for name in types}
    binding = defined.get("binding", {})
    if binding.get("strength") == "required" and "code" in types:
        assert told.codes == value_sets[binding["valueSet"].partition("|")[0]]
    else:
        assert told.codes is None
    if told.targets is not None:
        allowed = {target.removeprefix(BASE) for target in types["Reference"].get("targetProfile", [])}
        assert set(told.targets) == (allowed or {"Resource"})

"""VALIDATE: no Bundle goes out that breaks a rule, and what goes out are the bytes that were validated.

Every Bundle passes the rules compiled from the `fhir.resources` R4B classes and our own; the first of each shape passes
`fhir.resources` itself too. Its `model_dump_json` is never called: it turns decimals into floats.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError

from services.notify.fhir.bundle_template import BundleTemplates
from services.notify.fhir.compiled import validator
from services.notify.fhir.faults import Fault, faults_of
from services.notify.fhir.rules import broken

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Valid:
    """It may go out, as these bytes; they are not shown in logs or traces."""

    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invalid:
    """It may not go out. Faults hold paths and names of rules, never a value."""

    faults: tuple[Fault, ...]


Verdict = Valid | Invalid


def validate(bundle: Json) -> Verdict:
    """Judge a Bundle by the compiled rules and our own."""
    try:
        validator().validate_python(bundle)
    except ValidationError as error:
        return Invalid(faults_of(error))
    faults = broken(bundle)
    return Invalid(faults) if faults else Valid(orjson.dumps(bundle))


def peer_review(bundle: Json) -> tuple[Fault, ...]:
    """What `fhir.resources` R4B itself finds; about 3 ms. It raises KeyError for a resourceType it does not know."""
    try:
        Bundle.model_validate(bundle)
    except ValidationError as error:
        return faults_of(error)
    except KeyError:
        return (Fault("Bundle", "resource-type"),)
    return ()


def shape_of(bundle: Json) -> int:
    """A hash of which elements stand in which, whatever their values and however many: the same within a process."""
    shape: set[tuple[str | None, ...]] = {("", *bundle)}
    nodes: list[Json] = [bundle]
    for node in nodes:  # it grows while it is walked
        for name, each in node.items():
            kind = type(each)
            if kind is dict:
                shape.add((name, each.get("resourceType"), *each))
                nodes.append(each)
            elif kind is list:
                for item in each:
                    if type(item) is dict:
                        shape.add((name, *item))
                        nodes.append(item)
    return hash(frozenset(shape))


class Gate:
    """Remembers which shapes `fhir.resources` has passed; *review* is what judges the first of each."""

    def __init__(self, review: Callable[[Json], tuple[Fault, ...]] = peer_review) -> None:
        self.usual = BundleTemplates()
        self._review = review
        self._passed: set[int] = set()

    def self_test(self, bundles: Iterable[Json]) -> None:
        """At start-up. Raises RuntimeError with paths and rules when a specimen does not pass: then nothing may go."""
        for bundle in bundles:
            match self.judge(bundle):
                case Valid():
                    pass
                case Invalid(faults):
                    raise RuntimeError(f"a specimen Bundle is refused: {'; '.join(map(str, faults))}")

    def judge(self, bundle: Json) -> Verdict:
        """`validate`, and `fhir.resources` on the first of a shape; one that it refuses is asked again each time."""
        verdict = validate(bundle)
        if isinstance(verdict, Invalid):
            return verdict
        shape = shape_of(bundle)
        if shape in self._passed:
            return verdict
        if faults := self._review(bundle):
            return Invalid(faults)
        self._passed.add(shape)
        return verdict

"""Rules within one element that no schema can say: FHIR R4's invariants (by their published names) and choices."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic_core import PydanticCustomError

Json = dict[str, Any]
Invariant = tuple[str, Callable[[Json], bool]]


def checked(invariants: Iterable[Invariant]) -> Callable[[Json], Json]:
    """A function for pydantic-core: raises the first broken invariant by its name, without the value."""
    listed = tuple(invariants)

    def check(element: Json) -> Json:
        """Gives the element back when all of them hold."""
        for name, holds in listed:
            if not holds(element):
                raise PydanticCustomError("invariant", "{name}", {"name": name})
        return element

    return check


def choice(names: frozenset[str], *, required: bool) -> Invariant:
    """`value[x]` and its like: one of *names* at most, or exactly (FHIR R4, section 2.1.0.3)."""
    allowed = (1,) if required else (0, 1)
    return "choice", lambda element: len(element.keys() & names) in allowed


def _not_before(earlier: datetime | str | None, later: datetime | str | None) -> bool:
    """Moments are compared as moments, dates by what both say. A year or month comes as text, a day as naive."""
    if earlier is None or later is None:
        return True
    if isinstance(earlier, datetime) and isinstance(later, datetime) and earlier.tzinfo and later.tzinfo:
        return earlier <= later
    first, second = (moment if isinstance(moment, str) else moment.date().isoformat() for moment in (earlier, later))
    shared = min(len(first), len(second))
    return first[:shared] <= second[:shared]


def _points(reference: Json) -> bool:
    """A Reference that only tells its type, or only has extensions, leads nowhere."""
    return not reference.keys().isdisjoint(("reference", "identifier", "display"))


def _typed(reference: Json) -> bool:
    """What points literally says to which type, so that the target can be checked; a relative URL agrees with it."""
    literal = reference.get("reference")
    if literal is None or literal.startswith(("urn:uuid:", "#")):
        return literal is None or "type" in reference
    return bool(literal.partition("/")[0] == reference.get("type"))


def _has_value(element: Json) -> bool:
    return any(name.startswith("value") for name in element)


def _no_component_repeats_the_code(observation: Json) -> bool:
    codes = [component["code"] for component in observation.get("component", ())]
    return not (codes and observation["code"] in codes and _has_value(observation))


def _aligned(*names: str) -> Invariant:
    """`_given` has one place for each `given` (FHIR R4, section 2.6.2.1)."""
    return "primitive-extension", lambda element: all(
        f"_{name}" not in element or len(element[f"_{name}"]) == len(element.get(name, ())) for name in names
    )


def _any_of(*names: str) -> Callable[[Json], bool]:
    return lambda element: not element.keys().isdisjoint(names)


def _needs(name: str, other: str) -> Callable[[Json], bool]:
    return lambda element: name not in element or other in element


INVARIANTS: Mapping[str, tuple[Invariant, ...]] = {
    "Address": (_aligned("line"),),
    "ContactPoint": (("cpt-2", _needs("value", "system")),),
    "Extension": (("ext-1", lambda extension: ("extension" in extension) != _has_value(extension)),),
    "HumanName": (_aligned("given", "prefix", "suffix"),),
    "Observation": (
        ("obs-6", lambda observation: "dataAbsentReason" not in observation or not _has_value(observation)),
        ("obs-7", _no_component_repeats_the_code),
    ),
    "ObservationReferenceRange": (("obs-3", _any_of("low", "high", "text")),),
    "Organization": (("org-1", _any_of("identifier", "name")),),
    "PatientContact": (("pat-1", _any_of("name", "telecom", "address", "organization")),),
    "Period": (("per-1", lambda period: _not_before(period.get("start"), period.get("end"))),),
    "Quantity": (("qty-3", _needs("code", "system")),),
    "Reference": (("reference-to-nothing", _points), ("reference-type", _typed)),
    "ServiceRequest": (("prr-1", _needs("orderDetail", "code")),),
    "Task": (("inv-1", lambda task: _not_before(task.get("authoredOn"), task.get("lastModified"))),),
}

"""What is wrong with a Bundle, so that anybody may read it: where and which rule, never a value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.notify.fhir.compiled import element_names

_RULES = {
    "missing": "required",
    "extra_forbidden": "unknown-element",
    "literal_error": "code",
    "string_pattern_mismatch": "pattern",
    "string_too_long": "too-long",
    "string_unicode": "pattern",
    "too_short": "empty",
    "union_tag_invalid": "resource-type",
    "union_tag_not_found": "resource-type",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` is a FHIRPath of element names and positions; `rule` an invariant's published name or one of ours."""

    path: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}"


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """A validation error without its input."""
    details = error.errors(include_input=False, include_url=False)
    return tuple(Fault(path_of(_untagged(detail["loc"])), _rule(detail)) for detail in details)


def path_of(steps: Iterable[str | int]) -> str:
    """`Bundle.entry[0].resource.status`; a name that is not FHIR's could be data, so it becomes `?`."""
    path = "Bundle"
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step if step in element_names() else '?'}"
    return path


def _untagged(loc: tuple[str | int, ...]) -> Iterator[str | int]:
    """Without the resource's type, which the validator puts after `resource`."""
    return (step for before, step in zip(("", *loc), loc, strict=False) if before != "resource")


def _rule(detail: Any) -> str:
    if detail["type"] == "invariant":
        return str(detail["ctx"]["name"])
    kind = str(detail["type"])
    return _RULES.get(kind, kind.removesuffix("_type"))

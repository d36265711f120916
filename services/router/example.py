"""EXAMPLE: facts that a person makes up, beside a rule or in a file, and every sentence on what is wrong with them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.codes import Kind, Origin, Urgency
from schemas.message import Malformed
from schemas.signal import Facts
from services.router.cel_context import CelContext
from services.router.condition import meant
from services.router.directory import Directory
from services.router.rule import Rule, RuleTest
from services.router.vocabulary import near
from services.router.window import NEVER
from services.router.window import read as read_window
from services.runtime.model_errors import sentence

EXAMPLE: Final = {
    "kind": Kind.OTHER_CONCERN,
    "urgency": Urgency.ROUTINE,
    "origin": Origin.STAFF_OBSERVATION,
    "household": "0" * 32,
}
"""What an example has, unless it gives another value; the rest is as unknown as `Facts` has it."""

_FEW: Final = 4
"""So many codes are all told, in place of the one that was meant."""


def made_up(given: Mapping[str, Any], country: str) -> tuple[Facts, dict[str, int]]:
    """The facts that are given, and what is said of the memory of the household.

    Raises:
        Malformed: what is given is no fact of a signal. The values themselves are not told again: they may be real.
    """
    said = {name: value for name, value in given.items() if read_window(name) is not None}
    told = {"country": country, **EXAMPLE, **{name: value for name, value in given.items() if name not in said}}
    wrong = [f"{name}: should be a whole number up to {NEVER}" for name, value in said.items() if not _count(value)]
    wrong += [_unknown(name) for name in told if name not in Facts.model_fields]
    try:
        facts = Facts.model_validate_json(json.dumps(told), extra="ignore")
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        raise Malformed("signal", (*wrong, *(_fault(fault, told) for fault in faults))) from None
    if wrong:
        raise Malformed("signal", tuple(wrong))
    return facts, said


def example(rule: Rule, test: RuleTest, directory: Directory, day: date) -> CelContext:
    """What an example beside a rule stands for.

    Raises:
        Malformed: when what is given is no fact of a signal, or an area that stands in no file.
    """
    facts, said = made_up(test.given, rule.country)
    codes = tuple(area.code for area in directory.areas if area.country == facts.country)
    if facts.area is not None and facts.area not in codes:
        raise Malformed("signal", (f"area: is no area we know{meant(facts.area, codes).en}",))
    return CelContext.of(facts, said, directory.bars(directory.area_on(facts.area, facts.country, day), day))


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= NEVER


def _unknown(name: str) -> str:
    among = (*Facts.model_fields, *near(name))
    return f"{name}: is no fact of a signal{meant(name, among).en}"


def _fault(error: ErrorDetails, told: Mapping[str, Any]) -> str:
    path = ".".join(str(step) for step in error["loc"])
    codes = tuple(_codes(str(error["loc"][0]))) if error["loc"] else ()
    if error["type"] != "enum" or not codes:
        return f"{path}: {sentence(error)}"
    value: Any = told
    for step in error["loc"]:
        value = value[step]
    meaning = meant(str(value), codes).en if len(codes) > _FEW else ""
    return f"{path}: is no code we know{meaning or '. Write one of ' + ', '.join(codes)}"


def _codes(field: str) -> Iterator[str]:
    """The codes that a fact has, also one that is a list of them."""
    annotation = Facts.model_fields[field].annotation
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            yield from kind

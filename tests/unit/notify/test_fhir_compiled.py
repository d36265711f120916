"""The compiled rules against the classes they come from: never laxer, on random mutants and on every primitive."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import fhir_core.types
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from services.notify.fhir.compiled import element_names, validator
from services.notify.fhir.message_specimen import message_specimen
from services.notify.fhir.primitives import primitive
from services.notify.fhir.specimen import Json, specimen
from services.notify.fhir.validate import peer_review

Place = tuple[Any, Any]  # a dict or list, and a key or index in it

TEXTS = ("", " ", "\n", "a b", "a  b", " a", "a ", "a\x00b", "a\x85b", "é\u2028", "x" * 65, "x" * 300, "-", ".", "_")
DAYS = (
    "1990-02-29",
    "1992-02-29",
    "1990-13",
    "1990",
    "0000",
    "1990-04-31",
    "1990-1-1",
    "08:15:00",
    "08:15",
    "08:15:00Z",
)
CLOCKED = tuple(
    f"2026-03-03T{time}" for time in ("08:15:00", "08:15:00-15:00", "24:00:00Z", "08:15:60Z", "08:15:00.1234567Z")
)
CODED = (
    "requested",
    "final",
    "male",
    "official",
    "Patient",
    "Patient/1",
    "#a",
    "urn:oid:1.2",
    "urn:oid:3.02",
    "true",
    "1",
)
NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    2**31,
    2**63,
    2**70,
    0.0,
    1e-9,
    1e300,
    float("inf"),
    float("nan"),
    True,
    False,
    None,
)
NESTED: tuple[Any, ...] = ([], {}, [None], [{}], [[]], {"extension": []}, {"id": "a"}, {"resourceType": "Patient"})
ODD: tuple[Any, ...] = (*TEXTS, *DAYS, *CLOCKED, *CODED, *NUMBERS, *NESTED)


def places(node: Any) -> Iterator[Place]:
    """Every place in a Bundle that can be changed."""
    steps = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
    for step, each in steps:
        yield node, step
        if isinstance(each, dict | list):
            yield from places(each)


def delete(place: Place, _: Any, __: str) -> None:
    """Take it away."""
    del place[0][place[1]]


def replace(place: Place, value: Any, _: str) -> None:
    """Put something else there."""
    place[0][place[1]] = value


def rename(place: Place, _: Any, name: str) -> None:
    """Call it something else that FHIR knows."""
    if isinstance(place[0], dict):
        place[0][name] = place[0].pop(place[1])


def add(place: Place, value: Any, name: str) -> None:
    """Put an element beside it."""
    if isinstance(place[0], dict):
        place[0][name] = value
    else:
        place[0].append(value)


def extend(place: Place, _: Any, __: str) -> None:
    """Give a primitive an extension, in its place or beside it."""
    if isinstance(place[0], dict):
        extension = {"extension": [{"url": "http://example.nl/x", "valueCode": "x"}]}
        place[0][f"_{place[1]}"] = [None, extension] if isinstance(place[0][place[1]], list) else extension


def wrap(place: Place, _: Any, __: str) -> None:
    """A list of it."""
    place[0][place[1]] = [place[0][place[1]]]


Change = Callable[[Place, Any, str], None]


@st.composite
def mutants(draw: st.DrawFn) -> Json:
    """A valid Bundle with one to three changes; values come from odd ones and from elsewhere in the Bundle."""
    bundle = copy.deepcopy(draw(st.sampled_from((specimen, message_specimen)))())  # constants are shared
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(bundle))
        place = draw(st.sampled_from(found))
        change: Change = draw(st.sampled_from((delete, replace, rename, add, add, extend, wrap)))
        other = draw(st.sampled_from(found))
        value = draw(st.one_of(st.sampled_from(ODD), st.just(other[0][other[1]])))
        alike = [where[1] for where in found if isinstance(where[1], str) and where[0].keys() & place_keys(place)]
        name = draw(st.one_of(st.sampled_from(sorted(element_names())), st.sampled_from(alike or ["id"])))
        change(place, copy.deepcopy(value), name)
        if not bundle.get("entry"):
            break
    return bundle


def place_keys(place: Place) -> set[str]:
    """The elements beside a place."""
    return set(place[0]) if isinstance(place[0], dict) else set()


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(mutants())
def test_the_compiled_rules_are_never_laxer_than_the_classes(bundle: Json) -> None:
    """Whatever passes our rules passes `fhir.resources` R4B itself."""
    try:
        validator().validate_python(bundle)
    except ValidationError:
        return
    assert peer_review(bundle) == ()


KINDS = {
    "boolean": "BooleanType",
    "string": "StringType",
    "markdown": "MarkdownType",
    "code": "CodeType",
    "id": "IdType",
    "uri": "UriType",
    "canonical": "CanonicalType",
    "url": "UrlType",
    "oid": "OidType",
    "base64Binary": "Base64BinaryType",
    "decimal": "DecimalType",
    "integer": "IntegerType",
    "unsignedInt": "UnsignedIntType",
    "positiveInt": "PositiveIntType",
    "date": "DateType",
    "dateTime": "DateTimeType",
    "instant": "InstantType",
    "time": "TimeType",
}
TIME = r"T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,9})?(Z|[+-][01][0-9]:[0-6][0-9])?"
MOMENTS = rf"[0-9]{{4}}(-[01][0-9](-[0-3][0-9]({TIME})?)?)?"
WRITTEN = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=12),
    st.from_regex(MOMENTS, fullmatch=True),
    st.from_regex(r"[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]+)?", fullmatch=True),
    st.from_regex(r"urn:oid:[0-3](\.[0-9]{1,3}){0,3}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9+/]{0,9}={0,3}", fullmatch=True),
    st.integers(),
    st.floats(),
    st.booleans(),
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=100)
@given(value=WRITTEN)
def test_no_primitive_is_laxer_than_theirs(kind: str, value: Any) -> None:
    """Whatever we take for a primitive, `fhir-core` takes too."""
    take(kind, value)


@pytest.mark.parametrize("kind", KINDS)
def test_no_primitive_takes_an_odd_value_that_theirs_refuses(kind: str) -> None:
    """The values that went wrong somewhere before, each."""
    for value in ODD:
        take(kind, value)


def take(kind: str, value: Any) -> None:
    """Fails when we take what they refuse."""
    schema = primitive(kind)
    assert schema is not None
    try:
        SchemaValidator(schema).validate_python(value)
    except ValidationError:
        return
    TypeAdapter(getattr(fhir_core.types, KINDS[kind])).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("date", ["1990", "1990-12", "1992-02-29"]),
        ("dateTime", ["1990", "1990-02-28", "2026-03-03T08:15:00Z", "2026-03-03T08:15:00.123456+01:00"]),
        ("instant", ["2026-03-03T08:15:00+00:00", "2026-03-03T08:15:00.5Z"]),
        ("time", ["08:15:00", "23:59:59.9"]),
        ("string", ["é", "regel\nregel", " x"]),
        ("code", ["a", "a b", "text/plain"]),
        ("id", ["a", "A-1.b", "x" * 64]),
        ("uri", ["urn:x", "https://example.nl/a?b=c|d"]),
        ("url", ["https://example.nl/a", "urn:example:endpoint|1", "mailto:a@example.nl"]),
        ("oid", ["urn:oid:2.16.840"]),
        ("base64Binary", ["TWFu", "TWE=", "TQ=="]),
        ("decimal", [0, -1, 0.5, 1e-6]),
        ("integer", [-(2**31), 2**31 - 1]),
        ("unsignedInt", [0]),
        ("positiveInt", [1]),
        ("boolean", [True, False]),
    ],
)
def test_what_is_right_is_taken(kind: str, taken: list[Any]) -> None:
    """Strictness does not refuse what FHIR R4 allows and we may send."""
    schema = primitive(kind)
    assert schema is not None
    for value in taken:
        SchemaValidator(schema).validate_python(value)

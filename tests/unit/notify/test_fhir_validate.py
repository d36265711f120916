"""The gate: what was validated is what is sent, nothing is told of values, and every new shape is looked at twice."""

import ast
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import services
from services.notify.fhir.faults import Fault
from services.notify.fhir.specimen import Json, specimen
from services.notify.fhir.validate import Gate, Invalid, Valid, peer_review, shape_of, validate

PRIVATE = "Geheimstraat 13"
SERVICES = Path(str(services.__file__)).parent


def faults(bundle: Json) -> list[str]:
    """What is wrong, as text."""
    verdict = validate(bundle)
    return [str(fault) for fault in verdict.faults] if isinstance(verdict, Invalid) else []


def test_the_bytes_sent_are_of_the_dict_that_was_validated() -> None:
    """They are orjson's, decimals as they were, and the dict is left as it was."""
    bundle = specimen()
    component = bundle["entry"][6]["resource"]["component"][2]
    component["valueQuantity"]["value"] = 1
    verdict = validate(bundle)
    assert isinstance(verdict, Valid)
    assert verdict.body == orjson.dumps(bundle)
    assert b'"valueQuantity":{"value":1,' in verdict.body
    assert "Testpersoon" not in repr(verdict)


def every_place(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to everything in it."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [(*path, step) for step, _ in steps] + [p for step, each in steps for p in every_place(each, (*path, step))]


@settings(max_examples=150)
@given(path=st.sampled_from(every_place(specimen())), as_name=st.booleans())
def test_no_fault_repeats_a_value(path: tuple[Any, ...], *, as_name: bool) -> None:
    """A value in the wrong place, or even used as an element's name, is not in what we say about it."""
    bundle = specimen()
    node: Any = bundle
    for step in path[:-1]:
        node = node[step]
    if as_name and isinstance(node, dict):
        node[PRIVATE] = {PRIVATE: PRIVATE}
    else:
        node[path[-1]] = {"value": PRIVATE, PRIVATE: [PRIVATE]}
    assert faults(bundle)
    assert PRIVATE not in str(faults(bundle))
    if "resourceType" not in path:
        assert PRIVATE not in str(peer_review(bundle))


def test_at_most_eight_entries_about_one_task_each_about_something_else() -> None:
    """Nine entries, two Tasks, or two requests about one resource are refused."""
    nine, two, same = specimen(), specimen(), specimen()
    nine["entry"].append(specimen()["entry"][2] | {"fullUrl": "urn:uuid:00000000-0000-5000-8000-0000000000fe"})
    two["entry"][4] = specimen("another")["entry"][0] | {"fullUrl": two["entry"][4]["fullUrl"]}
    same["entry"][4] = specimen()["entry"][2] | {"fullUrl": same["entry"][4]["fullUrl"]}
    assert "Bundle.entry: entries" in faults(nine)
    assert "Bundle.entry: one-task" in faults(two)
    assert "Bundle.entry[4].request: same-target" in faults(same)


def test_a_later_revision_may_update_where_its_identifier_finds_it() -> None:
    """PUT with the resource's own identifier, also percent-encoded; POST and PUT conditions do not mix."""
    bundle = specimen()
    for entry in bundle["entry"][:7]:
        condition = entry["request"]["ifNoneExist"].replace("|", "%7C")
        entry["request"] = {"method": "PUT", "url": f"{entry['resource']['resourceType']}?{condition}"}
    assert isinstance(validate(bundle), Valid)
    bundle["entry"][0]["request"]["ifNoneExist"] = specimen()["entry"][0]["request"]["ifNoneExist"]
    assert faults(bundle) == ["Bundle.entry[0].request: request"]


def test_a_shape_is_which_elements_stand_where() -> None:
    """Other values and more of the same are no new shape; one more or one less element is."""
    plain, longer, other, less = specimen(), specimen("another"), specimen(), specimen()
    longer["entry"][1]["resource"]["note"] *= 3
    other["entry"][2]["resource"]["name"][0]["text"] = "Testpersoon"
    del less["entry"][2]["resource"]["telecom"][0]["rank"]
    assert shape_of(plain) == shape_of(longer)
    assert len({shape_of(plain), shape_of(other), shape_of(less)}) == 3


def test_the_classes_themselves_see_the_first_of_each_shape() -> None:
    """`fhir.resources` is asked once per shape, never for what our rules refuse, again for what it refused."""
    asked: list[Json] = []

    def review(bundle: Json) -> tuple[Fault, ...]:
        asked.append(bundle)
        return (Fault("Bundle", "doubt"),) if "language" in bundle else peer_review(bundle)

    gate = Gate(review)
    gate.self_test([specimen()])
    assert isinstance(gate.judge(specimen("another")), Valid)
    assert len(asked) == 1
    invalid = specimen()
    del invalid["entry"][0]["resource"]["status"]
    assert isinstance(gate.judge(invalid), Invalid)
    assert len(asked) == 1
    doubted = specimen() | {"language": "nl"}
    assert [gate.judge(doubted), gate.judge(doubted)] == [Invalid((Fault("Bundle", "doubt"),))] * 2
    assert len(asked) == 3


def test_a_start_without_a_valid_specimen_is_refused() -> None:
    """The self-test tells which rule and where."""
    spoilt = specimen()
    spoilt["entry"][2]["resource"]["gender"] = PRIVATE
    with pytest.raises(RuntimeError, match=r"Bundle\.entry\[2\]\.resource\.gender: code") as refused:
        Gate().self_test([specimen(), spoilt])
    assert PRIVATE not in str(refused.value)


def test_the_classes_refuse_an_unknown_resource_type_as_a_fault() -> None:
    """They raise KeyError there, which must not escape."""
    bundle = specimen()
    bundle["entry"][0]["resource"]["resourceType"] = "TuskType"
    assert peer_review(bundle) == (Fault("Bundle", "resource-type"),)


def imported(path: Path) -> list[str]:
    """Modules a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    whole = [
        f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    return plain + whole


def test_nobody_imports_the_r5_classes() -> None:
    """`fhir.resources` without R4B is FHIR R5, which refuses an R4 Task."""
    names = [name for path in SERVICES.rglob("*.py") for name in imported(path) if name.startswith("fhir.")]
    assert names
    assert all(name.startswith("fhir.resources.R4B.") for name in names)

"""What v1 promised its readers stays, of every message and at every depth."""

import json
import re
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, create_model

from schemas.generate import MODELS, json_schema
from schemas.message import Message
from schemas.promise import PROMISED, SIDES, Side, broken, fields, grown, promised

every_message = pytest.mark.parametrize("name", sorted(MODELS))


class Inner(Message):
    """Stands within the other."""

    code: Literal["a", "b"]
    note: str | None = None


class V1(Message):
    """A message as it was."""

    id: str
    count: int = 0
    limited: Annotated[str, Field(max_length=9)] = ""
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()
    named: dict[str, Inner] = Field(default={})
    either: Annotated[int | str, Field()] = 0


def another(model: type[Message], **changes: object) -> type[Message]:
    """The model with fields added, changed, or taken out (None)."""
    kept = {name: (field.rebuild_annotation(), field) for name, field in model.model_fields.items()}
    changed = {name: field for name, field in {**kept, **changes}.items() if field is not None}
    return create_model(model.__name__, __base__=Message, **changed)  # type: ignore[call-overload,no-any-return]  # fields made here


def around(inner: type[Message], where: str) -> type[Message]:
    """The outer message with that one in one of its places."""
    made: Any = inner
    places: dict[str, object] = {
        "inner": (made | None, None),
        "several": (tuple[made, ...], ()),
        "named": (dict[str, made], {}),
    }
    return another(V1, **{where: places[where]})


def told(now: type[Message]) -> set[Side]:
    """On which side the promise of v1 does not hold any more."""
    return {side for side in SIDES if any(broken(fields(V1, side), fields(now, side), side))}


@every_message
@pytest.mark.parametrize("side", SIDES)
def test_every_message_is_what_v1_promised(name: str, side: Side) -> None:
    """Else it needs a v2 topic: somebody's program reads it, and old records of ours must still be read."""
    assert list(broken(promised()[name][side], fields(MODELS[name], side), side)) == []


def test_what_is_new_is_promised_too() -> None:
    """From the commit on that brings it: `make schemas` writes it down."""
    assert PROMISED.read_text() == grown(promised())
    assert promised().keys() == MODELS.keys()


@pytest.mark.parametrize(
    ("now", "sides"),
    [
        (another(V1, count=None), {"reads", "writes"}),
        (another(V1, more=(str, ...)), {"reads"}),
        (another(V1, count=(int, ...)), {"reads"}),
        (another(V1, id=(str, "")), {"writes"}),
        (another(V1, id=(str | None, None)), {"reads", "writes"}),
        (another(V1, count=(str, "")), {"reads", "writes"}),
        (another(V1, limited=(Annotated[str, Field(max_length=8)], "")), {"reads", "writes"}),
        (another(V1, either=(int, 0)), {"reads", "writes"}),
        (another(V1, count=(int, 1)), {"reads", "writes"}),
        (another(V1, inner=(Inner | None, Inner(code="a"))), {"reads", "writes"}),
        (another(V1, id=(Literal["a", "b"], ...)), {"reads"}),
        (another(V1, id=(Annotated[str, Field(alias="ID")], ...)), {"reads", "writes"}),
        (another(V1, more=(str | None, None)), set()),
        (another(V1, more=(Inner | None, None)), set()),
    ],
)
def test_a_change_that_breaks_is_told_and_an_added_optional_field_is_not(now: type[Message], sides: set[Side]) -> None:
    """Removed, newly required or absent, another name, type, limit or default; what is new and optional is none."""
    assert told(now) == sides


@pytest.mark.parametrize("where", ["inner", "several", "named"])
@pytest.mark.parametrize(
    ("inner", "breaks"),
    [
        (another(Inner, note=None), True),
        (another(Inner, more=(str, ...)), True),
        (another(Inner, code=(Literal["a"], ...)), True),
        (another(Inner, code=(Literal["a", "b", "c"], ...)), False),
        (another(Inner, more=(str | None, None)), False),
    ],
)
def test_it_is_looked_for_at_every_depth(where: str, inner: type[Message], *, breaks: bool) -> None:
    """Within a field, a list and a mapping; of codes there may be more, not fewer."""
    assert bool(told(around(inner, where))) is breaks


@every_message
def test_every_rule_of_a_message_stands_in_its_schema(name: str) -> None:
    """One that only code knows could be made stricter and nobody would see it. What is `Sensitive` is only wrapped."""
    rules = "function-(before|wrap)" if name == "particulars" else "function-"
    assert not re.search(rules, repr(MODELS[name].__pydantic_core_schema__))


@every_message
def test_published_schemas_leave_room_for_added_fields(name: str) -> None:
    """A reader that validates with our schema must not refuse a later optional field."""
    assert "additionalProperties" not in json.dumps(json_schema(MODELS[name]))

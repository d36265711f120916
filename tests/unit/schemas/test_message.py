"""What messages write."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Kind
from schemas.message import Lasting, Message
from schemas.signal import Particulars
from tests.unit.schemas.test_examples import GOLDEN, model_of

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


class Inner(Lasting):
    """Stands in another."""

    text: str | None = None
    moment: datetime


class Outer(Message):
    """Whatever a field of ours can be."""

    id: UUID
    kind: Kind | None
    seconds: float
    number: int
    flag: bool
    counted: dict[Kind, int]
    within: timedelta
    inner: tuple[Inner, ...]


def pydantics(message: Message) -> bytes:
    """What pydantic itself writes."""
    return message.__pydantic_serializer__.to_json(message, exclude_none=True)


inner = st.builds(Inner, text=st.none() | st.text(), moment=st.datetimes(timezones=ZONES))
outer = st.builds(
    Outer,
    id=st.uuids(),
    kind=st.none() | st.sampled_from(Kind),
    seconds=st.floats(0, 1e6) | st.just(float("nan")),
    number=st.integers(-(2**53), 2**53),
    flag=st.booleans(),
    counted=st.dictionaries(st.sampled_from(Kind), st.integers(0, 9)),
    within=st.timedeltas(),
    inner=st.lists(inner).map(tuple),
)


@given(outer)
def test_it_writes_what_pydantic_writes(message: Message) -> None:
    """Byte for byte: whatever zone a moment has, at any depth, and also the second time."""
    assert message.write() == pydantics(message) == message.write()


@pytest.mark.parametrize(
    "path", [path for path in GOLDEN if model_of(path) is not Particulars], ids=lambda path: path.stem
)
def test_every_golden_example_is_written_as_pydantic_does(path: Path) -> None:
    """So does every message of ours."""
    message = model_of(path).read(path.read_bytes())
    assert message.write() == pydantics(message)


def test_a_copy_has_bytes_of_its_own() -> None:
    """What was written before the change is not written after it."""
    first = Inner(text="before", moment=datetime.fromisoformat("2026-03-02T21:45:12+01:00"))
    parts: dict[str, Any] = {"id": UUID(int=1), "kind": None, "seconds": 0.5, "number": 1, "flag": True, "counted": {}}
    parts["within"] = timedelta(hours=1)
    assert b"before" in Outer(**parts, inner=(first,)).write()
    changed = first.model_copy(update={"text": "after"})
    assert b"after" in Outer(**parts, inner=(changed,)).write()
    assert changed == Inner(text="after", moment=first.moment)

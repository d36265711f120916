"""Whoever looks whether every source is read goes on looking, whatever one look comes to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from services.runtime.kafka.owners import Owners, owned
from services.runtime.kafka.reading import Offsets
from services.runtime.settings import KafkaSettings
from tests.unit.runtime.conftest import Lines

SETTINGS = KafkaSettings()


async def test_a_look_that_fails_is_told_and_not_the_last(monkeypatch: pytest.MonkeyPatch, lines: Lines) -> None:
    """An answer that nobody expected would end the looking in silence, and a source that nobody reads with it."""
    looks = asyncio.Queue[None]()

    async def unreadable(*_given: object) -> None:
        looks.put_nowait(None)
        raise ValueError("not what we know")

    monkeypatch.setattr("services.runtime.kafka.owners.owned", unreadable)
    owners = Owners(SETTINGS, "group", ["topic"], every=0)
    owners.start()
    async with asyncio.timeout(10):
        for _ in range(3):
            await looks.get()
        await owners.stop()
    told = [line for line in lines() if line["event"] == "kafka.owners"]
    assert told[0]["error"] == "ValueError"
    assert told[0]["level"] == "error"


async def test_what_is_found_twice_running_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once may be a group that was dividing; a look that fails in between changes nothing."""
    answers: list[frozenset[tuple[str, int]] | Exception] = [frozenset(), KeyError("members"), frozenset()]
    looks = asyncio.Queue[bool]()

    async def had(*_given: object) -> frozenset[tuple[str, int]]:
        looks.put_nowait(owners.healthy().ready)
        if not answers:
            await asyncio.Event().wait()
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def waiting(*_given: object) -> dict[tuple[str, int], Offsets]:
        return {("topic", 0): Offsets(committed=1, beginning=0, end=2)}

    monkeypatch.setattr("services.runtime.kafka.owners.owned", had)
    monkeypatch.setattr("services.runtime.kafka.owners.offsets", waiting)
    owners = Owners(SETTINGS, "group", ["topic"], every=0)
    owners.start()
    async with asyncio.timeout(10):
        assert [await looks.get() for _ in range(4)] == [True, True, True, False]
        await owners.stop()


async def test_a_member_that_was_given_nothing_has_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A leader may leave a member out; the broker then keeps no bytes for it."""
    told = {"groups": [{"state": "Stable", "members": [{"member_assignment": b""}]}]}
    answer = SimpleNamespace(to_object=lambda: told)

    async def described(*_given: object) -> list[Any]:
        return [answer]

    @asynccontextmanager
    async def admin(*_given: object) -> AsyncIterator[Any]:
        yield SimpleNamespace(describe_consumer_groups=described)

    monkeypatch.setattr("services.runtime.kafka.owners.admin", admin)
    assert await owned(SETTINGS, "group") == frozenset()

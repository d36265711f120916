"""What the router does beside its batches goes on, whatever one turn of it comes to: nobody would see that it ended."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.router.forgetting import Forgetting
from services.router.in_force import InForce
from services.router.store import Memory
from services.router.watch import Watch
from services.runtime.metrics import Metrics
from tests.unit.router.samples import NOW


async def three_times(begin: Callable[[Callable[..., Awaitable[Any]]], Awaitable[None]]) -> None:
    """Until what always fails was tried that often."""
    turns = asyncio.Queue[None]()

    async def failing(*_given: object) -> None:
        turns.put_nowait(None)
        raise ValueError("a fault of ours")

    task = asyncio.ensure_future(begin(failing))
    async with asyncio.timeout(10):
        for _ in range(3):
            turn = asyncio.ensure_future(turns.get())
            await asyncio.wait({turn, task}, return_when=asyncio.FIRST_COMPLETED)
            assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_forgetting_goes_on() -> None:
    """Or facts would be kept longer than was promised."""

    async def begin(failing: Callable[..., Awaitable[Any]]) -> None:
        memory = cast("Memory", SimpleNamespace(clock=failing))
        clock = lambda: NOW + timedelta(days=1)  # noqa: E731  as short as a clock can be
        await Forgetting(memory, clock, Metrics(), household_days=1, fact_days=1).keep(0)

    await three_times(begin)


async def test_looking_for_other_rules_goes_on() -> None:
    """Or a folder that changed would never decide."""

    async def begin(failing: Callable[..., Awaitable[Any]]) -> None:
        rules = cast("InForce", SimpleNamespace(current=None, refusal=None, reload=failing))
        await Watch(rules, failing, lambda: NOW, Metrics()).keep(0)

    await three_times(begin)

"""A task that is told to end does, also when it was not listening the first time."""

import asyncio
from contextlib import suppress

from services.runtime.ending import end


async def losing(told: list[str], losses: int) -> None:
    """Goes on for ever, and loses so many cancellations, as a `wait_for` does whose answer came in the same turn."""
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("told")
            if len(told) > losses:
                raise


async def test_a_lost_cancellation_is_said_again() -> None:
    """A loop that swallowed it once or twice would keep whoever stops it waiting for ever."""
    told: list[str] = []
    task = asyncio.create_task(losing(told, 2))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await end(task, again=0.01)
    assert task.cancelled()
    assert len(told) == 3


async def test_who_cleans_up_is_not_disturbed() -> None:
    """Told once, it closes what it opened before it is over."""
    closed: list[str] = []

    async def opened() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            for _turn in range(10):
                await asyncio.sleep(0)
            closed.append("closed")

    task = asyncio.create_task(opened())
    await asyncio.sleep(0)
    await end(task)
    assert closed == ["closed"]


async def test_what_is_over_already_and_nothing_at_all_are_taken_too() -> None:
    """Whoever stops twice, or has nothing under way, waits for nobody."""

    async def failing() -> None:
        raise ValueError("over")

    task = asyncio.create_task(failing())
    with suppress(ValueError):
        await task
    await end(task)
    await end()
    assert isinstance(task.exception(), ValueError)

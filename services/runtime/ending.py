"""ENDING: a task that is told to end does."""

import asyncio
from typing import Any, Final

AGAIN: Final = 5.0  # seconds


async def end(*tasks: asyncio.Task[Any], again: float = AGAIN) -> None:
    """Cancel them and wait until each is over, however it ended. What is over already may be given too.

    A cancellation can get lost: `asyncio.wait_for` of Python 3.11 returns an answer that came in the same turn instead
    (CPython gh-86296), and a loop then goes on for ever. So whoever is still there after `again` seconds is told again.
    """
    left: set[asyncio.Task[Any]] = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again)


def cancelled() -> bool:
    """Whether somebody cancelled us. A CancelledError of a task that we await would pass for it."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0

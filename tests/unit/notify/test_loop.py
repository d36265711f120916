"""A loop goes on: at once when woken, after failures too, and says when it does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.notify.loop import PATIENT, STUCK, Loop
from services.runtime.errors import TryLater

HOUR = 3600.0


class Steps:
    """Counts its steps, and fails while told to."""

    def __init__(self) -> None:
        self.taken = 0
        self.failing = False
        self.going_on = asyncio.Event()
        self.going_on.set()
        self.seen = asyncio.Event()

    async def step(self) -> float:
        """An hour may pass until the next one."""
        self.taken += 1
        self.seen.set()
        await self.going_on.wait()
        if self.failing:
            raise TryLater("database: not now")
        return HOUR

    async def reached(self, count: int) -> None:
        """Wait until so many were taken."""
        async with asyncio.timeout(20):
            while self.taken < count:
                self.seen.clear()
                await self.seen.wait()


@asynccontextmanager
async def started(loop: Loop) -> AsyncIterator[None]:
    """Stopped at the end, whatever happens."""
    loop.start()
    try:
        yield
    finally:
        await loop.stop()


async def test_it_takes_a_step_at_once_and_another_when_woken() -> None:
    """New work does not wait for the clock."""
    steps = Steps()
    loop = Loop("test", steps.step)
    async with started(loop):
        await steps.reached(1)
        loop.wake()
        await steps.reached(2)
    assert steps.taken == 2


async def test_it_goes_on_after_failures_and_is_not_ready_meanwhile() -> None:
    """Whatever was not there comes back some time."""
    steps = Steps()
    steps.failing = True
    loop = Loop("test", steps.step)
    async with started(loop):
        await steps.reached(3)
        health = loop.healthy()
        assert (health.alive, health.ready, health.why) == (True, False, "database: not now")
        steps.failing = False
        before = steps.taken
        await steps.reached(before + 1)
        loop.wake()
        await steps.reached(before + 2)
        assert loop.healthy().ready


async def test_without_progress_it_is_not_alive() -> None:
    """By steps that succeeded, never by a ping; and resting as long as its last step asked for is no lack of it."""
    steps, time = Steps(), [0.0]
    loop = Loop("test", steps.step, lambda: time[0])
    assert not loop.healthy().ready
    async with started(loop):
        await steps.reached(1)
        for resting in (0.0, STUCK + 1, HOUR, HOUR + STUCK):
            time[0] = resting
            assert loop.healthy().alive
        time[0] = HOUR + STUCK + 1
        health = loop.healthy()
    assert (health.alive, health.why) == (False, "test: no progress for 121 s")


async def test_a_step_that_was_woken_for_and_hangs_is_not_alive() -> None:
    """Also where the one before it asked for an hour of rest."""
    steps, time = Steps(), [0.0]
    loop = Loop("test", steps.step, lambda: time[0])
    async with started(loop):
        await steps.reached(1)
        steps.going_on.clear()
        loop.wake()
        await steps.reached(2)
        alive = []
        for time[0] in (STUCK, STUCK + 1):
            alive.append(loop.healthy().alive)
        steps.going_on.set()
    assert alive == [True, False]


async def test_failing_all_the_time_it_is_not_alive() -> None:
    """Trying is no progress; who says what it waits for has more time, as a new process would wait for that too."""
    steps, time = Steps(), [0.0]
    steps.failing = True
    loop = Loop("test", steps.step, lambda: time[0])
    async with started(loop):
        await steps.reached(2)
        before, time[0] = steps.taken, PATIENT
        await steps.reached(before + 1)
        waiting, time[0] = loop.healthy(), PATIENT + 1
        health = loop.healthy()
        steps.failing = False
    assert (waiting.alive, waiting.ready) == (True, False)
    assert (health.alive, health.why) == (False, "test: no progress for 301 s: database: not now")


async def test_stopping_twice_is_harmless() -> None:
    """And stopping one that never began."""
    loop = Loop("test", Steps().step)
    await loop.stop()
    async with started(Loop("other", Steps().step)):
        pass
    await loop.stop()

"""LOOP: a step taken again and again: at once when woken, else when the step said, and never a failure for ever."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import random
from typing import Final

from services.runtime.errors import TryLater, told
from services.runtime.kafka.backoff import pause
from services.runtime.log import get_logger
from services.runtime.service import Health

log = get_logger(__name__)

STUCK: Final = 120.0
"""Seconds that a step is due, or under way, without success: not alive. A rest that the last step asked for is none."""

PATIENT: Final = 300.0
"""The same for one that says what it waits for: a new process would wait for that too, and start more slowly."""


class Loop:
    """One task. `step` returns how many seconds may pass until the next one."""

    def __init__(
        self, name: str, step: Callable[[], Awaitable[float]], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._step = step
        self._ticks = ticks
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._due = ticks()
        self._failures = 0
        self._why = ""
        self._patience = STUCK

    def start(self) -> None:
        """The first step is taken at once."""
        self._due = self._ticks()
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self) -> None:
        """Let the step in hand end; take no other. Safe to call twice."""
        self._stopping = True
        self._woken.set()
        task, self._task = self._task, None
        if task is not None:
            await task

    def wake(self) -> None:
        """There may be something to do now."""
        self._woken.set()

    def healthy(self) -> Health:
        """By steps that succeeded."""
        if self._task is None:
            return Health(alive=True, ready=False, why=f"{self.name}: not started")
        silent = self._ticks() - self._due
        if self._task.done() or silent > self._patience:
            why = ": ".join(part for part in (f"{self.name}: no progress for {silent:.0f} s", self._why) if part)
            return Health(alive=False, ready=False, why=why)
        return Health(alive=True, ready=not self._failures, why=self._why)

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            wait = await self._take()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)

    async def _take(self) -> float:
        """Whatever fails, it is tried again: what was not committed did not happen."""
        self._due = min(self._due, self._ticks())  # one that is woken early is held to its time from here
        try:
            wait = await self._step()
        except Exception as error:  # noqa: BLE001  told in our own way, and tried again
            self._failures += 1
            later = isinstance(error, TryLater)
            self._why = told(error) if later else f"{self.name}: {told(error)}"
            self._patience = PATIENT if later else STUCK
            tell = log.warning if later else log.error
            tell("notify.loop", service=self.name, exc_info=error)
            self._woken.clear()
            return pause(self._failures, random())  # noqa: S311  spreads retries, guards nothing
        self._due = self._ticks() + wait
        self._failures = 0
        self._why, self._patience = "", STUCK
        return wait

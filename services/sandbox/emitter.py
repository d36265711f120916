"""Writes what the sample corporations' systems would write, at a steady pace, into their own topics."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Final

from services.runtime.ending import end
from services.runtime.errors import TryLater
from services.runtime.kafka import Sink
from services.runtime.service import Health
from services.sandbox.plan import Emission, Emitted

TICKS_PER_SECOND: Final = 5
AGAIN_SECONDS: Final = 0.5


class Emitter:
    """A service: `rate` signals a second, until `signals` are written, or without end when that is 0."""

    name = "sample corporations"

    def __init__(self, sink: Sink, plan: Iterator[Emitted], *, rate: float, signals: int) -> None:
        self.emitted: Counter[Emission] = Counter()
        self.done = asyncio.Event()
        self._sink = sink
        self._plan = plan
        self._rate = rate
        self._signals = signals
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and begin to write at the rate that was asked for."""
        await self._sink.start()
        self._task = asyncio.create_task(self._write())

    async def stop(self) -> None:
        """Stop where it is; what was written is in the topics. Safe to call twice."""
        task, self._task = self._task, None
        if task is not None:
            await end(task)
        await self._sink.stop()

    def healthy(self) -> Health:
        """Alive while it writes or has written everything."""
        broken = self._task is not None and self._task.done() and not self.done.is_set()
        return Health(alive=not broken, ready=self._task is not None, why="stopped writing" if broken else "")

    async def _write(self) -> None:
        due = 0.0
        while not self._all_written():
            due += self._rate / TICKS_PER_SECOND
            batch = self._next(int(due))
            due -= int(due)
            while batch:
                try:
                    await self._sink.send([each.record for each in batch])
                    break
                except TryLater:
                    await asyncio.sleep(AGAIN_SECONDS)  # the broker restarts: a tenant system would wait as well
            self.emitted.update(each.emission for each in batch)
            await asyncio.sleep(1 / TICKS_PER_SECOND)
        self.done.set()

    def _all_written(self) -> bool:
        return 0 < self._signals <= self.emitted[Emission.SIGNAL]

    def _next(self, signals: int) -> list[Emitted]:
        """Records up to that many signals, with what stands beside and after them."""
        left = self._signals - self.emitted[Emission.SIGNAL] if self._signals else signals
        batch: list[Emitted] = []
        incidents = min(signals, left)
        while incidents > 0:
            each = next(self._plan)
            batch.append(each)
            incidents -= each.last
        return batch

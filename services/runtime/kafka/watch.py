"""What a hop's consumer is doing: how far the poll loop came, what is in hand, which partitions move."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from services.runtime.kafka.anew import Anew
from services.runtime.kafka.liveness import Moved, Progress, moved
from services.runtime.kafka.namesake import Namesake
from services.runtime.kafka.polling import read
from services.runtime.kafka.positions import Partition
from services.runtime.kafka.timing import Timing

LOOK: Final = 1.0  # seconds between two looks at the partitions


class Watch(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Follows one consumer. As its rebalance listener it holds a rebalance up until the batch in hand is committed."""

    def __init__(self, timing: Timing, ticks: Callable[[], float], namesake: Namesake, anew: Anew) -> None:
        """`ticks` gives seconds of a monotonic clock."""
        self._namesake = namesake
        self._anew = anew
        self._timing = timing
        self._ticks = ticks
        self._idle = asyncio.Event()
        self._idle.set()
        self._joined = False
        self._polled = self._looked = ticks()
        self._taken: float | None = None
        self._in_hand = 0
        self._moved: dict[Partition, Moved] = {}
        self._undecoded: dict[Partition, int | None] = {}

    def progress(self) -> Progress:
        """So far."""
        return Progress(
            joined=self._joined,
            polled=self._polled,
            taken=self._taken,
            moved=self._moved,
            undecoded=frozenset(self._undecoded),
        )

    def about_to_poll(self, consumer: AIOKafkaConsumer) -> None:
        """Looks, once a round, how far each partition has come."""
        now = self._ticks()
        if now - self._looked < LOOK:
            return
        self._looked = now
        seen: dict[Partition, Moved] = {}
        for each in consumer.assignment():
            where = (each.topic, each.partition)
            seen[where] = moved(self._moved.get(where), read(consumer, each), now)
        self._moved = seen
        still = {where: at for where, at in self._undecoded.items() if where in seen}
        self._undecoded = {where: at for where, at in still.items() if seen[where].reading.position == at}

    def cannot_decode(self, partition: TopicPartition, position: int | None) -> None:
        """Others could be read, and this one stands there until it can be."""
        self._undecoded[partition.topic, partition.partition] = position

    async def stumbled(self) -> None:
        """A poll failed. In no group, it may be that the broker does not let us in by our name."""
        if not self._joined:
            await self._namesake.look()

    def polled(self) -> None:
        """The poll loop came round."""
        self._polled = self._ticks()

    def lag(self, consumer: AIOKafkaConsumer) -> int:
        """Records of our partitions that are not done yet: those in hand, and those still to be read."""
        return self._in_hand + sum(read(consumer, each).left for each in consumer.assignment())

    def take(self, records: int) -> None:
        """A batch of so many is in hand."""
        self._taken = self._ticks()
        self._in_hand = records
        self._idle.clear()

    def put_down(self, *, finished: bool) -> None:
        """It no longer is: committed, or to be read again."""
        now = self._ticks()
        if finished and self._taken is not None:  # while we were busy, no partition could move
            busy = now - self._taken
            self._moved = {where: replace(last, at=last.at + busy) for where, last in self._moved.items()}
        self._taken = None
        self._in_hand = 0
        self._polled = now
        self._idle.set()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002  aiokafka's signature
        """Waits, while the heartbeats go on: the old owner commits what it has done, so that nobody does it again."""
        self._joined = False
        with suppress(TimeoutError):  # then its records come again with the new owner
            await asyncio.wait_for(self._idle.wait(), self._timing.drain)
        if self._namesake.forgotten and await self._namesake.look():
            await asyncio.Event().wait()  # joining would push the other one out; `step_aside` ends this

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:  # noqa: ARG002  aiokafka's signature
        """From here on they are ours."""
        self._joined = True
        self._anew.assigned()
        self._moved = {}
        self._undecoded = {}
        self._namesake.seen()

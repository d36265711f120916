"""What a hop's consumer is doing: how far the poll loop came, what is in hand, whether records wait."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from services.runtime.kafka.liveness import Progress
from services.runtime.kafka.timing import Timing

ROUND: Final = 1.0  # seconds; records that arrive end a round at once

Batches = dict[TopicPartition, list[Any]]


class Watch(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Follows one consumer. As its rebalance listener it holds a rebalance up until the batch in hand is committed."""

    def __init__(self, timing: Timing, ticks: Callable[[], float]) -> None:
        """`ticks` gives seconds of a monotonic clock."""
        self._timing = timing
        self._ticks = ticks
        self._idle = asyncio.Event()
        self._idle.set()
        self._partitions: int | None = None
        self._polled = ticks()
        self._taken: float | None = None
        self._behind: float | None = None

    def progress(self) -> Progress:
        """So far."""
        return Progress(partitions=self._partitions, polled=self._polled, taken=self._taken, behind=self._behind)

    def follow(self, consumer: AIOKafkaConsumer) -> None:
        """Has the poll loop come round once a second, without ever telling FastStream that there was nothing.

        FastStream sleeps for a whole batch_timeout_ms after an empty poll, deaf to records that arrive meanwhile: a
        short one costs CPU when idle, a long one latency. aiokafka's own wait wakes up on data, so we wait there.
        """
        poll = consumer.getmany

        async def until_records(*, timeout_ms: int, max_records: int | None) -> Batches:  # noqa: ARG001  FastStream's names
            while True:
                batches: Batches = await poll(timeout_ms=int(ROUND * 1000), max_records=max_records)
                self._polled = self._ticks()
                if batches:
                    return batches
                await self._look(consumer)

        consumer.getmany = until_records

    def take(self) -> None:
        """A batch is in hand."""
        self._taken = self._ticks()
        self._idle.clear()

    def put_down(self, *, finished: bool) -> None:
        """It no longer is: committed, or to be read again."""
        self._taken = None
        self._polled = self._ticks()
        if finished:
            self._behind = None
        else:
            self._wait_on()
        self._idle.set()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002  aiokafka's signature
        """Waits, while the heartbeats go on: the old owner commits what it has done, so that nobody does it again."""
        self._partitions = None
        try:
            await asyncio.wait_for(self._idle.wait(), self._timing.drain)
        except TimeoutError:
            return  # its records come again with the new owner

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """From here on they are ours."""
        self._partitions = len(assigned)
        self._behind = None

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """After a round without records: were there any to be had?"""
        for partition in consumer.assignment():
            try:
                position = await asyncio.wait_for(consumer.position(partition), ROUND)
            except TimeoutError:
                return self._wait_on()  # we do not even know where to read
            end = consumer.last_stable_offset(partition)
            if end is None or end < 0:
                end = consumer.highwater(partition)
            if end is not None and end > position:
                return self._wait_on()
        self._behind = None
        return None

    def _wait_on(self) -> None:
        if self._behind is None:
            self._behind = self._ticks()

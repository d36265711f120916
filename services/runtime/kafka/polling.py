"""The poll beneath FastStream's loop: it wakes up on records, and a partition that cannot be read stops nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError

from services.runtime.kafka.liveness import Reading

ROUND_MS: Final = 1_000  # how often the loop comes round without records; those that arrive end a round at once
CAREFUL: Final = 5.0  # seconds
ASIDE: Final = 30.0  # seconds
BREATH: Final = 0.05  # seconds
NEVER: Final = 3600.0  # seconds

Batches = dict[TopicPartition, list[Any]]
Positions = dict[TopicPartition, int | None]  # None while the consumer does not know it yet


class Watcher(Protocol):
    """Who is told how the poll loop fares."""

    def about_to_poll(self, consumer: AIOKafkaConsumer) -> None:
        """What was handed out before is by now either finished or rewound."""

    def polled(self) -> None:
        """A poll ended well."""

    def cannot_decode(self, partition: TopicPartition, position: int | None) -> None:
        """This partition alone cannot be read from there on."""

    async def stumbled(self) -> None:
        """A poll did not."""


class Poll:
    """Stands in for the consumer's `getmany`, and only returns with records.

    FastStream sleeps for a whole batch_timeout_ms after an empty poll, deaf to records that arrive meanwhile: a short
    one costs CPU when idle, a long one latency. aiokafka's own wait wakes up on records, so we wait there.

    When one partition fails (a batch that cannot be decoded, say), aiokafka drops what the same poll had taken from
    others, though their positions have moved: those records would never be seen. So positions are put back, and for
    `CAREFUL` seconds each partition is polled alone; the one that fails alone is set aside for `ASIDE` seconds.
    """

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        watcher: Watcher,
        ticks: Callable[[], float],
        look: Callable[[AIOKafkaConsumer], Awaitable[None]] | None = None,
    ) -> None:
        """`look` is awaited before each poll, when no batch is in hand."""
        self._consumer = consumer
        self._watcher = watcher
        self._ticks = ticks
        self._look = look
        self._getmany: Callable[..., Awaitable[Batches]] = consumer.getmany
        self._careful = ticks()
        self._aside: dict[TopicPartition, float] = {}
        self._turn = 0
        # While one partition's records wait here for more than 0.1 s, aiokafka asks for those of the others alone, with
        # a long poll that holds up the next request to that broker: a busy partition beside idle ones then stands still
        # for fetch_max_wait_ms after every fetch (measured: 10 000 records in 5.8 s instead of 3.3 s).
        consumer._fetcher._prefetch_backoff = NEVER  # noqa: SLF001  no argument of the pinned version sets it

    async def __call__(self, *, timeout_ms: int, max_records: int | None) -> Batches:  # noqa: ARG002  FastStream's
        """Raises KafkaError when no partition can be read: FastStream waits 5 s then, and not at all after others."""
        while True:
            self._watcher.about_to_poll(self._consumer)
            if self._look is not None:
                await self._look(self._consumer)
            self._take_back()
            before = _positions(self._consumer)
            if self._ticks() < self._careful or None in before.values():
                batches = await self._each_alone(max_records)
            else:
                batches = await self._all_together(before, max_records)
            self._watcher.polled()
            if batches:
                return batches

    async def _all_together(self, before: Positions, max_records: int | None) -> Batches:
        batches = await self._decoded(before, timeout_ms=ROUND_MS, max_records=max_records)
        if batches is not None:
            return batches
        self._careful = self._ticks() + CAREFUL
        await self._watcher.stumbled()
        return {}

    async def _each_alone(self, max_records: int | None) -> Batches:
        """The first that has records, beginning with another one each time."""
        ours = sorted(self._consumer.assignment())
        self._turn += 1
        start = self._turn % len(ours) if ours else 0
        failed: list[TopicPartition] = []
        for partition in (*ours[start:], *ours[:start]):
            before: Positions = {partition: read(self._consumer, partition).position}
            batches = await self._decoded(before, partition, timeout_ms=0, max_records=max_records)
            if batches is None:
                failed.append(partition)
            elif batches:
                self._set_aside(failed)
                return batches
        if len(failed) == len(ours):
            await self._watcher.stumbled()
            raise KafkaError("no partition can be read")
        self._set_aside(failed)
        await asyncio.sleep(BREATH)
        return {}

    async def _decoded(self, before: Positions, *partitions: TopicPartition, **how: int | None) -> Batches | None:
        """None when they cannot be decoded: then it stands where it stood before."""
        try:
            return await self._getmany(*partitions, **how)
        except ConsumerStoppedError:
            raise
        except Exception:  # noqa: BLE001  a decoder raises many kinds; what it could not decode is read again
            _rewind(self._consumer, before)
            return None

    def _set_aside(self, failed: list[TopicPartition]) -> None:
        for partition in failed:
            if partition in self._consumer.assignment():
                self._watcher.cannot_decode(partition, read(self._consumer, partition).position)
                self._consumer.pause(partition)
                self._aside[partition] = self._ticks() + ASIDE

    def _take_back(self) -> None:
        now = self._ticks()
        for partition in [each for each, until in self._aside.items() if until <= now]:
            del self._aside[partition]
            if partition in self._consumer.assignment():
                self._consumer.resume(partition)
                self._careful = now + CAREFUL


def read(consumer: AIOKafkaConsumer, partition: TopicPartition) -> Reading:
    """What `position`, `last_stable_offset`, `highwater` and `last_poll_timestamp` would tell, without waiting."""
    state = consumer._subscription.subscription.assignment.state_value(partition)  # noqa: SLF001  `position` may wait
    end = state.highwater if state.lso is None or state.lso < 0 else state.lso
    return Reading(position=state.position if state.has_valid_position else None, end=end, told=state.timestamp)


def _positions(consumer: AIOKafkaConsumer) -> Positions:
    return {partition: read(consumer, partition).position for partition in consumer.assignment()}


def _rewind(consumer: AIOKafkaConsumer, before: Positions) -> None:
    """Puts positions back, and has aiokafka forget what it still holds of these partitions."""
    ours = consumer.assignment()
    for partition, position in before.items():
        if partition in ours and position is not None:
            consumer.seek(partition, position)

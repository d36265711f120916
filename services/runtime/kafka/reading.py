"""Looking at topics without taking part: how far a group has come, and all records there are now."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, NoError, TopicAuthorizationFailedError

from schemas.parked import Coordinates
from schemas.record import Record
from services.runtime.errors import Refused
from services.runtime.kafka.connection import arguments, reached
from services.runtime.kafka.opening import opened
from services.runtime.kafka.topics import admin, partitions
from services.runtime.settings import KafkaSettings

CLIENT_ID: Final = "seinpaal-reading"
REQUEST_TIMEOUT_MS: Final = 15_000
AT_ONCE: Final = 500
ROUND_MS: Final = 1_000
RETRY: Final = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Offsets:
    """One partition as a group sees it. `committed` is the next offset it will read; None when it never committed."""

    committed: int | None
    beginning: int
    end: int

    @property
    def lag(self) -> int:
        """How many offsets lie between the group and the end."""
        return self.end - max(self.beginning, self.committed or 0)


async def offsets(settings: KafkaSettings, group: str, topics: Sequence[str]) -> dict[tuple[str, int], Offsets]:
    """By topic and partition. Raises `Refused` for a topic there is not, `TryLater` without a broker."""
    async with admin(settings) as client, _consumer(settings) as consumer:
        every = await _every_partition(client, topics)
        beginning = await consumer.beginning_offsets(every)
        end = await consumer.end_offsets(every)
        committed = await _committed(client, group, every)
    return {(each.topic, each.partition): Offsets(committed[each], beginning[each], end[each]) for each in every}


async def scan(
    settings: KafkaSettings, topic: str, *, start: int = 0, starts: Mapping[int, int] | None = None
) -> AsyncGenerator[Record]:
    """Every record that is in the topic when it is called, partition by partition in order; what comes later is left.

    Begins at offset `start` of every partition, or at the oldest there is; with `starts`, of each partition where that
    says, unless it ends before there, as in a topic that was made anew. Nothing is committed. Raises `Refused` for a
    topic there is not, `TryLater` without a broker.
    """
    async with admin(settings) as client:
        every = await _every_partition(client, [topic])
    async with _consumer(settings) as consumer:
        beginning = await consumer.beginning_offsets(every)
        end = await consumer.end_offsets(every)
        for partition in every:
            consumer.assign([partition])
            first = start if starts is None else starts.get(partition.partition, 0)
            anew = starts is not None and first > end[partition]
            consumer.seek(partition, beginning[partition] if anew else max(first, beginning[partition]))
            while await consumer.position(partition) < end[partition]:
                batches = await consumer.getmany(timeout_ms=ROUND_MS, max_records=AT_ONCE)
                for record in batches.get(partition, ()):
                    if record.offset < end[partition]:
                        yield record


async def record_at(settings: KafkaSettings, place: Coordinates) -> Record | None:
    """The record that stands there; None when its topic has let it go.

    Raises `Refused` when we may not read there, `TryLater` without a broker.
    """
    where = TopicPartition(place.topic, place.partition)
    async with admin(settings) as client:
        if place.partition not in (await partitions(client, [place.topic])).get(place.topic, []):
            return None
    async with _consumer(settings) as consumer:
        consumer.assign([where])
        beginning, end = await consumer.beginning_offsets([where]), await consumer.end_offsets([where])
        if not beginning[where] <= place.offset < end[where]:
            return None
        consumer.seek(where, place.offset)
        try:
            while await consumer.position(where) < end[where]:
                for record in (await consumer.getmany(where, timeout_ms=ROUND_MS, max_records=1)).get(where, ()):
                    return record if record.offset == place.offset else None
        except TopicAuthorizationFailedError:
            raise Refused(f"topic {place.topic} may not be read: give us Read on it") from None
    return None


async def _every_partition(client: AIOKafkaAdminClient, topics: Sequence[str]) -> list[TopicPartition]:
    found = await partitions(client, topics)
    for topic in topics:
        if topic not in found:
            raise Refused(f"topic {topic} does not exist")
    return [TopicPartition(topic, number) for topic in topics for number in found[topic]]


async def _committed(
    client: AIOKafkaAdminClient, group: str, every: list[TopicPartition]
) -> dict[TopicPartition, int | None]:
    """None where the group never committed: Kafka answers -1 then.

    A coordinator that is not ready answers nothing at all, and aiokafka passes that on as an empty answer, or as an
    error without a code: it is asked again.
    """
    async with asyncio.timeout(REQUEST_TIMEOUT_MS / 1000):
        while True:
            try:
                answer = await client.list_consumer_group_offsets(group, partitions=every)
            except KafkaError as error:
                if not (error.retriable or isinstance(error, NoError)):
                    raise
                answer = {}
            if all(each in answer for each in every):
                return {each: answer[each].offset if answer[each].offset >= 0 else None for each in every}
            await asyncio.sleep(RETRY)


@asynccontextmanager
async def _consumer(settings: KafkaSettings) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        **arguments(settings, client_id=CLIENT_ID),
        enable_auto_commit=False,
        isolation_level="read_committed",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
    )
    try:
        with reached(settings):
            await opened(consumer.start())
            yield consumer
    finally:
        await consumer.stop()

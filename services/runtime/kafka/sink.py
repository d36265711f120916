"""Where outputs go: one Kafka batch per partition, and silence only when every replica in sync has them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from schemas.cloudevents import OUR_SOURCE, sent_by
from schemas.record import Output
from services.runtime.errors import TryLater, Unreadable
from services.runtime.kafka.connection import reached
from services.runtime.kafka.placement import place
from services.runtime.kafka.producer import BROKER_LIMIT, abandon, open_producer
from services.runtime.settings import KafkaSettings

PATIENCE: Final = 30.0
STOP_PATIENCE: Final = 10.0

REFUSED_FOR_SIZE: Final = (MessageSizeTooLargeError, RecordListTooLargeError)
"""Above max.message.bytes, or larger than a segment of its topic: the broker never takes it."""

Batch = tuple[Any, int]  # aiokafka's BatchBuilder, and the index of its first output
Filled = dict[tuple[str, int], list[Batch]]  # by topic and partition, in the order of the outputs


class TooLarge(Unreadable):
    """An output that no broker would take: park what caused it. `index` is its place among the outputs given."""

    def __init__(self, index: int, size: int) -> None:
        super().__init__("too-large", fix=f"{size} bytes as one record, and Kafka takes {BROKER_LIMIT}")
        self.index = index
        self.size = size


class Sink:
    """Writes outputs to their topics. Safe to share between hops, and it heals: a producer that failed is replaced."""

    def __init__(self, settings: KafkaSettings, *, client_id: str, patience: float = PATIENCE) -> None:
        """`patience` is how many seconds one `send` may wait for its acknowledgements.

        What we wrote says who we are from here on: it is put in where all goes through.
        """
        self._settings = settings
        self._client_id = client_id
        self._patience = patience
        self._source = None if settings.source == OUR_SOURCE else settings.source.encode()
        self._producer: AIOKafkaProducer | None = None
        self._opening = asyncio.Lock()
        self._abandoned: set[asyncio.Task[None]] = set()
        self._narrow: set[str] = set()
        self._turn = count()

    async def start(self) -> None:
        """Connects. Raises `TryLater` when no broker answers."""
        with reached(self._settings):
            await self._open()

    async def stop(self) -> None:
        """Waits for what is being sent, a while, and closes. Safe to call twice."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(TimeoutError):  # whoever waits for these batches gets TryLater
                await asyncio.wait_for(producer.flush(), STOP_PATIENCE)
            await abandon(producer)
        if self._abandoned:
            await asyncio.wait(self._abandoned)

    async def send(self, outputs: Sequence[Output]) -> None:
        """Returns when every output is acknowledged by all replicas in sync; order is kept within a partition.

        Raises `TooLarge` for an output that can never be taken, before anything is sent, and `TryLater` when not all
        were acknowledged. Then some may have been written: send them all again.
        """
        if not outputs:
            return
        producer: AIOKafkaProducer | None = None
        try:
            async with asyncio.timeout(self._patience):
                producer = await self._open()
                filled = await self._fill(producer, outputs)
                await self._deliver(producer, filled)
        except (KafkaError, OSError) as error:  # TimeoutError is an OSError
            if producer is not None:
                self._replace(producer)
            raise TryLater(f"not every output was acknowledged: {type(error).__name__}") from error

    async def _fill(self, producer: AIOKafkaProducer, outputs: Sequence[Output]) -> Filled:
        """Every output in a batch of its partition. This loop runs for each record of the house: written for speed."""
        turn, source = next(self._turn), self._source
        appends: dict[str, list[Any]] = {}  # by topic, then by partition: how to add to its current batch
        here: list[Any] = []
        previous = None
        filled: Filled = {}
        for index, output in enumerate(outputs):
            topic, key, headers = output.topic, output.key, output.headers
            if topic != previous:
                if topic not in appends:
                    appends[topic] = [None] * len(await producer.partitions_for(topic))
                here, previous = appends[topic], topic
            partition = turn % len(here) if key is None else place(key, len(here))
            if source is not None:
                headers = sent_by(source, headers)
            if type(headers) is not list:
                headers = list(headers)  # all that aiokafka's C code takes
            append = here[partition]
            if append is not None and append(timestamp=None, key=key, value=output.value, headers=headers) is not None:
                continue
            batch = producer.create_batch()
            batch.append(timestamp=None, key=key, value=output.value, headers=headers)
            if batch.size() > BROKER_LIMIT:
                raise TooLarge(index, batch.size())
            filled.setdefault((topic, partition), []).append((batch, index))
            if topic not in self._narrow:
                here[partition] = batch.append
        return filled

    async def _deliver(self, producer: AIOKafkaProducer, filled: Filled) -> None:
        results = await asyncio.gather(
            *(self._deliver_in_order(producer, *where, batches) for where, batches in filled.items()),
            return_exceptions=True,
        )
        for result in results:
            if result is not None:
                raise result

    async def _deliver_in_order(
        self, producer: AIOKafkaProducer, topic: str, partition: int, batches: Sequence[Batch]
    ) -> None:
        for batch, index in batches:
            acknowledged = await producer.send_batch(batch, topic, partition=partition)
            try:
                await acknowledged
            except REFUSED_FOR_SIZE as error:  # the topic takes less than Kafka's default
                self._replace(producer)
                if batch.record_count() == 1:
                    raise TooLarge(index, batch.size()) from error
                self._narrow.add(topic)  # one record a batch from now on: slow, and it tells which one is too large
                raise

    async def _open(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._producer is None:
                self._producer = await open_producer(self._settings, client_id=self._client_id)
            return self._producer

    def _replace(self, producer: AIOKafkaProducer) -> None:
        """The next `send` opens another; whoever still waits on this one fails, and sends again."""
        if self._producer is producer:
            self._producer = None
            ending = asyncio.create_task(abandon(producer))
            self._abandoned.add(ending)
            ending.add_done_callback(self._abandoned.discard)

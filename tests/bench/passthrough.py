"""The base of a hop: aiokafka by hand, bytes in and the same bytes out, acknowledged before they are committed."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.runtime.kafka import BatchSeen

AT_ONCE: Final = 1000


@dataclass(slots=True)
class Pace:
    """Counts what was committed. The first batch starts the clock: joining a group is not what is measured."""

    records: int = 0
    _first: int = 0
    _began: tuple[float, float] = (0.0, 0.0)
    _ended: tuple[float, float] = (0.0, 0.0)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, records: int) -> None:
        """So many more are committed."""
        self.records += records
        self._ended = (time.perf_counter(), time.process_time())
        if not self._first:
            self._first, self._began = records, self._ended
        self._changed.set()

    def observe(self, batch: BatchSeen) -> None:
        """One batch of a hop. Raises when it was not committed: a measurement is no place for trouble."""
        if batch.outcome != "committed" or batch.parked:
            raise RuntimeError(f"{batch.name}: {batch.outcome} {batch.why}, {batch.parked} parked")
        self.add(batch.records)

    async def until(self, records: int, within: float = 120.0) -> None:
        """Wait for so many."""
        async with asyncio.timeout(within):
            while self.records < records:
                self._changed.clear()
                await self._changed.wait()

    @property
    def rate(self) -> float:
        """Records a second, from the first commit to the last."""
        return (self.records - self._first) / (self._ended[0] - self._began[0])

    @property
    def cpu(self) -> float:
        """Microseconds of CPU of this process a record."""
        return (self._ended[1] - self._began[1]) / (self.records - self._first) * 1e6


async def pass_through(bootstrap: str, source: str, target: str, group: str, records: int) -> Pace:
    """So many records of `source`, to the same partition of `target`."""
    consumer = AIOKafkaConsumer(
        source,
        bootstrap_servers=bootstrap,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=1_000_000
    )
    pace = Pace()
    await producer.start()
    await consumer.start()
    try:
        while pace.records < records:
            batches = await consumer.getmany(timeout_ms=1000, max_records=AT_ONCE)
            acknowledged = []
            for partition, found in batches.items():
                builder = producer.create_batch()
                for record in found:
                    given = {"key": record.key, "value": record.value, "headers": list(record.headers)}
                    if builder.append(timestamp=None, **given) is None:
                        acknowledged.append(await producer.send_batch(builder, target, partition=partition.partition))
                        builder = producer.create_batch()
                        builder.append(timestamp=None, **given)
                acknowledged.append(await producer.send_batch(builder, target, partition=partition.partition))
            await asyncio.gather(*acknowledged)
            if batches:
                await consumer.commit()
                pace.add(sum(map(len, batches.values())))
    finally:
        await consumer.stop()
        await producer.stop()
    return pace

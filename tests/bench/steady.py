"""A tenant system that writes at a steady pace, and remembers when it wrote what."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.record import Output
from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings


@dataclass(slots=True)
class Steady:
    """`written` holds, by a record's key, when it began to be written, in seconds since 1970."""

    kafka: KafkaSettings
    rate: float
    written: dict[str, float] = field(default_factory=dict)

    async def write(self, records: Iterable[Output]) -> None:
        """One by one, each acknowledged, until there are no more or it is cancelled."""
        sink = Sink(self.kafka, client_id="bench-steady")
        await sink.start()
        try:
            due = time.monotonic()
            for record in records:
                due += 1 / self.rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                self.written[(record.key or b"").decode()] = time.time()
                await sink.send([record])
        finally:
            await sink.stop()

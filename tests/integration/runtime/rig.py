"""A hop between two topics of its own, and the questions a test asks about them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from schemas.codes import Stage
from schemas.record import Output, Record
from services.runtime.errors import TryLater
from services.runtime.kafka import BatchSeen, Hop, Sink, offsets, scan
from services.runtime.kafka.behind import Stored
from services.runtime.kafka.carrying import Asked, Handler, Park
from services.runtime.kafka.timing import Timing
from services.runtime.settings import KafkaSettings

PARKED = "x-parked"
QUICK = Timing(session=3)


async def eventually(holds: Callable[[], bool] | Callable[[], Awaitable[bool]], within: float = 30) -> None:
    """Returns as soon as the condition holds; fails when it does not within these seconds."""
    async with asyncio.timeout(within):
        while True:
            answer = holds()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.01)


class GatedSink(Sink):
    """The real sink behind a gate: while it is closed, nothing is written and nobody is told otherwise."""

    def __init__(self, settings: KafkaSettings) -> None:
        super().__init__(settings, client_id="gated")
        self.gate = asyncio.Event()
        self.waiting = asyncio.Event()

    async def send(self, outputs: Sequence[Output]) -> None:
        """Waits for the gate, then sends."""
        self.waiting.set()
        await self.gate.wait()
        await super().send(outputs)


class FailingSink(Sink):
    """The real sink with a few failures first: before anything was written, or after everything was."""

    def __init__(self, settings: KafkaSettings, *, failures: int, written: bool) -> None:
        super().__init__(settings, client_id="failing")
        self.failures = failures
        self.written = written

    async def send(self, outputs: Sequence[Output]) -> None:
        """`TryLater` while there are failures left."""
        if self.failures == 0 or self.written:
            await super().send(outputs)
        if self.failures:
            self.failures -= 1
            raise TryLater("a test's failure")


@dataclass
class Rig:
    """Topics `source` and `target`, a feeding sink, and every hop and sink made here, stopped at the end."""

    settings: KafkaSettings
    source: str
    target: str
    feed: Sink
    seen: list[BatchSeen] = field(default_factory=list)
    started: list[Hop | Sink] = field(default_factory=list)
    filled: int = 0

    @property
    def group(self) -> str:
        """The consumer group of this rig's hops."""
        return f"group-of-{self.source}"

    async def fill(self, *values: bytes, key: bytes | None = b"one-household") -> None:
        """Records into `source`; with the default key all in one partition, in order."""
        await self.feed.send([Output(self.source, key, value) for value in values])

    async def fill_keyed(self, count: int, keys: int = 30) -> list[bytes]:
        """`count` more records over many keys, each saying its key and its place; returns the values."""
        values = [f"{n % keys}:{n}".encode() for n in range(self.filled, self.filled + count)]
        self.filled += count
        await self.feed.send([Output(self.source, value.partition(b":")[0], value) for value in values])
        return values

    async def expire(self, before: int) -> None:
        """The first partition of `source` loses what stands before that offset."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.bootstrap)
        await admin.start()
        try:
            await admin.delete_records({TopicPartition(self.source, 0): RecordsToDelete(before_offset=before)})
        finally:
            await admin.close()

    async def hop(
        self,
        handle: Handler | None = None,
        *,
        instance: str = "0",
        topics: Sequence[str] = (),
        park: Park | None = None,
        sink: Sink | None = None,
        stage: Stage | None = None,
        stored: Stored | None = None,
        asked: Asked | None = None,
        timing: Timing = QUICK,
        max_records: int = 500,
    ) -> Hop:
        """A started hop from `source`, or `topics`; it copies to `target`, and parks there with a header."""
        if sink is None:
            sink = Sink(self.settings, client_id="hop")
        await sink.start()
        hop = Hop(
            name="copy",
            settings=self.settings,
            topics=topics or [self.source],
            group=self.group,
            instance=instance,
            handle=handle or self.copy,
            park=park or self.park,
            sink=sink,
            stage=stage,
            stored=stored,
            asked=asked,
            observe=self.seen.append,
            timing=timing,
            max_records=max_records,
            dice=lambda: 0.5,
        )
        self.started += [hop, sink]
        await hop.start()
        return hop

    async def copy(self, records: Sequence[Record]) -> Sequence[Output]:
        """Each record as it is."""
        return [Output(self.target, record.key, record.value or b"") for record in records]

    async def away(self, _records: Sequence[Record]) -> Sequence[Output]:
        """Never now."""
        raise ConnectionResetError

    def park(self, record: Record, error: Exception) -> Sequence[Output]:
        """The value with the class of the error."""
        return [Output(self.target, record.key, record.value or b"", [(PARKED, type(error).__name__.encode())])]

    async def written(self) -> list[Record]:
        """All that is in `target` now."""
        return [record async for record in scan(self.settings, self.target)]

    async def values(self) -> list[bytes | None]:
        """The values in `target` now."""
        return [record.value for record in await self.written()]

    async def committed(self) -> list[int | None]:
        """What the group committed, partition by partition of `source`."""
        found = await offsets(self.settings, self.group, [self.source])
        return [found[where].committed for where in sorted(found)]

    async def done(self) -> bool:
        """Whether the group has committed all of `source`."""
        found = await offsets(self.settings, self.group, [self.source])
        return all(each.lag == 0 for each in found.values())

    def outcomes(self) -> list[str]:
        """How each batch ended."""
        return [batch.outcome for batch in self.seen]

    async def stop(self) -> None:
        """Stops hops before the sinks they write to."""
        for each in self.started:
            await each.stop()
        await self.feed.stop()


def in_order(values: Sequence[bytes | None]) -> bool:
    """Whether the records of each key, as `fill_keyed` wrote them, are in the order they were written."""
    last: dict[bytes, int] = {}
    for value in values:
        key, _, place = (value or b"").partition(b":")
        if int(place) <= last.get(key, -1):
            return False
        last[key] = int(place)
    return True

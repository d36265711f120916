"""What the least programs share: aiokafka by hand, a batch a partition, ids that are derived, CloudEvents headers."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any, Final, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

AT_ONCE: Final = 1000
FEW: Final = 20
FULL: Final = 1_000_000
ENDLESS: Final = 1 << 62
POOL: Final = 1 << 16
SPACE: Final = sha1(b"least", usedforsecurity=False).digest()
SPEC: Final = (("content-type", b"application/json"), ("ce_specversion", b"1.0"))
SOURCE: Final = ("ce_source", b"urn:nld:kvknr:00000000:systeem:seinpaal")

Headers = list[tuple[str, bytes]]
Batches = Mapping[Any, list[Any]]
"""By partition, as `getmany` gives them."""

_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def derived(name: str) -> str:
    """An id in the form of a UUID of version 5, as `schemas.ids` makes them, written with as little as can be."""
    found = sha1(SPACE + name.encode(), usedforsecurity=False).hexdigest()
    return f"{found[:8]}-{found[8:12]}-5{found[13:16]}-{_VARIANT[found[16]]}{found[17:20]}-{found[20:32]}"


def moment() -> str:
    """Now, as our messages write it."""
    return f"{datetime.now(UTC).isoformat()[:26]}Z"


class Dice:
    """Random bytes, asked for many at once."""

    def __init__(self) -> None:
        self._pool, self._at = b"", 0

    def __call__(self, size: int) -> bytes:
        """So many that nobody was given before."""
        at, self._at = self._at, self._at + size
        if self._at > len(self._pool):
            self._pool, at, self._at = os.urandom(POOL), 0, size
        return self._pool[at : self._at]


draw: Final = Dice()


def headers(id_: str, type_: bytes, at: bytes, trace: str) -> Headers:
    """CloudEvents 1.0 in binary mode: as many attributes as ours."""
    return [
        *SPEC,
        ("ce_id", id_.encode()),
        SOURCE,
        ("ce_type", type_),
        ("ce_time", at),
        ("ce_traceparent", trace.encode()),
    ]


def trace_of(record: Any) -> str:
    """The traceparent a record of ours came with: the last header but for the salt of a fact."""
    return str(record.headers[6][1], "ascii")


class Written:
    """Records to be written, each in the batch of its partition."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer
        self._current: dict[tuple[str, int], Any] = {}
        self._filled: list[tuple[tuple[str, int], Any]] = []

    def add(self, topic: str, partition: int, key: bytes, value: bytes, given: Headers) -> None:
        """One more."""
        where = (topic, partition)
        batch = self._current.get(where)
        if batch is not None and batch.append(timestamp=None, key=key, value=value, headers=given) is not None:
            return
        batch = self._current[where] = self._producer.create_batch()
        batch.append(timestamp=None, key=key, value=value, headers=given)
        self._filled.append((where, batch))

    async def send(self) -> None:
        """Returns when all of them are acknowledged."""
        acknowledged = [
            await self._producer.send_batch(batch, topic, partition=partition)
            for (topic, partition), batch in self._filled
        ]
        await asyncio.gather(*acknowledged)


@asynccontextmanager
async def connected(bootstrap: str, topic: str, group: str) -> AsyncIterator[tuple[Any, Any]]:
    """As in `passthrough.py`; but killed and started again it goes on at once, as ours do: a static member."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        group_instance_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=20,
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=FULL)
    await producer.start()
    await consumer.start()
    try:
        yield consumer, producer
    finally:
        await consumer.stop()
        await producer.stop()


class Work(Protocol):
    """What becomes of records."""

    @property
    def database(self) -> sqlite3.Connection:
        """Where it keeps what it must."""

    def read(self, batches: Batches) -> Any:
        """What can be done before the last batch is durable."""

    async def write(self, read: Any, written: Written) -> None:
        """The rest, in an open transaction. It pauses now and then, so that what is under way goes on."""


async def carry(
    bootstrap: str, topic: str, group: str, work: Work, *, landed: Callable[[int], None], records: int = ENDLESS
) -> None:
    """So many records, or for ever. While two batches are committed and acknowledged a third one is worked on."""
    taken = 0
    committed: asyncio.Future[Any] | None = None
    before: asyncio.Task[None] | None = None
    last: asyncio.Task[None] | None = None
    async with connected(bootstrap, topic, group) as (consumer, producer):
        while taken < records:
            batches = await consumer.getmany(timeout_ms=100, max_records=AT_ONCE)
            if not batches:
                continue
            read, written = work.read(batches), Written(producer)
            if committed is not None:
                await committed
            work.database.execute("BEGIN IMMEDIATE")
            await work.write(read, written)
            committed = asyncio.get_running_loop().run_in_executor(None, work.database.execute, "COMMIT")
            if before is not None:
                await before
            before, last = last, asyncio.create_task(_land(last, committed, consumer, batches, written, landed))
            taken += sum(map(len, batches.values()))
        if last is not None:
            await last


async def _land(  # noqa: PLR0917  it is what is left of one batch
    before: Awaitable[None] | None,
    committed: Awaitable[Any],
    consumer: Any,
    batches: Batches,
    written: Written,
    landed: Callable[[int], None],
) -> None:
    """Durable before it is told; acknowledged, as all before it, before it is read no more."""
    await committed
    await written.send()
    if before is not None:
        await before
    await consumer.commit({partition: found[-1].offset + 1 for partition, found in batches.items()})
    landed(sum(map(len, batches.values())))


T = TypeVar("T")


async def unhurried(found: Sequence[T]) -> AsyncIterator[T]:
    """Each of them; after a few what is under way goes on."""
    for start in range(0, len(found), FEW):
        for each in found[start : start + FEW]:
            yield each
        await asyncio.sleep(0)

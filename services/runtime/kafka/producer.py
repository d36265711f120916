"""One idempotent aiokafka producer: opened so that a lost record is impossible, abandoned so that nothing hangs."""

import asyncio
from itertools import chain
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import ProducerClosed

from services.runtime.kafka.connection import arguments
from services.runtime.kafka.opening import opened
from services.runtime.settings import KafkaSettings

BROKER_LIMIT: Final = 1_048_588  # bytes of one batch: message.max.bytes as Kafka ships it, log overhead included
FULL_BATCH: Final = BROKER_LIMIT - 65_536
REQUEST_TIMEOUT_MS: Final = 15_000
METADATA_MAX_AGE_MS: Final = 30_000  # a partition or broker that came back is seen within this time, not after minutes
LAST_WORDS: Final = 2.0  # seconds the tasks of an abandoned producer may take to end


async def open_producer(settings: KafkaSettings, *, client_id: str) -> AIOKafkaProducer:
    """A connected producer: all in-sync replicas acknowledge, and a retried batch is written once.

    Raises KafkaError or OSError when no broker answers.
    """
    producer = AIOKafkaProducer(
        **arguments(settings, client_id=client_id),
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=FULL_BATCH,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        metadata_max_age_ms=METADATA_MAX_AGE_MS,
    )
    try:
        await opened(producer.start())
    except BaseException:
        await producer.stop()
        raise
    return producer


async def abandon(producer: AIOKafkaProducer) -> None:
    """Ends a producer without delivering what it still holds; whoever waits for that gets ProducerClosed.

    `stop` waits for every batch, and an idempotent producer tries for ever: with the broker gone it never returns. It
    must end all the same, because after a refused batch its sequence numbers have a gap and nothing is accepted any
    more. There is no public way, so this reaches into the pinned version.
    """
    sender: asyncio.Task[None] | None = producer._sender.sender_task  # noqa: SLF001  see above
    held = producer._message_accumulator  # noqa: SLF001  see above
    producer._closed = held._closed = True  # noqa: SLF001  see above
    if sender is not None:
        sender.cancel()  # it takes nothing more, and waits for the requests in flight
        await asyncio.wait({sender}, timeout=LAST_WORDS)
        sender.cancel()  # now it waits no longer
        await asyncio.wait({sender}, timeout=LAST_WORDS)
    for batch in [*held._pending_batches, *chain.from_iterable(held._batches.values())]:  # noqa: SLF001  see above
        batch.failure(ProducerClosed())
        for waiter in (batch.future, batch._drain_waiter):  # noqa: SLF001  see above
            waiter.exception()  # retrieved, also when nobody waits any more
    await producer.client.close()

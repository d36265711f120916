"""Transactions of a tenant's system, as seen from outside."""

from typing import Literal

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.waiting import until


async def ended(bootstrap: str, topic: str) -> None:
    """Wait until the marker of the last transaction stands in partition 0.

    The broker answers the end of a transaction before it has written the marker, and what comes meanwhile stands first.
    """

    async def nothing_is_open() -> bool:
        return await _end(bootstrap, topic, "read_committed") == await _end(bootstrap, topic, "read_uncommitted")

    await until(nothing_is_open, "the transaction has ended")


async def _end(bootstrap: str, topic: str, isolation: Literal["read_committed", "read_uncommitted"]) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level=isolation)
    await consumer.start()
    try:
        where = TopicPartition(topic, 0)
        found: dict[TopicPartition, int] = await consumer.end_offsets([where])
        return found[where]
    finally:
        await consumer.stop()

"""The base: what somebody would write by hand to POST records of a topic, ready made, with 64 requests under way.

Its commit follows the 2xx of every record of the batch. It reads nothing, seals nothing, decides nothing, remembers
nothing, audits nothing. Arguments: BOOTSTRAP TOPIC GROUP URL.
"""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import aiohttp
from aiokafka import AIOKafkaConsumer

UNDER_WAY: Final = 64
HEADERS: Final = {"Content-Type": "application/json"}


async def forward(bootstrap: str, topic: str, group: str, url: str) -> None:
    """For ever."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=UNDER_WAY)) as session:
        while True:
            batches = await consumer.getmany(timeout_ms=1000, max_records=2000)
            records = [record for found in batches.values() for record in found]
            if records:
                left = iter(records)
                await asyncio.gather(*(_post(session, url, left) for _ in range(UNDER_WAY)))
                await consumer.commit()


async def _post(session: aiohttp.ClientSession, url: str, left: Iterator[Any]) -> None:
    for record in left:
        headers = {**HEADERS, "X-Request-Id": record.key.decode() if record.key else str(uuid4())}
        async with session.post(url, data=record.value, headers=headers) as response:
            await response.read()
            response.raise_for_status()


if __name__ == "__main__":
    asyncio.run(forward(*sys.argv[1:5]))

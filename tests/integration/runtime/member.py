"""A hop in a process of its own, to be killed.

Run as a module with the bootstrap address, the source and the target topic, it prints the size of every batch it takes.
A batch that ends in `hold` is never finished.
"""

import asyncio
import sys
from collections.abc import Sequence

from schemas.record import Output, Record
from services.runtime.kafka import Sink
from services.runtime.kafka.timing import Timing
from services.runtime.settings import KafkaSettings
from tests.integration.runtime.rig import Rig


async def main(bootstrap: str, source: str, target: str) -> None:
    """Runs until it is killed."""
    settings = KafkaSettings(bootstrap=bootstrap)
    rig = Rig(settings, source=source, target=target, feed=Sink(settings, client_id="unused"))

    async def handle(records: Sequence[Record]) -> Sequence[Output]:
        print(len(records), flush=True)  # noqa: T201  the test reads it
        if records[-1].value == b"hold":
            await asyncio.Event().wait()
        return await rig.copy(records)

    await rig.hop(handle, timing=Timing(session=60))  # killed, it is a member for as long
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

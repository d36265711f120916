"""A router that dies by its own hand when its decisions are kept and its outputs are about to leave.

Run as a module with the folder of a desk and the broker's address.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from schemas.record import Output
from services.router import service
from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings
from tests.integration.router.desk import Desk


class Deadly(Sink):
    """Nothing leaves through it."""

    async def send(self, outputs: Sequence[Output]) -> None:
        """As the power failing: no cleaning up, no commit."""
        del outputs
        os.kill(os.getpid(), signal.SIGKILL)


async def main(folder: str, bootstrap: str) -> None:
    """Runs until the first batch."""
    vars(service)["Sink"] = Deadly  # the one place where this program differs from the real one
    desk = Desk(Path(folder), KafkaSettings(bootstrap=bootstrap))
    await desk.router().start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""The embedded broker as a service: when it ends unasked, it is started again on what it kept."""

import asyncio
import time
from typing import Final

from services.runtime.ending import end
from services.runtime.errors import SeinpaalError, TryLater
from services.runtime.log import get_logger
from services.runtime.service import Health
from services.sandbox.kafka import EmbeddedKafka

LOOK_SECONDS: Final = 0.5
AGAIN_SECONDS: Final = 1.0

log = get_logger(__name__)


class BrokerService:
    """Starts first and stops last. Clients find the broker back at the same address, with all it acknowledged."""

    name = "broker"

    def __init__(self, kafka: EmbeddedKafka) -> None:
        """`kafka` may be running already."""
        self.restarts = 0
        self._kafka = kafka
        self._address = ""
        self._trouble = ""
        self._answers = False
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises what `EmbeddedKafka.start` raises."""
        self._address = await self._kafka.start()
        self._answers = True
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Let it close its files. Safe to call twice."""
        watching, self._watching = self._watching, None
        if watching is not None:
            await end(watching)
        await self._kafka.stop()

    def healthy(self) -> Health:
        """Not alive only when it cannot be brought back: its clients wait for it, and so can we."""
        if self._watching is None:
            return Health(alive=True, ready=False, why="not started")
        if self._trouble:
            return Health(alive=False, ready=False, why=self._trouble)
        return Health(alive=True, ready=self._answers, why="" if self._answers else "being started again")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._kafka.running:
                await self._again()

    async def _again(self) -> None:
        began = time.monotonic()
        self._answers = False
        self._kafka.kill()  # lets go of what the ended one held
        try:
            address = await self._kafka.start()
            if address != self._address:
                raise TryLater(f"another program has taken {self._address}, where everybody looks for the broker")
        except (SeinpaalError, OSError) as error:  # of a full disk too: there may be room again later
            self._kafka.kill()
            self._trouble = str(error) if isinstance(error, SeinpaalError) else f"its folder: {_of_system(error)}"
            log.warning("broker.restart_failed", exc_info=error)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            self._trouble, self._answers = "", True
            self.restarts += 1
            log.warning("broker.restarted", count=self.restarts, seconds=round(time.monotonic() - began, 3))


def _of_system(error: OSError) -> str:
    """What the system says of a file, without its name."""
    return error.strerror or type(error).__name__

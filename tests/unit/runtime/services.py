"""Small services that do what a test asks of them, and note what was asked of them."""

import asyncio
from dataclasses import dataclass, field

from services.runtime.service import Health


@dataclass
class Noted:
    """A service that notes its starts and stops in a list it shares with others."""

    name: str
    notes: list[str]
    health: Health = field(default_factory=lambda: Health(alive=True, ready=True))
    broken: Exception | None = None
    slow: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Fails when told to; waits for `slow`."""
        self.notes.append(f"start {self.name}")
        self.begun.set()
        if self.slow is not None:
            await self.slow.wait()
        if self.broken is not None:
            raise self.broken

    async def stop(self) -> None:
        """Notes it."""
        self.notes.append(f"stop {self.name}")

    def healthy(self) -> Health:
        """As the test says."""
        return self.health

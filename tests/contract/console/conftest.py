"""A small world in a real database, with its ledger and its topics as they would be."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from schemas.record import Captured, Record
from services.audit.append import read
from services.audit.books import Books
from services.audit.reconcile import Reading
from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.console.ledger import Standing
from services.console.look import Looking
from services.runtime.database import Database
from tests.unit.audit.samples import record
from tests.unit.audit.world import World

READERS = {"signals.v1": "router", "referrals.v1": "notify", "commands.v1": "all"}


@dataclass
class Shown:
    """What a look sees of a world. Tests change it, and the look must tell."""

    world: World
    database: Database
    markers: set[tuple[str, int]] = field(default_factory=set)
    """Offsets at which a topic holds no record."""
    gone: set[str] = field(default_factory=set)
    """Topics that do not exist any more."""
    beginning: dict[str, int] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=dict)

    async def recorded(self) -> None:
        """The log takes in every entry."""
        arrivals = [read(record(entry, offset)) for offset, entry in enumerate(self.world.entries)]
        await AuditStore(self.database).append(("audit.v1", 0), 0, len(arrivals), arrivals)

    def looking(self) -> Looking:
        """Where to look."""
        return Looking(Books(self.database), self, self.readings, self.scan)

    async def readings(self) -> list[Reading]:
        """Everything was read, unless a test says less."""
        return [
            Reading(
                READERS.get(topic, "ingest"),
                topic,
                0,
                beginning=self.beginning.get(topic, 0),
                committed=self.committed.get(topic, end),
                end=end,
            )
            if topic not in self.gone
            else Reading(READERS.get(topic, "ingest"), topic, 0, 0, None, 0, exists=False)
            for topic, end in sorted(self.world.ends.items())
        ]

    async def scan(self, topic: str, start: int) -> AsyncIterator[Record]:
        """Every record that Kafka still has."""
        for offset in range(max(start, self.beginning.get(topic, 0)), self.world.ends[topic]):
            if (topic, offset) not in self.markers:
                yield Captured(topic, b"{}", offset=offset)

    async def standing(self, low: UUID, high: UUID) -> list[Standing]:
        """The ledger."""
        ledger = self.world.ledger.items()
        return [Standing(referral, of[1], of[3]) for referral, of in ledger if low <= referral <= high]

    async def newest(self) -> int:
        """Nothing waits to be published."""
        return 0

    async def unpublished(self, upto: int) -> bool:
        """Nothing waits to be published."""
        del upto
        return False


@pytest.fixture
def model() -> Path:
    """Tables are there."""
    return MIGRATIONS


@pytest.fixture
def shown(database: Database) -> Callable[[int], Shown]:
    """`shown(events)`: a world after so many events; its log is still to be recorded."""

    def make(events: int) -> Shown:
        world = World()
        for _ in range(events):
            world.happen()
        return Shown(world, database)

    return make

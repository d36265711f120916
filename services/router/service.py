"""Wires the router: opens its memory, its rules and Kafka, and looks whether the rules were changed."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final

from schemas.topics import AUDIT, PARKED, REFERRALS, SIGNALS
from services.router.handler import Router
from services.router.rules import Rules
from services.router.settings import RouterSettings
from services.router.store import Memory
from services.runtime.clock import Clock, now
from services.runtime.database import Database, open_database
from services.runtime.kafka import Hop, Sink, TopicSpec, ensure_topics
from services.runtime.log import get_logger
from services.runtime.parking import ParkingKey
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings

MIGRATIONS: Final = Path(__file__).parent / "migrations"

log = get_logger(__name__)


class RouterService:
    """One of any number of routers in one consumer group, on one database."""

    name = "router"

    def __init__(self, settings: RouterSettings, kafka: KafkaSettings, clock: Clock = now) -> None:
        """Reads the rules at once.

        Raises:
            Refused: when the rules or the parking key cannot be used.
        """
        self._settings = settings
        self._kafka = kafka
        self._clock = clock
        self._parking = ParkingKey.parse(settings.parking_key)
        self.rules: Final = Rules(settings.config, clock)
        self._database: Database | None = None
        self._sink = Sink(kafka, client_id=f"router-{settings.instance}")
        self._hop: Hop | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open everything and join the group; what was opened is closed again when something is not there."""
        try:
            await self._open()
        except BaseException:
            await self.stop()
            raise
        log.info("router.started", rules=len(self.rules.current.rules), version=self.rules.current.version)

    async def stop(self) -> None:
        """Finish and commit the batch in hand, then close everything."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        if self._hop is not None:
            await self._hop.stop()
        await self._sink.stop()
        if self._database is not None:
            await self._database.stop()

    def healthy(self) -> Health:
        """As its consumer is; it says so when changed rules were refused and the old ones stay in force."""
        if self._hop is None:
            return Health(alive=True, ready=False, why="not started")
        health = self._hop.healthy()
        if not health.why and self.rules.refused:
            return Health(health.alive, health.ready, "changed rules were refused: seinpaal rules check")
        return health

    async def _open(self) -> None:
        settings = self._settings
        self._database = await open_database(settings.database_url, MIGRATIONS)
        topics = (SIGNALS, REFERRALS, AUDIT, PARKED)
        specs = [TopicSpec(each.name, each.partitions, each.configs(), exactly=each is AUDIT) for each in topics]
        await ensure_topics(self._kafka, specs)
        await self._sink.start()
        router = Router(Memory(self._database), lambda: self.rules.current, self._parking, self._clock)
        self._hop = Hop(
            name=self.name,
            settings=self._kafka,
            topics=[SIGNALS.name],
            group=settings.group,
            instance=settings.instance,
            handle=router.handle,
            park=router.park,
            sink=self._sink,
            max_records=settings.max_records,
        )
        await self._hop.start()
        if settings.reload_seconds > 0:
            self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Puts changed files in force, away from the event loop: checking a set takes a while."""
        while True:
            await asyncio.sleep(self._settings.reload_seconds)
            if not self.rules.changed():
                continue
            if await asyncio.to_thread(self.rules.reload):
                log.info("router.rules", rules=len(self.rules.current.rules), version=self.rules.current.version)
            else:
                log.error("router.rules", outcome="refused", version=self.rules.current.version)

"""Wires the router: opens its memory, its rules and Kafka, and looks whether the rules were changed."""

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final

from schemas.topics import AUDIT, PARKED, REFERRALS, SIGNALS
from services.router.handler import Router
from services.router.rules import Rules
from services.router.ruleset import RuleSet
from services.router.settings import RouterSettings
from services.router.store import Memory
from services.runtime.clock import Clock, now
from services.runtime.database import open_database
from services.runtime.kafka import Hop, Sink, TopicSpec, ensure_topics
from services.runtime.log import get_logger
from services.runtime.metrics import Metrics
from services.runtime.parking import ParkingKey
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings

MIGRATIONS: Final = Path(__file__).parent / "migrations"

TOPICS: Final = tuple(
    TopicSpec(topic.name, topic.partitions, topic.configs(), exactly=topic is AUDIT)
    for topic in (SIGNALS, REFERRALS, AUDIT, PARKED)
)

log = get_logger(__name__)


class RouterService:
    """One of any number of routers in one consumer group, on one database."""

    name = "router"

    def __init__(
        self, settings: RouterSettings, kafka: KafkaSettings, clock: Clock = now, metrics: Metrics | None = None
    ) -> None:
        """Reads the rules at once.

        Raises:
            Refused: when the rules or the parking key cannot be used.
        """
        self._settings = settings
        self._kafka = kafka
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._parking = ParkingKey.parse(settings.parking_key)
        self.rules: Final = Rules(settings.config, clock)
        self._opened = AsyncExitStack()
        self._hop: Hop | None = None

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
        await self._opened.aclose()

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
        database = await open_database(settings.database_url, MIGRATIONS)
        self._opened.push_async_callback(database.stop)
        await ensure_topics(self._kafka, TOPICS)
        sink = Sink(self._kafka, client_id=f"router-{settings.instance}")
        self._opened.push_async_callback(sink.stop)
        await sink.start()
        router = Router(Memory(database), self._in_force, self._parking, self._clock, self._metrics)
        self._hop = Hop(
            name=self.name,
            settings=self._kafka,
            topics=[SIGNALS.name],
            group=settings.group,
            instance=settings.instance,
            handle=router.handle,
            park=router.park,
            sink=sink,
            max_records=settings.max_records,
            observe=self._metrics.observe_batch,
        )
        self._opened.push_async_callback(self._hop.stop)
        await self._hop.start()
        if settings.reload_seconds > 0:
            self._opened.push_async_callback(_ended, asyncio.create_task(self._watch()))

    def _in_force(self) -> RuleSet:
        return self.rules.current

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


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

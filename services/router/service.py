"""Wires the router: opens its memory, its rules and Kafka, and looks whether other rules should be in force."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from schemas.codes import Stage
from schemas.topics import AUDIT, COMMANDS, PARKED, REFERRALS, SIGNALS, Topic
from services.router.forgetting import Forgetting
from services.router.handler import Router
from services.router.in_force import Force, InForce
from services.router.settings import RouterSettings
from services.router.store import Memory
from services.router.tables import OFFSET
from services.router.version_desk import VersionDesk
from services.router.watch import Watch
from services.runtime.clock import Clock, now
from services.runtime.database import Database
from services.runtime.database_look import DatabaseLook
from services.runtime.ending import end
from services.runtime.errors import Refused, TryLater
from services.runtime.first_start import start_with
from services.runtime.kafka import Hop, SetAsides, Sink, TopicSpec, ensure_topics
from services.runtime.log import get_logger
from services.runtime.metrics import Metrics
from services.runtime.parking import ParkingKey
from services.runtime.service import Health, Part
from services.runtime.settings import KafkaSettings
from services.runtime.stored_offsets import StoredOffsets

MIGRATIONS: Final = Path(__file__).parent / "migrations"

TOPICS: Final = tuple(
    TopicSpec(topic.name, topic.partitions, topic.configs(), exactly=topic is AUDIT)
    for topic in (SIGNALS, COMMANDS, REFERRALS, AUDIT, PARKED)
)

log = get_logger(__name__)


class RouterService:
    """One of any number of routers in one consumer group, on one database."""

    name = "router"

    def __init__(
        self, settings: RouterSettings, kafka: KafkaSettings, clock: Clock = now, metrics: Metrics | None = None
    ) -> None:
        """Raises Refused when the parking key cannot be used."""
        self._settings = settings
        self._kafka = kafka
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._parking = ParkingKey.parse(settings.parking_key)
        self._opened = AsyncExitStack()
        self._parts: list[Part] = []
        self._rules: InForce | None = None

    @property
    def version(self) -> str | None:
        """Of the rule set this instance decides by; None before it has one."""
        current = self._rules.current if self._rules else None
        return current.version if current else None

    async def start(self) -> None:
        """Open everything and join the group; what was opened is closed again when something is not there.

        Raises:
            Refused: when nothing was ever activated and the folder's rules cannot be used.
        """
        try:
            await self._open()
        except BaseException:
            await self.stop()
            raise
        log.info("router.started", version=self.version)

    async def stop(self) -> None:
        """Finish and commit the batch in hand, then close everything."""
        await self._opened.aclose()

    def healthy(self) -> Health:
        """As its consumers and its database are; it tells of rules that were refused, so that others stay in force."""
        health = Health.of(self._parts)
        refusal = self._rules.refusal if self._rules else None
        return health if health.why or refusal is None else replace(health, why=refusal.sentence)

    async def _open(self) -> None:
        settings = self._settings
        database = Database(settings.database_url, MIGRATIONS)
        self._opened.push_async_callback(database.stop)
        await ensure_topics(self._kafka, TOPICS)
        groups = {settings.group: SIGNALS.name, f"{settings.group}-commands": COMMANDS.name}
        await start_with(database, self._kafka, groups)
        rules = self._rules = InForce(settings.config, database, self._clock)
        await _first(rules)
        sink = Sink(self._kafka, client_id=f"router-{settings.instance}")
        self._opened.push_async_callback(sink.stop)
        await sink.start()
        memory = Memory(database)
        router = Router(memory, partial(_look, rules), self._parking, self._clock, self._metrics)
        desk = VersionDesk(database, self._parking, self._clock, self._metrics)
        watch = Watch(rules, sink.send, self._clock, self._metrics)
        await self._join("router", SIGNALS, router, sink, database)
        await self._join("router-commands", COMMANDS, desk, sink, database)
        look = DatabaseLook(database.look)
        self._opened.push_async_callback(look.stop)
        self._parts.append(look)
        look.start()
        if settings.reload_seconds > 0:
            self._opened.push_async_callback(end, asyncio.create_task(watch.keep(settings.reload_seconds)))
        forgetting = Forgetting(
            memory,
            self._clock,
            self._metrics,
            household_days=settings.household_days,
            fact_days=settings.retention_days,
        )
        self._opened.push_async_callback(end, asyncio.create_task(forgetting.keep()))

    async def _join(
        self, name: str, topic: Topic, reader: Router | VersionDesk, sink: Sink, database: Database
    ) -> None:
        stored = StoredOffsets(database, OFFSET, f"{self._settings.group}{name.removeprefix('router')}")
        hop = Hop(
            name=name,
            settings=self._kafka,
            topics=[topic.name],
            group=stored.group,
            instance=self._settings.instance,
            handle=reader.handle,
            park=reader.park,
            sink=sink,
            stage=Stage.ROUTER,
            stored=stored,
            asked=SetAsides(self._kafka),
            max_records=self._settings.max_records,
            observe=self._metrics.observe_batch,
        )
        self._opened.push_async_callback(hop.stop)
        self._parts.append(hop)
        await hop.start()


async def _first(rules: InForce) -> None:
    """Without any set it can use it waits, and says so: a person activates another."""
    try:
        await rules.look()
    except TryLater:
        if rules.refusal is None:
            raise


async def _look(rules: InForce) -> Force:
    """For a batch: whatever is wrong with rules, its records are read again and never parked."""
    try:
        return await rules.look()
    except Refused as refused:
        raise TryLater("router: there are no rules to decide by: seinpaal rules check") from refused

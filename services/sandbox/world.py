"""All that `seinpaal up` runs, in one process: broker, partners, stages, console and the sample corporations."""

from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Final

from pydantic import HttpUrl

from schemas.corporation import Adapter
from schemas.topics import source_topic
from schemas.words import Language, filled
from services.audit.service import AuditService
from services.audit.settings import AuditSettings
from services.console.reconcile import Gathering
from services.console.service import ConsoleService
from services.console.settings import ConsoleSettings
from services.ingest.configuration import read_configuration
from services.ingest.service import IngestService
from services.ingest.settings import IngestSettings
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.wrap import KeyEncryptionKeys
from services.notify.service import NotifyService
from services.notify.settings import NotifySettings
from services.router.service import RouterService
from services.router.settings import RouterSettings
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.health import HealthServer
from services.runtime.kafka import Sink, TopicSpec, ensure_topics
from services.runtime.metrics import Metrics
from services.runtime.service import Service
from services.runtime.settings import KafkaSettings, load
from services.sandbox import refusal_words as refused
from services.sandbox import up_words as words
from services.sandbox.broker_service import BrokerService
from services.sandbox.configuration import SHIPPED, localised
from services.sandbox.databases import Databases, databases
from services.sandbox.emitter import Emitter
from services.sandbox.environment import environment, write_environment
from services.sandbox.given import check
from services.sandbox.jars import OnStep
from services.sandbox.kafka import EmbeddedKafka
from services.sandbox.partner_feedback import conversing
from services.sandbox.plan import plan
from services.sandbox.ports import HOST, free
from services.sandbox.proving import Proving
from services.sandbox.quartet import Quartet, lasting_ports
from services.sandbox.state import State, reserve

LADDER: Final = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each attempt: a sandbox shows in a minute what takes a partner days."""

BREAKER_SECONDS: Final = 0.5
"""How long a failing partner is left alone at first, likewise."""

NUMBERS_A_RUN: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked of `seinpaal up`."""

    state: State
    kafka: KafkaSettings | None = None
    database: str | None = None
    config: Path = SHIPPED
    signals: int = 0
    rate: float = 2.0
    seed: int = 1
    port: int = 8470
    on_step: OnStep = field(default=lambda _step: None)


def embedded(bootstrap: str) -> KafkaSettings:
    """How to reach the broker that we start ourselves, whatever this shell says of another one."""
    return load(KafkaSettings, environment={}, bootstrap=bootstrap)


class World:
    """Opened in two steps: `prepare` brings what the services need, then the services start in order."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.broker: EmbeddedKafka | None = None
        self.kafka = options.kafka or embedded("")
        self.databases: Databases = databases(options.state, options.database)
        self.quartet = Quartet(options.state, options.seed)
        self.reception = f"{HOST}:{lasting_ports(options.state.folder / 'reception-port', 1)[0]}"
        self.metrics = Metrics()
        self.console = ConsoleService(ConsoleSettings(port=options.port), self.databases.audit)

    async def prepare(self) -> None:
        """Broker, keys, databases and configuration, in a folder that is ours alone.

        Raises:
            Refused: when something the user gave cannot be used.
            TryLater: when the broker or the database does not answer.
        """
        options = self.options
        if options.port and not free(options.port):
            raise Refused(filled(refused.PORT_TAKEN, options.port))
        check(options.config, now().date())
        localised(options.config, options.state.config, self.quartet.replacements)
        tokens = conversing(options.state.config / "partners.yaml", self.quartet.serving, options.state.tokens)
        self.quartet.staffed(f"http://{self.reception}", tokens)
        if options.kafka is None:
            self.broker = EmbeddedKafka(options.state.kafka, on_step=options.on_step)
            self.kafka = embedded(await self.broker.start())
        options.on_step(self.databases.opening)
        await self.databases.create()
        KeyEncryptionKeys.make(options.state.keks, "kek-sandbox")

    async def close(self) -> None:
        """Stop the broker, last of all."""
        if self.broker is not None:
            await self.broker.stop()

    async def services(self) -> list[Service]:
        """Every service in the order they start, and stop in reverse."""
        config = self.options.state.config
        keys = KeyringSettings(database_url=self.databases.keyring, kek_file=self.options.state.keks)
        parking = await self._parking(keys)
        write_environment(
            self.options.state.environment,
            environment(self.options.state, self.kafka.bootstrap, self.databases, parking)
            | {"NOTIFY_PUBLIC_URL": f"http://{self.reception}/"},
        )
        observe = self.metrics.observe_batch
        stages: list[Service] = [
            AuditService(
                AuditSettings(database_url=self.databases.audit, parking_key=parking), self.kafka, observe=observe
            ),
            NotifyService(self._notify(config), self.kafka, keys, metrics=self.metrics),
            RouterService(
                RouterSettings(config=config, database_url=self.databases.router, parking_key=parking),
                self.kafka,
                metrics=self.metrics,
            ),
            IngestService(IngestSettings(config=config), self.kafka, keys, observe=observe),
            self.console,
        ]
        self.health = HealthServer(HOST, 0, stages, self.metrics)
        self.emitter = await self._emitter()
        broker = [BrokerService(self.broker)] if self.broker is not None else []
        return [*broker, self.quartet, self._proving(config), *stages, self.health, self.emitter]

    def _proving(self, config: Path) -> Proving:
        return Proving(
            config,
            self.databases.notify,
            self.kafka,
            ours=self.quartet.owns,
            on_step=self.options.on_step,
            mounted=self._notify(config).secrets,
        )

    def _notify(self, config: Path) -> NotifySettings:
        """In a hurry, and with a door for partners."""
        return NotifySettings(
            config=config,
            database_url=self.databases.notify,
            ladder=LADDER,
            breaker_seconds=BREAKER_SECONDS,
            listen=self.reception,
            public_url=HttpUrl(f"http://{self.reception}/"),
        )

    @property
    def gathering(self) -> Gathering:
        """Where a reconciliation finds everything."""
        return Gathering(
            kafka=self.kafka,
            audit_url=self.databases.audit,
            notify_url=self.databases.notify,
            config=self.options.state.config,
        )

    def addresses(self, language: Language) -> dict[str, str]:
        """What a browser, a Prometheus and a shell find where, once everything has started."""
        kafka, state, given = self.kafka.bootstrap, self.options.state, self.databases.place
        whose = words.OWN if self.broker is not None else words.GIVEN_KAFKA
        told = {
            words.PAGE: self.console.url,
            words.KAFKA: whose.in_(language).format(kafka),
            words.DATABASE: given and words.GIVEN_DATABASE.in_(language).format(given),
            words.PARTNERS: f"http://{self.reception}/fhir",
            words.METRICS: f"http://{HOST}:{self.health.port}/metrics",
            words.STATE: f"{state.folder}/",
            words.COMMANDS: f". {quote(str(state.environment))}; seinpaal watch",
        }
        return {name.in_(language): address for name, address in told.items() if address}

    async def _emitter(self) -> Emitter:
        """The sample corporations, on numbers that no earlier run has used."""
        options = self.options
        configuration = read_configuration(options.state.config / "sources.yaml")
        sources = [source for _, source in configuration.sources()]
        every = dict.fromkeys(source.topic for source in sources)
        specs = [TopicSpec(topic, source_topic("").partitions, source_topic("").configs()) for topic in every]
        await ensure_topics(self.kafka, specs)
        topics: dict[Adapter, str] = {source.adapter: source.topic for source in reversed(sources)}
        first = reserve(options.state.counter, NUMBERS_A_RUN)
        events = plan(options.seed, first, topics, now)
        sink = Sink(self.kafka, client_id="sample-corporations")
        return Emitter(sink, events, rate=options.rate, signals=options.signals)

    async def _parking(self, keys: KeyringSettings) -> str:
        keyring, database = await open_keyring(keys, first=True)
        try:
            return str(await keyring.parking_key())
        finally:
            await database.stop()

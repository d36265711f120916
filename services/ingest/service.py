"""Wires ingest: opens the keyring and Kafka, reads every source's topic, and the commands that redrive."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

from schemas.codes import Stage
from schemas.topics import AUDIT, COMMANDS, PARKED, SIGNALS
from services.ingest.areas import Atlas
from services.ingest.configuration import read_configuration
from services.ingest.handler import Ingest
from services.ingest.normalise import Intake
from services.ingest.redrive import Redrive
from services.ingest.settings import IngestSettings
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.store import Keyring
from services.runtime.clock import Clock, now
from services.runtime.database_look import DatabaseLook
from services.runtime.kafka import BatchSeen, Hop, Owners, SetAsides, Sink, TopicSpec, ensure_topics, record_at, unseen
from services.runtime.kafka.owners import EVERY
from services.runtime.kafka.topics import require_topics
from services.runtime.log import get_logger
from services.runtime.service import Health, Part
from services.runtime.settings import KafkaSettings

SOURCES: Final = "sources.yaml"
TOPICS: Final = (SIGNALS, AUDIT, PARKED, COMMANDS)

log = get_logger(__name__)


class IngestService:
    """One of any number of instances in one consumer group; it holds no state but the keyring."""

    name = "ingest"

    def __init__(
        self,
        settings: IngestSettings,
        kafka: KafkaSettings,
        keys: KeyringSettings,
        *,
        observe: Callable[[BatchSeen], None] = unseen,
        clock: Clock = now,
        look_each: float = EVERY,
    ) -> None:
        """Reads the configuration at once; `observe` is told of every batch.

        `look_each`: seconds between looks whether every source is read by somebody.

        Raises:
            Refused: with everything that is wrong in it.
        """
        self._settings = settings
        self._kafka = kafka
        self._keys = keys
        self._observe = observe
        self._clock = clock
        self._look_each = look_each
        self.configuration: Final = read_configuration(settings.config / SOURCES)
        self._opened = AsyncExitStack()
        self._parts: list[Part] = []

    async def start(self) -> None:
        """Open everything and join the groups; what was opened is closed again when something is not there."""
        try:
            await self._open()
        except BaseException:
            await self.stop()
            raise
        log.info("ingest.started", count=sum(1 for _ in self.configuration.sources()))

    async def stop(self) -> None:
        """Finish and commit the batches in hand, then close everything."""
        await self._opened.aclose()

    def healthy(self) -> Health:
        """As its hops are, and whether every source is read by somebody."""
        return Health.of(self._parts)

    async def _open(self) -> None:
        keyring, database = await open_keyring(self._keys)
        self._opened.push_async_callback(database.stop)
        specs = [TopicSpec(each.name, each.partitions, each.configs(), exactly=each is AUDIT) for each in TOPICS]
        await ensure_topics(self._kafka, specs)
        await require_topics(self._kafka, [source.topic for _, source in self.configuration.sources()])
        sink = Sink(self._kafka, client_id=f"ingest-{self._settings.instance}")
        self._opened.push_async_callback(sink.stop)
        await sink.start()
        intakes = await self._intakes(keyring)
        atlas = Atlas(self.configuration.areas)
        ingest = Ingest(intakes, atlas, keyring, self._clock)
        stands = partial(record_at, self._kafka)
        redrive = Redrive(intakes, await keyring.parking_key(), atlas, keyring, self._clock, stands)
        await self._join(self.name, list(intakes), ingest, sink)
        await self._join(f"{self.name}-commands", [COMMANDS.name], redrive, sink)
        look = DatabaseLook(database.look)
        self._opened.push_async_callback(look.stop)
        self._parts.append(look)
        look.start()
        owners = Owners(self._kafka, self._settings.group, list(intakes), self._look_each)
        self._opened.push_async_callback(owners.stop)
        self._parts.append(owners)
        owners.start()

    async def _intakes(self, keyring: Keyring) -> dict[str, Intake]:
        """By topic, each with the keys of its corporation."""
        intakes: dict[str, Intake] = {}
        for corporation in self.configuration.corporations:
            household_key = await keyring.household_key(corporation.id)
            parking_key = await keyring.parking_key(corporation.id)
            for source in corporation.sources:
                intakes[source.topic] = Intake(source, corporation, household_key, parking_key)
        return intakes

    async def _join(self, name: str, topics: list[str], reader: Ingest | Redrive, sink: Sink) -> None:
        hop = Hop(
            name=name,
            settings=self._kafka,
            topics=topics,
            group=self._settings.group if name == self.name else f"{self._settings.group}-commands",
            instance=self._settings.instance,
            handle=reader.handle,
            park=reader.park,
            sink=sink,
            stage=Stage.INGEST,
            asked=SetAsides(self._kafka),
            max_records=self._settings.max_records,
            observe=self._observe,
        )
        self._opened.push_async_callback(hop.stop)
        self._parts.append(hop)
        await hop.start()

"""Ingest on a real broker and a real keyring, and what a test asks of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaProducer

from schemas import cloudevents
from schemas.audit import AuditEntry, Fact
from schemas.command import Command
from schemas.parked import Parked
from schemas.record import Record
from schemas.signal import Signal
from schemas.topics import AUDIT, COMMANDS, PARKED, SIGNALS
from services.ingest.service import IngestService
from services.ingest.settings import IngestSettings
from services.keyring.settings import KeyringSettings
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime.kafka import Sink, TopicSpec, ensure_topics, offsets, scan
from services.runtime.settings import KafkaSettings
from tests.waiting import until

TOPIC: Final = "source.test.zorgen"
PARTITIONS: Final = 2
SOURCES: Final = """
corporations:
  - id: voorbeeldwonen
    name: Voorbeeldwonen (voorbeeld)
    country: NL
    identifier: {system: "http://www.kvk.nl/", value: "00000009"}
    sources:
      - {name: zorgen, topic: source.test.zorgen, adapter: concern, source: "urn:test:zorgen", codes: CODES}
"""
AREAS: Final = "areas: [{code: GM0193, name: Zwolle, country: NL, places: [Zwolle]}]"


def concern(number: int, **changes: Any) -> bytes:
    """One concern as a staff app writes it."""
    told = {"id": f"Z-{number}", "kind": "threat", "dwelling": f"E-{number}", "narrative": f"Verzonnen {number}."}
    return orjson.dumps({**told, **changes})


@dataclass(slots=True)
class Door:
    """Where a test's broker, keyring and configuration are."""

    folder: Path
    kafka: KafkaSettings
    database_url: str
    keys: KeyringSettings = field(init=False)

    def __post_init__(self) -> None:
        KeyEncryptionKeys.make(self.folder / "keks", "kek-test")
        self.keys = KeyringSettings(database_url=self.database_url, kek_file=self.folder / "keks")
        (self.folder / "areas").mkdir()
        (self.folder / "areas" / "nl.yaml").write_text(AREAS)
        self.configure("{}")

    def configure(self, codes: str) -> None:
        """Write the source's codes; a service that starts after this has them."""
        (self.folder / "sources.yaml").write_text(SOURCES.replace("CODES", codes))

    def ingest(self, instance: str = "1", look_each: float = 30.0) -> IngestService:
        """One instance, not started."""
        settings = IngestSettings(config=self.folder, instance=instance)
        return IngestService(settings, self.kafka, self.keys, look_each=look_each)

    async def make_topic(self) -> None:
        """The tenant system's own topic."""
        await ensure_topics(self.kafka, [TopicSpec(TOPIC, PARTITIONS)])

    async def write(self, values: Iterable[bytes | None], codec: str | None = None) -> None:
        """As a tenant system does, in one of the codecs of its client."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka.bootstrap, compression_type=codec)
        await producer.start()
        try:
            for place, value in enumerate(values):
                await producer.send(TOPIC, value, key=f"k{place}".encode())
            await producer.flush()
        finally:
            await producer.stop()

    async def command(self, command: Command) -> None:
        """As the console and the command line give one."""
        sink = Sink(self.kafka, client_id="test")
        given = cloudevents.event(
            COMMANDS, id=command.id, time=command.at, key=str(command.target), value=command.write()
        )
        try:
            await sink.send([given])
        finally:
            await sink.stop()

    async def done(self, topic: str = TOPIC, group: str = "ingest") -> None:
        """Wait until every record of the topic is committed."""

        async def nothing_left() -> bool:
            return sum(each.lag for each in (await offsets(self.kafka, group, [topic])).values()) == 0

        await until(nothing_left, f"everything in {topic} is committed")

    async def signals(self) -> list[Signal]:
        """All that were written, copies too."""
        return [Signal.read(_value(record)) async for record in scan(self.kafka, SIGNALS.name)]

    async def entries(self, *facts: Fact) -> list[AuditEntry]:
        """All that were written of these kinds, copies too."""
        read = [AuditEntry.read(_value(record)) async for record in scan(self.kafka, AUDIT.name)]
        return [entry for entry in read if not facts or entry.fact in facts]

    async def parked(self) -> list[Parked]:
        """All that were written, copies too."""
        return [Parked.read(_value(record)) async for record in scan(self.kafka, PARKED.name)]

    async def places(self) -> set[tuple[int, int]]:
        """Partition and offset of every record in the tenant system's topic."""
        return {(record.partition, record.offset) async for record in scan(self.kafka, TOPIC)}

    async def everything(self) -> list[bytes]:
        """Every byte that ingest wrote: keys, values and headers of all its topics."""
        found: list[bytes] = []
        for topic in (SIGNALS, AUDIT, PARKED):
            async for record in scan(self.kafka, topic.name):
                found += [record.key or b"", record.value or b"", *(value or b"" for _, value in record.headers)]
        return found


def accounted(entries: Sequence[AuditEntry]) -> list[tuple[int, int]]:
    """Which records of the tenant system's topic the distinct facts account for."""
    distinct = {entry.id: entry.input for entry in entries if entry.input is not None and entry.input.topic == TOPIC}
    return sorted((place.partition, place.offset) for place in distinct.values())


def _value(record: Record) -> bytes:
    assert record.value is not None
    return record.value

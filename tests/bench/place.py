"""Where a measurement happens: a broker of its own, a folder that is gone afterwards, and somebody who looks on."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from schemas.record import Output
from schemas.topics import OURS, outcome_topic, source_topic
from services.runtime.kafka import Sink, TopicSpec, ensure_topics
from services.runtime.settings import KafkaSettings
from services.sandbox.kafka import EmbeddedKafka
from tests.bench.house import CORPORATION, SOURCE, House

AT_ONCE = 2000


@dataclass(slots=True)
class Place:
    """`tell` is given what is done now, and which of how many steps it is."""

    folder: Path
    kafka: KafkaSettings
    tell: Callable[[str, int, int], None]
    _numbers: Iterator[int]

    @classmethod
    def of(cls, folder: Path, bootstrap: str, tell: Callable[[str, int, int], None]) -> "Place":
        """On that broker."""
        return cls(folder, KafkaSettings(bootstrap=bootstrap), tell, count(1))

    @asynccontextmanager
    async def apart(self, name: str) -> AsyncIterator["Place"]:
        """A place with a broker of its own: what was written before is not there."""
        folder = self.folder / name
        folder.mkdir()
        kafka = EmbeddedKafka(folder / "kafka")
        try:
            yield Place.of(folder, await kafka.start(), self.tell)
        finally:
            await kafka.stop()

    def steps(self, what: str, how_many: int) -> Iterator[int]:
        """Rounds, told one by one."""
        for step in range(1, how_many + 1):
            self.tell(what, step, how_many)
            yield step

    def house(self) -> House:
        """A new one, still empty."""
        folder = self.folder / f"house-{next(self._numbers)}"
        folder.mkdir()
        return House(folder, self.kafka)

    async def topics(self, others: Sequence[str] = ()) -> None:
        """All of ours, the source, the outcomes, and others of as many partitions as the source has."""
        usual, ours = source_topic(""), (*OURS, outcome_topic(CORPORATION["id"]))
        specs = [TopicSpec(each.name, each.partitions, each.configs()) for each in ours]
        specs += [TopicSpec(name, usual.partitions, usual.configs()) for name in (SOURCE, *others)]
        await ensure_topics(self.kafka, specs)

    async def write(self, records: Iterable[Output]) -> int:
        """All of them, acknowledged; returns how many."""
        sink = Sink(self.kafka, client_id="bench")
        await sink.start()
        written = 0
        try:
            some: list[Output] = []
            for record in records:
                some.append(record)
                if len(some) == AT_ONCE:
                    await sink.send(some)
                    written, some = written + len(some), []
            await sink.send(some)
            return written + len(some)
        finally:
            await sink.stop()

"""Lets a broker run once, for what Java learns from it: `python -m services.sandbox.aot_training`."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from schemas.record import Output
from services.runtime.kafka import Sink, TopicSpec, ensure_topics, scan
from services.runtime.settings import KafkaSettings
from services.sandbox.aot_cache import learned, writing
from services.sandbox.kafka import EmbeddedKafka

TOPIC: Final = "training"
WRITTEN_WITHIN: Final = 120.0  # seconds; Java writes it down after the broker has ended


async def train() -> None:
    """One run that makes a topic, writes and reads, as every run does; the file appears when it is whole."""
    learned().parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=learned().parent, prefix="training-") as folder:
        written = Path(folder) / "java.aot"
        kafka = EmbeddedKafka(Path(folder) / "kafka", java=writing(written), stop_within=WRITTEN_WITHIN)
        try:
            await _work(await kafka.start())
        finally:
            await kafka.stop()
        written.replace(learned())


async def _work(bootstrap: str) -> None:
    settings = KafkaSettings(bootstrap=bootstrap)
    await ensure_topics(settings, [TopicSpec(TOPIC, 1)])
    sink = Sink(settings, client_id=TOPIC)
    await sink.start()
    await sink.send([Output(TOPIC, b"key", b"value")])
    await sink.stop()
    async for _ in scan(settings, TOPIC):
        pass


if __name__ == "__main__":
    if not learned().exists():
        sys.stderr.write("Letting Java learn Apache Kafka, once\n")
        asyncio.run(train())

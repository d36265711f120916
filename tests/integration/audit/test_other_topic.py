"""Whether `audit.v1` is the topic that the log was made of."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from services.audit.service import TOPICS, OtherTopic
from services.runtime.kafka import Sink, ensure_topics, offsets
from services.runtime.kafka.topics import admin
from services.runtime.settings import KafkaSettings
from services.runtime.trail import recorded
from tests.integration.audit.log_of import GROUP, running, size_is, stories
from tests.waiting import until


@pytest.mark.parametrize("number", [0, 3])
async def test_another_topic_than_the_log_was_made_of_is_refused(
    bare_kafka: KafkaSettings, sink: Sink, tmp_path: Path, number: int
) -> None:
    """A broker that came back empty, or longer by now, begins at offset 0 again: the log of before does not go on."""
    url = f"sqlite:///{tmp_path}/audit.db"
    async with running(bare_kafka, url) as log:
        await sink.send([recorded(entry) for entry in stories([1])])
        await size_is(log, 5)
    await made_anew(bare_kafka)
    fresh = Sink(bare_kafka, client_id="test-anew")  # the first one knows the old topic
    await fresh.start()
    await fresh.send([recorded(entry) for entry in stories(range(2, 2 + number))])
    await fresh.stop()
    with pytest.raises(OtherTopic, match=r"another broker, or it lost what it held.*Losing all of Kafka"):
        async with running(bare_kafka, url):
            pass


async def test_a_topic_that_lost_its_end_goes_on(bare_kafka: KafkaSettings, sink: Sink, tmp_path: Path) -> None:
    """A power cut took what the broker had not written yet, and the log had it: nothing is asked of anybody."""
    url = f"sqlite:///{tmp_path}/audit.db"
    async with running(bare_kafka, url) as log:
        await sink.send([recorded(entry) for entry in stories([1])])
        await size_is(log, 5)
    with closing(sqlite3.connect(tmp_path / "audit.db")) as database:
        database.executescript("UPDATE audit_position SET next_offset = 9")
    async with running(bare_kafka, url) as log:
        await sink.send([recorded(entry) for entry in stories([2])])
        await size_is(log, 10)


async def made_anew(kafka: KafkaSettings) -> None:
    """The topic is deleted, and an empty one stands in its place."""
    async with admin(kafka) as client:
        await client.delete_topics(["audit.v1"])

    async def is_empty() -> bool:
        await ensure_topics(kafka, TOPICS)
        return (await offsets(kafka, GROUP, ["audit.v1"]))["audit.v1", 0].end == 0

    await until(is_empty, "the new one is there")

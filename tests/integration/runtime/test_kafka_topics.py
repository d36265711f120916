"""Topics are made as we need them, left as they are when they exist, and looked at without taking part."""

import asyncio
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from schemas.record import Output
from services.runtime.errors import Refused, TryLater
from services.runtime.kafka import Offsets, Sink, TopicSpec, ensure_topics, offsets, scan
from services.runtime.kafka.topics import require_topics
from services.runtime.settings import KafkaSettings
from tests.broker import MakeTopic
from tests.integration.runtime.rig import Rig, eventually
from tests.transactions import ended


@pytest.fixture
def settings(bootstrap: str) -> KafkaSettings:
    """The broker all tests share."""
    return KafkaSettings(bootstrap=bootstrap)


async def described(settings: KafkaSettings, name: str) -> tuple[int, dict[str, str]]:
    """A topic's number of partitions and its settings, as the broker tells."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap)
    await admin.start()
    try:
        (topic,) = await admin.describe_topics([name])
        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    finally:
        await admin.close()
    ((_, _, _, _, entries),) = answer.resources
    return len(topic["partitions"]), {entry[0]: entry[1] for entry in entries}


async def test_a_missing_topic_is_made_as_specified(settings: KafkaSettings) -> None:
    """Partitions and Kafka's own settings are those that were asked for."""
    configs = {
        "retention.ms": "604800000",
        "segment.ms": "3600000",
        "cleanup.policy": "delete",
        "message.timestamp.type": "LogAppendTime",
    }
    name = f"made-{uuid4()}"
    await ensure_topics(settings, [TopicSpec(name, 6, configs), TopicSpec(f"audit-{uuid4()}", 1, exactly=True)])
    partitions, found = await described(settings, name)
    assert partitions == 6
    assert configs.items() <= found.items()


async def test_an_existing_topic_is_left_as_it_is(settings: KafkaSettings, topic: MakeTopic) -> None:
    """More partitions than asked for are fine, and no setting is touched."""
    name = await topic(4, {"retention.ms": "1000000"})
    await ensure_topics(settings, [TopicSpec(name, 3, {"retention.ms": "5"})])
    partitions, found = await described(settings, name)
    assert partitions == 4
    assert found["retention.ms"] == "1000000"


async def test_services_that_start_together_make_a_topic_once(settings: KafkaSettings) -> None:
    """Whoever comes second finds it made, and that is no error."""
    wanted = [TopicSpec(f"raced-{uuid4()}", 2) for _ in range(3)]
    await asyncio.gather(*(ensure_topics(settings, wanted) for _ in range(5)))
    assert (await described(settings, wanted[0].name))[0] == 2


async def test_too_few_partitions_are_refused_with_the_fix(settings: KafkaSettings, topic: MakeTopic) -> None:
    """The text names the topic, what it has, what it needs and the command."""
    name = await topic(2)
    with pytest.raises(Refused, match=rf"{name} has 2 partitions and needs 3: .*--alter --topic {name} --partitions 3"):
        await ensure_topics(settings, [TopicSpec(name, 3)])


async def test_a_topic_whose_order_counts_may_not_have_more_partitions_either(
    settings: KafkaSettings, topic: MakeTopic
) -> None:
    """The audit log is one sequence: two partitions would make it two."""
    name = await topic(2)
    with pytest.raises(Refused, match="exactly 1"):
        await ensure_topics(settings, [TopicSpec(name, 1, exactly=True)])


async def test_a_topic_the_broker_will_not_make_is_refused_with_its_reason(settings: KafkaSettings) -> None:
    """A setting Kafka does not know, or more replicas than there are brokers, is for a person to correct."""
    with pytest.raises(Refused, match=r"cannot be made: .*nonsense"):
        await ensure_topics(settings, [TopicSpec(f"odd-{uuid4()}", 1, {"nonsense": "1"})])
    with pytest.raises(Refused, match="InvalidReplicationFactorError"):
        await ensure_topics(settings.model_copy(update={"replication": 5}), [TopicSpec(f"odd-{uuid4()}", 1)])


async def test_without_a_broker_everything_says_so() -> None:
    """In words that need no Kafka client."""
    nowhere = KafkaSettings(bootstrap="127.0.0.1:1")
    with pytest.raises(TryLater):
        await ensure_topics(nowhere, [TopicSpec("signals.v1", 1)])
    with pytest.raises(TryLater):
        await offsets(nowhere, "group", ["signals.v1"])
    with pytest.raises(TryLater):
        _ = [record async for record in scan(nowhere, "signals.v1")]


async def test_offsets_tell_what_a_group_has_done_and_has_to_do(rig: Rig) -> None:
    """Committed, oldest and next offset of each partition; nothing committed is None, not zero."""
    await rig.fill(b"1", b"2", b"3")
    assert await offsets(rig.settings, rig.group, [rig.source]) == {(rig.source, 0): Offsets(None, 0, 3)}
    hop = await rig.hop()
    await eventually(rig.done)
    await hop.stop()
    await rig.fill(b"4")
    assert (await offsets(rig.settings, rig.group, [rig.source]))[rig.source, 0] == Offsets(3, 0, 4)
    found = await offsets(rig.settings, "nobody", [rig.source, rig.target])
    assert found == {(rig.source, 0): Offsets(None, 0, 4), (rig.target, 0): Offsets(None, 0, 3)}
    assert found[rig.source, 0].lag == 4


async def test_looking_at_a_topic_that_is_not_there_is_refused(settings: KafkaSettings) -> None:
    """Instead of waiting for it."""
    with pytest.raises(Refused, match="no-such-topic does not exist"):
        await offsets(settings, "group", ["no-such-topic"])
    with pytest.raises(Refused, match="no-such-topic does not exist"):
        _ = [record async for record in scan(settings, "no-such-topic")]


async def test_every_topic_that_is_not_there_is_told_at_once(settings: KafkaSettings, topic: MakeTopic) -> None:
    """Nobody has one made, starts again, and finds the next; what is there is not named."""
    there = await topic(1)
    with pytest.raises(Refused) as caught:
        await require_topics(settings, ["not-there-b", there, "not-there-a"])
    assert [part.split(": ")[0] for part in str(caught.value).split("; ")] == [
        "topic not-there-a does not exist",
        "topic not-there-b does not exist",
    ]


async def test_a_scan_ends_where_the_topic_ended_when_it_began(settings: KafkaSettings, topic: MakeTopic) -> None:
    """Every record there is, partition after partition, in order; what is written during the scan is left alone."""
    name = await topic(3)
    sink = Sink(settings, client_id="scan")
    await sink.start()
    await sink.send([Output(name, b"%d" % n, b"%d" % n) for n in range(2000)])
    found: list[tuple[int, int]] = []
    async for record in scan(settings, name):
        if not found:
            await sink.send([Output(name, b"%d" % n, b"late") for n in range(50)])
        found.append((record.partition, record.offset))
        assert record.value != b"late"
    await sink.stop()
    assert len(found) == 2000
    assert found == sorted(found)
    later = [record.offset async for record in scan(settings, name, start=600)]
    assert later
    assert min(later) == 600


async def test_a_scan_of_nothing_ends(settings: KafkaSettings, topic: MakeTopic) -> None:
    """An empty topic has no records."""
    name = await topic(2)
    assert [record async for record in scan(settings, name)] == []


async def test_a_scan_ends_though_the_last_transaction_was_aborted(settings: KafkaSettings, topic: MakeTopic) -> None:
    """Markers and aborted records take up offsets that no reader ever gets."""
    name = await topic()
    producer = AIOKafkaProducer(bootstrap_servers=settings.bootstrap, transactional_id=name)
    await producer.start()
    await producer.begin_transaction()
    await producer.send(name, b"kept")
    await producer.commit_transaction()
    await producer.begin_transaction()
    await producer.send(name, b"taken back")
    await producer.abort_transaction()
    await producer.stop()
    await ended(settings.bootstrap, name)
    assert [record.value async for record in scan(settings, name)] == [b"kept"]

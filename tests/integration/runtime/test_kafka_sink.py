"""A sink writes every output once, to the partition Kafka's own clients would choose, in order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.protocol.produce import ProduceRequest

from schemas.record import Output, Record
from services.runtime.errors import TryLater
from services.runtime.kafka import Sink, TooLarge, scan
from services.runtime.kafka.producer import BROKER_LIMIT
from services.runtime.settings import KafkaSettings
from tests.broker import MakeTopic


@pytest.fixture
def settings(bootstrap: str) -> KafkaSettings:
    """The broker all tests share."""
    return KafkaSettings(bootstrap=bootstrap)


@pytest.fixture
async def sink(settings: KafkaSettings) -> AsyncIterator[Sink]:
    """A started sink."""
    started = Sink(settings, client_id="sink", patience=10)
    await started.start()
    yield started
    await started.stop()


async def records(settings: KafkaSettings, topic: str) -> list[Record]:
    """All records of a topic."""
    return [record async for record in scan(settings, topic)]


async def test_outputs_lie_where_their_key_says_in_order(settings: KafkaSettings, sink: Sink, topic: MakeTopic) -> None:
    """Key, value and headers arrive as given; the partition is the default partitioner's; order holds within it."""
    name = await topic(5)
    given = [Output(name, b"key-%d" % (n % 40), b"%d" % n, [("n", b"%d" % n), ("empty", b"")]) for n in range(500)]
    await sink.send(given)
    found = await records(settings, name)
    assert len(found) == 500
    for record in found:
        assert record.partition == DefaultPartitioner()(record.key, [*range(5)], [*range(5)])
        assert list(record.headers) == [("n", record.value), ("empty", b"")]
    for partition in range(5):
        values = [int(record.value or b"") for record in found if record.partition == partition]
        assert values == sorted(values)


async def test_outputs_without_a_key_are_spread(settings: KafkaSettings, sink: Sink, topic: MakeTopic) -> None:
    """Send after send they go to another partition; an empty key is a key."""
    name = await topic(3)
    for n in range(6):
        await sink.send([Output(name, None, b"%d" % n)])
    await sink.send([Output(name, b"", b"6"), Output(name, b"", b"7")])
    found = await records(settings, name)
    assert {record.partition for record in found if record.key is None} == {0, 1, 2}
    assert len({record.partition for record in found if record.key == b""}) == 1


async def test_more_than_one_batch_stays_in_order(settings: KafkaSettings, sink: Sink, topic: MakeTopic) -> None:
    """Outputs that fill several Kafka batches of one partition arrive in the order they were given."""
    name = await topic()
    await sink.send([Output(name, b"key", b"%d " % n + b"x" * 100_000) for n in range(60)])
    assert [int((record.value or b"").split()[0]) for record in await records(settings, name)] == list(range(60))


async def test_the_largest_record_passes_and_one_byte_more_does_not(
    settings: KafkaSettings, sink: Sink, topic: MakeTopic
) -> None:
    """Our limit is the broker's own: it takes what we let through, and what we refuse keeps all of the send back."""
    name = await topic()
    oversized = Output(name, None, b"x" * BROKER_LIMIT)

    async def refused(size: int) -> bool:
        with pytest.raises(TooLarge) as first:
            await sink.send([Output(name, None, b"x" * size), oversized])
        return first.value.index == 0

    largest = BROKER_LIMIT - 100
    while not await refused(largest + 1):
        largest += 1
    assert await records(settings, name) == []
    await sink.send([Output(name, None, b"x" * largest)])
    assert [len(record.value or b"") for record in await records(settings, name)] == [largest]


async def test_a_batch_whose_acknowledgement_was_lost_is_written_once(
    settings: KafkaSettings, sink: Sink, topic: MakeTopic
) -> None:
    """The producer sends it again with the same sequence number, and the broker keeps one of the two."""
    name = await topic()
    await sink.send([Output(name, None, b"0")])
    client = sink._producer.client  # type: ignore[union-attr]  # noqa: SLF001  the fault itself
    send, lost = client.send, 0

    async def losing(node: int, request: Any, **more: Any) -> Any:
        nonlocal lost
        answer = await send(node, request, **more)
        if isinstance(request, ProduceRequest) and lost < 3:
            lost += 1
            raise KafkaConnectionError
        return answer

    client.send = losing
    await sink.send([Output(name, None, b"1"), Output(name, None, b"2")])
    await sink.send([Output(name, None, b"3")])
    assert lost == 3
    assert [record.value for record in await records(settings, name)] == [b"0", b"1", b"2", b"3"]


async def test_a_topic_that_does_not_exist_is_tried_later_and_harms_no_other(
    settings: KafkaSettings, topic: MakeTopic
) -> None:
    """A send to a missing topic fails within its time, and what comes after it goes through."""
    name = await topic()
    sink = Sink(settings, client_id="missing", patience=1)
    await sink.start()
    with pytest.raises(TryLater, match="TimeoutError"):
        await sink.send([Output(name, None, b"lost"), Output("no-such-topic", None, b"x")])
    await sink.send([Output(name, None, b"after")])
    await sink.stop()
    assert [record.value for record in await records(settings, name)] == [b"after"]


async def test_many_may_share_a_sink(settings: KafkaSettings, sink: Sink, topic: MakeTopic) -> None:
    """Sends at the same time do not mix up, and each is in order."""
    name = await topic(2)
    await asyncio.gather(*(sink.send([Output(name, b"%d" % who, b"%d" % n) for n in range(50)]) for who in range(20)))
    found = await records(settings, name)
    for who in range(20):
        values = [int(record.value or b"") for record in found if record.key == b"%d" % who]
        assert values == list(range(50))


async def test_a_refused_batch_does_not_stop_the_sink(settings: KafkaSettings, sink: Sink, topic: MakeTopic) -> None:
    """After the broker has refused a batch, its sequence numbers have a gap: the sink goes on with a new producer."""
    small, name = await topic(1, {"max.message.bytes": "500"}), await topic()
    await sink.send([Output(name, None, b"0")])
    with pytest.raises(TooLarge) as refused:
        await sink.send([Output(name, None, b"1"), Output(small, None, b"x" * 600)])
    assert refused.value.index == 1
    await sink.send([Output(name, None, b"2"), Output(small, None, b"fits")])
    assert [record.value for record in await records(settings, small)] == [b"fits"]
    assert [record.value for record in await records(settings, name)][-1] == b"2"


async def test_a_record_larger_than_a_segment_is_too_large(
    settings: KafkaSettings, sink: Sink, topic: MakeTopic
) -> None:
    """The broker refuses it by another error than one above max.message.bytes, and would for ever."""
    name = await topic(1, {"segment.bytes": str(2**20), "max.message.bytes": str(2**21)})
    overhead = BROKER_LIMIT - 2**20 + 61  # of a batch, and of nothing yet of its one record
    with pytest.raises(TooLarge):
        await sink.send([Output(name, None, b"x" * (BROKER_LIMIT - overhead))])
    await sink.send([Output(name, None, b"fits")])
    assert [record.value for record in await records(settings, name)] == [b"fits"]


async def test_whoever_shares_a_sink_that_failed_is_told_at_once(settings: KafkaSettings, topic: MakeTopic) -> None:
    """When one send makes the producer be replaced, the others do not wait out their patience: sent, or TryLater."""
    small, name = await topic(1, {"max.message.bytes": "500"}), await topic()
    sink = Sink(settings, client_id="shared", patience=60)
    await sink.start()
    large = [Output(name, None, b"x" * 900_000) for _ in range(5)]
    async with asyncio.timeout(20):
        results = await asyncio.gather(
            *(sink.send(large) for _ in range(10)),
            sink.send([Output(small, None, b"x" * 600)]),
            *(sink.send(large) for _ in range(10)),
            return_exceptions=True,
        )
    assert {type(result) for result in results} <= {type(None), TryLater, TooLarge}
    assert isinstance(results[10], TooLarge)
    assert any(isinstance(result, TryLater) for result in results)
    await sink.send(large)
    await sink.stop()


async def test_nothing_to_send_needs_no_broker() -> None:
    """An empty send returns at once, started or not."""
    await Sink(KafkaSettings(bootstrap="127.0.0.1:1"), client_id="none").send([])


async def test_start_without_a_broker_says_so() -> None:
    """In words that need no Kafka client."""
    sink = Sink(KafkaSettings(bootstrap="127.0.0.1:1"), client_id="none")
    with pytest.raises(TryLater, match=r"127\.0\.0\.1:1"):
        await sink.start()
    await sink.stop()

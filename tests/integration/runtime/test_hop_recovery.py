"""The broker dies and comes back: the hop goes on by itself, and says when it cannot."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final
from uuid import uuid4

import pytest

from schemas.record import Output, Record
from services.runtime.errors import Refused, TryLater
from services.runtime.kafka import Hop, Sink, TopicSpec, ensure_topics
from services.runtime.kafka.producer import REQUEST_TIMEOUT_MS
from services.runtime.kafka.timing import Timing
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings
from services.sandbox.kafka import EmbeddedKafka
from tests.integration.runtime.rig import GatedSink, Rig, eventually, in_order

IMPATIENT: Final = Timing(session=3, stuck=3)


def freeze(child: int) -> None:
    """It stands still when this returns: a signal alone leaves its threads running for a while."""
    os.kill(child, signal.SIGSTOP)
    os.waitid(os.P_PID, child, os.WSTOPPED | os.WNOWAIT)


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    """A broker of this file alone."""
    kafka = EmbeddedKafka(tmp_path_factory.mktemp("mortal"))
    yield kafka
    kafka.kill()


@pytest.fixture
async def own_kafka(mortal: EmbeddedKafka) -> EmbeddedKafka:
    """It, alive again: its tests kill it one after the other, and each has topics of its own."""
    await mortal.start()
    return mortal


@pytest.fixture
async def rig(own_kafka: EmbeddedKafka) -> AsyncIterator[Rig]:
    """A rig on a broker that may be killed."""
    settings = KafkaSettings(bootstrap=own_kafka.bootstrap)
    source, target = (f"{name}-{uuid4().hex}" for name in ("source", "target"))
    await ensure_topics(settings, [TopicSpec(source, 3), TopicSpec(target, 2)])
    feed = Sink(settings, client_id="feed")
    await feed.start()
    made = Rig(settings, source=source, target=target, feed=feed)
    try:
        yield made
    finally:
        await made.stop()


async def test_the_hop_goes_on_after_the_broker_was_killed(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """Kill -9 in the middle of the stream, and a new start at the same address: all arrive, in order, none twice."""
    hop = await rig.hop(max_records=20)
    values: list[bytes] = []

    def carried() -> int:
        """Records of which the hop has taken note."""
        return sum(batch.records for batch in rig.seen)

    async def write() -> None:
        """Never far ahead of the hop: it is in the middle of the stream when the broker goes."""
        for _ in range(60):
            values.extend(await rig.fill_keyed(20))
            await eventually(lambda: carried() >= len(values) - 200)

    writing = asyncio.create_task(write())
    await eventually(lambda: carried() >= 200)
    own_kafka.kill()
    await own_kafka.start()
    await writing
    await eventually(rig.done)
    written = await rig.values()
    assert sorted(written, key=str) == sorted(values, key=str)
    assert in_order(written)
    assert hop.healthy().alive


async def test_a_batch_in_hand_survives_the_broker(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """The broker dies while the outputs of a batch are on their way: that batch is committed later, and not lost."""
    sink = GatedSink(rig.settings)
    values = await rig.fill_keyed(100)
    await rig.hop(sink=sink)
    await sink.waiting.wait()
    own_kafka.kill()
    sink.gate.set()
    await own_kafka.start()
    await eventually(rig.done)
    assert set(await rig.values()) == set(values)


async def test_a_hop_cut_off_from_the_broker_says_so_and_recovers(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """Without an answer from the broker for a while it is not alive; when the broker is back, it is again."""
    hop = await rig.hop(timing=IMPATIENT)
    await rig.fill_keyed(10)
    await eventually(rig.done)
    await eventually(lambda: hop.healthy().ready)
    own_kafka.kill()
    await eventually(lambda: not hop.healthy().alive)
    assert "has not moved" in hop.healthy().why
    await own_kafka.start()
    await eventually(lambda: hop.healthy().ready)
    await rig.fill_keyed(10)
    await eventually(rig.done)


async def test_a_sink_heals_after_it_gave_up(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """A send that was not acknowledged in time raises TryLater; the next one after the broker is back succeeds."""
    sink = Sink(rig.settings, client_id="healing", patience=1)
    rig.started.append(sink)
    await sink.start()
    outputs = [Output(rig.target, str(n).encode(), b"%d" % n) for n in range(10)]
    own_kafka.kill()
    for _ in range(3):
        with pytest.raises(TryLater):
            await sink.send(outputs)
    await own_kafka.start()

    async def accepted() -> bool:
        try:
            await sink.send([Output(rig.target, b"last", b"last")])
        except TryLater:
            return False
        return True

    await eventually(accepted)
    assert b"last" in await rig.values()


async def test_a_sink_stops_while_the_broker_is_away(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """Stopping never waits for a broker that does not come back."""
    sink = Sink(rig.settings, client_id="stopping", patience=2)
    rig.started.append(sink)
    await sink.start()
    own_kafka.kill()
    sending = asyncio.create_task(sink.send([Output(rig.target, None, b"x")]))
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await sink.stop()
    with pytest.raises(TryLater):
        await sending


async def test_a_broker_that_hangs_holds_nobody_up(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """Frozen, it neither answers nor refuses: a send gives up in its time, and a stop does not wait for its answer."""
    sink = Sink(rig.settings, client_id="frozen", patience=3)
    rig.started.append(sink)
    await sink.start()
    await sink.send([Output(rig.target, None, b"before")])
    freeze(own_kafka.pid)
    try:
        began = time.monotonic()
        with pytest.raises(TryLater):
            await sink.send([Output(rig.target, None, b"frozen")])
        await sink.stop()
        assert time.monotonic() - began < REQUEST_TIMEOUT_MS / 1000 - 5
    finally:
        own_kafka.kill()


async def test_a_hop_stops_while_the_broker_is_away(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """SIGTERM during an outage ends the hop within its time."""
    hop = await rig.hop(timing=Timing(session=3, stop=2))
    own_kafka.kill()
    await eventually(lambda: True)
    async with asyncio.timeout(20):
        await hop.stop()


async def test_a_consumer_that_silently_ended_is_not_alive(rig: Rig) -> None:
    """The fetcher of aiokafka can end and nobody is told: a hop whose partitions get no answer is dead all the same."""
    hop = await rig.hop(timing=IMPATIENT)
    await eventually(lambda: hop.healthy().ready)
    hop._consumer._fetcher._fetch_task.cancel()  # noqa: SLF001  the fault itself
    await eventually(lambda: not hop.healthy().alive)


async def test_a_poll_loop_that_ended_is_not_alive(rig: Rig) -> None:
    """When FastStream's loop is gone, nothing comes round any more."""
    hop = await rig.hop(timing=IMPATIENT)
    await eventually(lambda: hop.healthy().ready)
    for task in asyncio.all_tasks():
        if "_run_consume_loop" in repr(task.get_coro()):
            task.cancel()
    await eventually(lambda: not hop.healthy().alive)
    assert "poll loop" in hop.healthy().why


async def test_a_start_that_failed_says_why_and_may_be_tried_again(rig: Rig, own_kafka: EmbeddedKafka) -> None:
    """Without a broker the hop does not pretend to have started; with one it starts, and waits as it should."""

    async def away(_records: Sequence[Record]) -> Sequence[Output]:
        """Never now, and it says why."""
        raise TryLater("database: not now")

    hop = Hop(
        name="again",
        settings=rig.settings,
        topics=[rig.source],
        group=rig.group,
        instance="0",
        handle=away,
        park=rig.park,
        sink=rig.feed,
        observe=rig.seen.append,
        dice=lambda: 0.5,
    )
    rig.started.append(hop)
    await rig.fill(b"1")
    own_kafka.kill()
    with pytest.raises(TryLater, match=own_kafka.bootstrap):
        await hop.start()
    assert not hop.healthy().ready
    await own_kafka.start()
    await hop.start()
    began = time.monotonic()
    await eventually(lambda: len(rig.seen) >= 4)
    assert hop.healthy() == Health(alive=True, ready=False, why="database: not now")
    assert time.monotonic() - began >= 0.1 + 0.2 + 0.4 - 0.01


async def test_a_topic_that_is_not_there_is_refused_at_once(rig: Rig) -> None:
    """A consumer of a misspelt topic would wait for it without a word."""
    rig.source = "signals.v11"
    with pytest.raises(Refused, match=r"signals\.v11"):
        await rig.hop()

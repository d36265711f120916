"""The embedded Apache Kafka keeps what it acknowledged, whatever ends it, and leaves nothing behind."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.runtime.errors import Refused, TryLater
from services.sandbox import kafka as kafka_module
from services.sandbox.broker_greeting import cluster_at
from services.sandbox.kafka import EmbeddedKafka
from services.sandbox.ports import another
from tests.broker import MakeTopic, in_own_loop, make_topic

CODECS = ["gzip", "snappy", "lz4", "zstd"]
OTHER_SESSION = """
import asyncio, signal, sys
from pathlib import Path
from services.sandbox import child
from services.sandbox.kafka import EmbeddedKafka
child.ON_PARENT_DEATH = int(sys.argv[2])  # 0: as on a system that cannot tie a child to its parent
kafka = EmbeddedKafka(Path(sys.argv[1]))
asyncio.run(kafka.start())
print(kafka.bootstrap, kafka.pid, flush=True)
signal.pause()
"""


async def write(bootstrap: str, topic: str, *values: bytes, codec: str | None = None) -> None:
    """Returns once all in-sync replicas have them."""
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, compression_type=codec
    ) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


@asynccontextmanager
async def member(bootstrap: str, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    """The one consumer of the group `readers`, which starts at the beginning and commits when told."""
    async with AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=f"readers-{topic}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=2000,
        heartbeat_interval_ms=500,
    ) as consumer:
        yield consumer


async def read(consumer: AIOKafkaConsumer, count: int) -> list[bytes]:
    """The next records' values, within 20 s."""
    async with asyncio.timeout(20):
        return [(await consumer.getone()).value for _ in range(count)]


def ended(pid: int) -> bool:
    """True when nothing of this process runs any more; its parent may still have to take note."""
    try:
        return str(psutil.Process(pid).status()) == "zombie"
    except psutil.NoSuchProcess:
        return True


def other_session(folder: Path, on_death: int) -> tuple[subprocess.Popen[bytes], str, int]:
    """Another process with a broker on `folder`: the process, the broker's address and the broker's process id."""
    command = [sys.executable, "-c", OTHER_SESSION, str(folder), str(on_death)]
    session = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert session.stdout is not None
    bootstrap, pid = session.stdout.readline().split()
    return session, bootstrap.decode(), int(pid)


def kill(session: subprocess.Popen[bytes]) -> None:
    """SIGKILL, and everything of it closed here."""
    session.kill()
    session.communicate()


async def test_a_group_reads_what_an_idempotent_producer_wrote(bootstrap: str, topic: MakeTopic) -> None:
    """Records acknowledged by all replicas reach the group in order."""
    name = await topic()
    await write(bootstrap, name, b"first", b"second")
    async with member(bootstrap, name) as consumer:
        assert await read(consumer, 2) == [b"first", b"second"]


@pytest.mark.parametrize("codec", CODECS)
async def test_every_codec_of_a_client_is_carried(bootstrap: str, topic: MakeTopic, codec: str) -> None:
    """Tenants choose their own compression; the broker checks it with native code, and we read it."""
    name = await topic()
    await write(bootstrap, name, b"again and " * 100, codec=codec)
    async with member(bootstrap, name) as consumer:
        assert await read(consumer, 1) == [b"again and " * 100]


@pytest.mark.parametrize("codec", CODECS)
async def test_every_codec_of_the_broker_is_read(bootstrap: str, topic: MakeTopic, codec: str) -> None:
    """A topic may prescribe a codec: then Java compresses, and what Java makes we read."""
    name = await topic(settings={"compression.type": codec})
    await write(bootstrap, name, b"again and " * 100)
    async with member(bootstrap, name) as consumer:
        assert await read(consumer, 1) == [b"again and " * 100]


@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_records_and_group_offsets_survive(own_kafka: EmbeddedKafka, how: str) -> None:
    """After a crash as after a clean stop, the same address holds every record, and a group goes on where it was."""
    bootstrap = own_kafka.bootstrap
    name = await make_topic(bootstrap, 1, {})
    await write(bootstrap, name, b"first", b"second", b"third")
    async with member(bootstrap, name) as consumer:
        assert await read(consumer, 2) == [b"first", b"second"]
        await consumer.commit({TopicPartition(name, 0): 2})
    if how == "kill":
        own_kafka.kill()
    else:
        await own_kafka.stop()
    again = EmbeddedKafka(own_kafka.folder)
    try:
        assert await again.start() == bootstrap
        async with member(bootstrap, name) as consumer:
            assert await read(consumer, 1) == [b"third"]
    finally:
        await again.stop()


async def test_a_taken_port_is_given_up(own_kafka: EmbeddedKafka) -> None:
    """When another program took the port meanwhile, the broker comes back at a new address with all it had."""
    before = own_kafka.bootstrap
    name = await make_topic(before, 1, {})
    await write(before, name, b"kept")
    await own_kafka.stop()
    with socket.create_server(("127.0.0.1", int(before.split(":")[1]))):
        after = await own_kafka.start()
    assert after != before
    async with member(after, name) as consumer:
        assert await read(consumer, 1) == [b"kept"]


async def test_a_port_that_is_taken_after_we_looked_is_given_up_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two that start at once may choose the same one: it begins again with others."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        chosen = iter([taken])
        monkeypatch.setattr(kafka_module, "another", lambda besides: next(chosen, None) or another(besides))
        kafka = EmbeddedKafka(tmp_path / "kafka")
        try:
            assert await kafka.start() != f"127.0.0.1:{taken}"
        finally:
            await kafka.stop()


async def test_another_broker_that_took_the_port_is_not_taken_for_ours(
    own_kafka: EmbeddedKafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers at once; what we would write there is another's, who begins anew with other ports is ours."""
    taken = int(own_kafka.bootstrap.rpartition(":")[2])
    chosen = iter([taken])
    monkeypatch.setattr(kafka_module, "another", lambda besides: next(chosen, None) or another(besides))
    second = EmbeddedKafka(tmp_path / "second")
    try:
        assert await second.start() != own_kafka.bootstrap
        assert await cluster_at(taken) != await cluster_at(int(second.bootstrap.rpartition(":")[2]))
    finally:
        await second.stop()


async def test_a_broker_left_behind_is_ended_and_its_records_kept(tmp_path: Path) -> None:
    """Where a crash left the broker running, the next start takes the folder over at the same address."""
    session, bootstrap, left_behind = await asyncio.to_thread(other_session, tmp_path, 0)
    name = await make_topic(bootstrap, 1, {})
    await write(bootstrap, name, b"kept")
    kill(session)
    assert not ended(left_behind)
    kafka = EmbeddedKafka(tmp_path)
    try:
        assert await kafka.start() == bootstrap
        assert ended(left_behind)
        async with member(bootstrap, name) as consumer:
            assert await read(consumer, 1) == [b"kept"]
    finally:
        await kafka.stop()


async def test_a_folder_in_use_is_refused(own_kafka: EmbeddedKafka) -> None:
    """A second session on the same folder is told so, and the first one's broker goes on."""
    second = EmbeddedKafka(own_kafka.folder)
    with pytest.raises(Refused, match="another process runs on"):
        await second.start()
    await second.stop()
    assert not ended(own_kafka.pid)
    await make_topic(own_kafka.bootstrap, 1, {})


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    """A session that is killed leaves no broker behind."""
    session, _, pid = other_session(tmp_path, signal.SIGKILL)
    broker = psutil.Process(pid)
    kill(session)
    broker.wait(timeout=30)
    assert ended(pid)


async def test_it_outlives_the_thread_that_asked_for_it(tmp_path: Path) -> None:
    """Linux ties a child to a thread; ours lasts as long as the process does."""
    kafka = EmbeddedKafka(tmp_path)
    try:
        bootstrap = await asyncio.to_thread(in_own_loop, kafka.start())
        name = await make_topic(bootstrap, 1, {})
        await write(bootstrap, name, b"still here")
        assert not ended(kafka.pid)
    finally:
        await kafka.stop()


async def test_it_writes_to_its_log_and_never_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The terminal belongs to the program that embeds it; the log tells what the broker did."""
    kafka = EmbeddedKafka(tmp_path)
    try:
        await kafka.start()
    finally:
        await kafka.stop()
    assert capfd.readouterr() == ("", "")
    assert "Kafka Server started" in (tmp_path / "kafka.log").read_text()
    assert "SLF4J" not in (tmp_path / "java.log").read_text()


async def test_a_start_that_fails_says_why_and_leaves_nothing(own_kafka: EmbeddedKafka) -> None:
    """A broker that ends at once is reported with its own last words, and its folder is free again."""
    await own_kafka.stop()
    meta = own_kafka.folder / "data" / "meta.properties"
    whole = meta.read_text()
    meta.write_text(whole.replace("node.id=1", "node.id=2"))
    with pytest.raises(TryLater, match="Stored node id 2"):
        await own_kafka.start()
    assert ended(own_kafka.pid)
    meta.write_text(whole)
    await own_kafka.start()

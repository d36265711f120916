"""The broker every test of a session shares: the one in TEST_KAFKA, else one in Docker, else Apache Kafka embedded."""

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from services.sandbox.kafka import EmbeddedKafka
from tests.docker import docker_answers

T = TypeVar("T")


class MakeTopic(Protocol):
    """Makes a topic nobody else has and returns its name, once every partition has a leader."""

    async def __call__(self, partitions: int = 1, settings: Mapping[str, str] | None = None) -> str:
        """`settings` are Kafka's own topic settings."""


@contextmanager
def broker() -> Iterator[str]:
    """The address of a real broker. Raises when none can be had: a test that needs one never skips.

    KAFKA_BOOTSTRAP is not looked at: in a shell that knows a sandbox, or worse, tests would write there.
    """
    if given := os.environ.get("TEST_KAFKA"):
        yield given
    elif docker_answers():
        with _container() as address:
            yield address
    else:
        with embedded() as address:
            yield address


@contextmanager
def _container() -> Iterator[str]:
    from testcontainers.community.kafka import KafkaContainer  # noqa: PLC0415  importing it looks for an engine

    container = KafkaContainer().with_kraft().with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
    with container as running:
        yield running.get_bootstrap_server()


class _Unhurt(EmbeddedKafka):
    """It is never killed, so no start waits until its last life is taken for over.

    With the two seconds of the others it would be, on a machine that stands still so long, and then have no leaders.
    """

    def _write_settings(self, controller_port: int) -> None:
        super()._write_settings(controller_port)
        with (self.folder / "server.properties").open("a") as settings:
            settings.write("broker.session.timeout.ms=60000\n")  # of two the last one counts


@contextmanager
def embedded() -> Iterator[str]:
    """The address of Apache Kafka on this machine, for one caller alone."""
    with TemporaryDirectory(prefix="kafka-") as folder:
        kafka = _Unhurt(Path(folder))
        try:
            yield in_own_loop(kafka.start())
        finally:
            in_own_loop(kafka.stop())


def in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Runs it in a thread of its own, so that fixtures of a session never meet the event loop of one test."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001  raised again by result()
            done.set_exception(error)

    threading.Thread(target=run).start()
    return done.result()


async def make_topic(bootstrap: str, partitions: int, settings: Mapping[str, str]) -> str:
    """A topic with a name of its own, so that nothing needs cleaning up between tests."""
    name = f"test-{uuid4()}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=dict(settings))])
        async with asyncio.timeout(20):
            while not await _has_leaders(admin, name, partitions):  # noqa: ASYNC110  the broker tells nobody
                await asyncio.sleep(0.02)
    finally:
        await admin.close()
    return name


async def _has_leaders(admin: AIOKafkaAdminClient, name: str, partitions: int) -> bool:
    (topic,) = await admin.describe_topics([name])
    found = topic["partitions"]
    return topic["error_code"] == 0 and len(found) == partitions and all(each["leader"] >= 0 for each in found)


async def cleared(bootstrap: str) -> None:
    """Every topic goes, and what groups had read of it with it: what comes next finds a new broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        async with asyncio.timeout(20):
            while names := await _topics(admin):
                await admin.delete_topics(names)
    finally:
        await admin.close()


async def _topics(admin: AIOKafkaAdminClient) -> list[str]:
    return [name for name in await admin.list_topics() if not name.startswith("__")]


async def emptied(bootstrap: str) -> None:
    """Every record of every topic goes. Whoever begins at the oldest begins at what is written next."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        names = await _topics(admin)
        topics = await admin.describe_topics(names) if names else []
        every = {
            TopicPartition(topic["topic"], each["partition"]): RecordsToDelete(-1)  # as far as there are any
            for topic in topics
            for each in topic["partitions"]
        }
        if every:
            await admin.delete_records(every)
    finally:
        await admin.close()

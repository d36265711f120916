"""Topics as we need them: made when they are missing, refused when they cannot carry what we promise."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    LeaderNotAvailableError,
    NoError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from services.runtime.errors import Refused
from services.runtime.kafka.connection import arguments, reached
from services.runtime.kafka.opening import opened
from services.runtime.settings import KafkaSettings

CLIENT_ID: Final = "seinpaal-topics"
REQUEST_TIMEOUT_MS: Final = 15_000
SEEN_WITHIN: Final = 15.0  # seconds from the making of a topic until the broker names it
RETRY: Final = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic we need. `configs` are Kafka's own topic settings; `exactly`: more partitions are as wrong as fewer."""

    name: str
    partitions: int
    configs: Mapping[str, str] = field(default_factory=dict)
    exactly: bool = False


async def ensure_topics(settings: KafkaSettings, wanted: Sequence[TopicSpec]) -> None:
    """Makes what is missing and leaves what exists as it is: somebody else may rely on it.

    Raises `Refused` for a topic that has too few partitions (or not exactly the number asked for), or that the broker
    will not make; `TryLater` when no broker answers, or what was made is not seen in time.
    """
    async with admin(settings) as client:
        found = await partitions(client, [spec.name for spec in wanted])
        missing = [spec for spec in wanted if spec.name not in found]
        if missing:
            await _create(client, missing, settings.replication)
            await _until_seen(client, [spec.name for spec in missing])
    for spec in wanted:
        if spec.name in found:
            _check(spec, len(found[spec.name]))


async def require_topics(settings: KafkaSettings, names: Sequence[str]) -> None:
    """Raises `Refused` that names all that do not exist: a consumer would wait for one without a word."""
    async with admin(settings) as client:
        found = await partitions(client, names)
    if missing := sorted(set(names) - found.keys()):
        raise Refused("; ".join(f"topic {name} does not exist: have it made, or correct its name" for name in missing))


async def compacts(settings: KafkaSettings, topic: str) -> bool | None:
    """Whether Kafka drops its records for newer ones of their keys; None where we may not ask (DescribeConfigs)."""
    asked = ConfigResource(ConfigResourceType.TOPIC, topic, {"cleanup.policy": None})
    async with admin(settings) as client:
        (answer,) = await client.describe_configs([asked])
    ((code, _, _, _, entries),) = answer.resources
    return any("compact" in value for _, value, *_ in entries) if for_code(code) is NoError else None


@asynccontextmanager
async def admin(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected admin client. Raises `TryLater` when the broker does not answer, here or in the body."""
    client = AIOKafkaAdminClient(**arguments(settings, client_id=CLIENT_ID), request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        with reached(settings):
            await opened(client.start())
            yield client
    finally:
        await client.close()


async def partitions(client: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, list[int]]:
    """The partition numbers of those topics that exist. Raises `Refused` for one we may not look at."""
    found: dict[str, list[int]] = {}
    for topic in await client.describe_topics(list(names)) if names else ():
        error = for_code(topic["error_code"])
        if error in {NoError, LeaderNotAvailableError}:
            found[topic["topic"]] = sorted(each["partition"] for each in topic["partitions"])
        elif error is not UnknownTopicOrPartitionError:
            raise Refused(f"topic {topic['topic']} cannot be looked at: {error.__name__}")
    return found


async def _create(client: AIOKafkaAdminClient, missing: Iterable[TopicSpec], replication: int) -> None:
    response: Any = await client.create_topics(
        [NewTopic(spec.name, spec.partitions, replication, topic_configs=dict(spec.configs)) for spec in missing]
    )
    for name, code, *message in response.topic_errors:
        error = for_code(code)
        if error not in {NoError, TopicAlreadyExistsError}:  # another service made it meanwhile
            raise Refused(f"topic {name} cannot be made: {error.__name__} {' '.join(filter(None, message))}")


async def _until_seen(client: AIOKafkaAdminClient, names: Sequence[str]) -> None:
    """The controller made them; a broker names them once it has read that, on a busy machine a second later."""
    async with asyncio.timeout(SEEN_WITHIN):
        while len(await partitions(client, names)) < len(names):  # noqa: ASYNC110  the broker tells nobody
            await asyncio.sleep(RETRY)


def _check(spec: TopicSpec, partitions: int) -> None:
    if spec.exactly and partitions != spec.partitions:
        raise Refused(
            f"topic {spec.name} has {partitions} partitions and must have exactly {spec.partitions}, or its order is "
            "lost. Delete it if it is empty, or give another name"
        )
    if partitions < spec.partitions:
        raise Refused(
            f"topic {spec.name} has {partitions} partitions and needs {spec.partitions}: add them with "
            f"kafka-topics.sh --alter --topic {spec.name} --partitions {spec.partitions}, while nothing is in it"
        )

"""OWNERS: whether records wait in a topic that nobody in the group reads.

A group divides what its members ask for. Where it divides badly, or nobody asks for a topic, it says nothing: the
records wait for ever, and every member is well.
"""

import asyncio
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final

from aiokafka.coordinator.protocol import ConsumerProtocol
from aiokafka.errors import KafkaError

from services.runtime.background import go_on
from services.runtime.ending import end
from services.runtime.errors import SeinpaalError
from services.runtime.kafka.positions import Partition
from services.runtime.kafka.reading import offsets
from services.runtime.kafka.topics import admin
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings

AWAY: Final = (SeinpaalError, KafkaError, OSError)  # TimeoutError is an OSError
EVERY: Final = 30.0  # seconds between looks
SETTLED: Final = frozenset({"Stable", "Empty", "Dead"})
"""States of a group in which it is known who has what; `Dead` is one that never was."""


async def owned(settings: KafkaSettings, group: str) -> frozenset[Partition] | None:
    """The partitions that a member has; None while the group divides them. Raises `TryLater` without a broker."""
    async with admin(settings) as client:
        (answer,) = await client.describe_consumer_groups([group])
    (told,) = answer.to_object()["groups"]
    if told["state"] not in SETTLED:
        return None
    given = filter(None, (one["member_assignment"] for one in told["members"]))  # empty: a member that has nothing
    each = map(ConsumerProtocol.ASSIGNMENT.decode, given)
    return frozenset((where.topic, where.partition) for one in each for where in one.partitions())


class Owners:
    """Looks now and then at the whole group, whoever has which part of it."""

    def __init__(self, settings: KafkaSettings, group: str, topics: Sequence[str], every: float = EVERY) -> None:
        """`every`: seconds between looks; what is found twice running is told."""
        self._settings, self._group, self._topics, self._every = settings, group, topics, every
        self._before: frozenset[Partition] = frozenset()
        self._left: frozenset[Partition] = frozenset()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """From now on, until `stop`."""
        self._task = asyncio.create_task(go_on("kafka.owners", self._look, self._every, AWAY))

    async def stop(self) -> None:
        """Safe to call twice."""
        task, self._task = self._task, None
        if task is not None:
            await end(task)

    def healthy(self) -> Health:
        """Not ready while records wait that nobody reads. No restart of ours mends that by itself, so it is alive."""
        if not self._left:
            return Health(alive=True, ready=True)
        return Health(alive=True, ready=False, why=f"{_named(self._left)}: records wait, and {self._why()}")

    def _why(self) -> str:
        return (
            f"no member of consumer group {self._group} reads them: restart every ingest with the same sources.yaml; "
            f"kafka-consumer-groups.sh --describe --members --verbose --group {self._group} shows who is in it"
        )

    async def _look(self) -> None:
        """Of a look that failed nothing is concluded."""
        found = await self._unowned()
        self._before, self._left = found, found & self._before

    async def _unowned(self) -> frozenset[Partition]:
        had = await owned(self._settings, self._group)
        if had is None:
            return frozenset()
        found = await offsets(self._settings, self._group, self._topics)
        return frozenset(where for where, one in found.items() if one.lag > 0 and where not in had)


def _named(partitions: Collection[Partition]) -> str:
    """`topic 0, 1; other 2`."""
    topics = groupby(sorted(partitions), key=lambda where: where[0])
    return "; ".join(f"{topic} {', '.join(str(number) for _, number in each)}" for topic, each in topics)

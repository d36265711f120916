"""BEHIND: a database that holds less than its group has read, as after a failover or a restore.

What it lacks is in the topic still, so the hop goes back to where the database stands and reads on from there: ids are
derived, and what comes twice changes nothing. Who places the group with Kafka's own tools leaves no topic id with the
offset, and is believed.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from typing import Final, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.errors import SeinpaalError, TryLater
from services.runtime.kafka.anew import Anew, committed
from services.runtime.kafka.positions import Partition, Place, Places
from services.runtime.log import get_logger

PATIENCE: Final = 5.0
"""Seconds for an answer."""

LATER: Final = (SeinpaalError, KafkaError, OSError)  # TimeoutError is an OSError

LESS: Final = "the database holds less than this group has read: it is read again from where that stands"

log = get_logger(__name__)


class Stored(Protocol):
    """Where the database of a stage stands, of one group. Each raises TryLater when it is not there."""

    async def begun(self, topics: Collection[str]) -> set[str]:
        """Those of which any place is stored."""

    async def begin(self, places: Places) -> None:
        """Store the first ones ever; what is there stands."""

    async def put(self, places: Places) -> None:
        """Store them, whatever was there."""

    async def behind(self, passed: Places) -> dict[Partition, int]:
        """Where it holds less than was passed, and how far it does."""

    async def keep(self, passed: Places, done: Places) -> dict[Partition, int]:
        """Store what is done, unless it is behind what was passed before."""


class Behind:
    """Of one hop. Without `stored` there is nothing that could be behind."""

    def __init__(self, hop: str, stored: Stored | None, anew: Anew, every: float, ticks: Callable[[], float]) -> None:
        """`every`: seconds between two looks when no batch comes."""
        self._hop, self._stored, self._anew = hop, stored, anew
        self._every, self._ticks = every, ticks
        self._due = 0.0
        self._given: int | None = None

    async def look(self, consumer: AIOKafkaConsumer) -> None:
        """Between two batches, when it is time: goes back where it must. Without an answer, the next time."""
        given = self._anew.given
        if self._stored is None or not consumer.assignment() or (self._given == given and self._ticks() < self._due):
            return
        self._due = self._ticks() + self._every
        with suppress(*LATER):  # a batch meets the same, and says so
            async with asyncio.timeout(PATIENCE):
                if behind := await self._found(self._stored, consumer):
                    await self._back(consumer, behind)
                self._given = given

    async def check(self, consumer: AIOKafkaConsumer, those: Iterable[Partition]) -> None:
        """Before a batch of those partitions: what it would be added to must be all that was done before.

        Raises:
            TryLater: it is not, so the next look goes back; or the database does not answer.
            KafkaError: the broker does not.
            TimeoutError: nobody does.
        """
        if self._stored is None:
            return
        async with asyncio.timeout(PATIENCE):
            if self._given == (given := self._anew.given):
                behind = await self._stored.behind(self._passed(those))
            elif not (behind := await self._found(self._stored, consumer)):
                self._given = given
        self._later(behind)

    async def keep(self, done: Mapping[TopicPartition, Place]) -> None:
        """Before that is committed. Raises as `check` does."""
        if self._stored is not None and done:
            self._later(await self._stored.keep(self._passed(done), done))

    def _later(self, behind: Mapping[Partition, int]) -> None:
        if behind:
            self._due = 0.0
            raise TryLater(LESS)

    async def _found(self, stored: Stored, consumer: AIOKafkaConsumer) -> dict[Partition, int]:
        """Of all that is ours, once each has a place."""
        ours = consumer.assignment()
        if self._given != self._anew.given:
            await self._anew.settled(consumer, ours)
            await self._begin(stored, consumer, {each.topic for each in ours})
            if by_hand := self._anew.by_hand & ours:
                await stored.put(self._passed(by_hand))
                self._anew.by_hand -= by_hand
        return await stored.behind(self._passed(ours))

    async def _begin(self, stored: Stored, consumer: AIOKafkaConsumer, topics: set[str]) -> None:
        """Of what no place was ever stored, that is where the group stands: nothing is read again for it."""
        if new := topics - await stored.begun(topics):
            every = _partitions(consumer, new)
            placed = {each: at.offset for each, at in (await committed(consumer, every)).items()}
            await stored.begin(self._anew.named({each: max(0, placed.get(each, 0)) for each in every}))

    async def _back(self, consumer: AIOKafkaConsumer, behind: Mapping[Partition, int]) -> None:
        """The group is placed first, so that whoever takes a partition over begins there too."""
        following = self._anew.following
        held = {TopicPartition(*where): offset for where, offset in behind.items()}
        await consumer.commit(self._anew.named(held))
        for each, offset in held.items():
            why = f"{each.topic} {each.partition}: {LESS}"
            log.error("hop.behind", service=self._hop, count=following[each] - offset, why=why)
            consumer.seek(each, offset)
        following.update(held)

    def _passed(self, those: Iterable[Partition]) -> dict[TopicPartition, Place]:
        """What was done of them before, as far as anything was."""
        following = self._anew.following
        return self._anew.named({TopicPartition(*each): following[each] for each in those if each in following})


def _partitions(consumer: AIOKafkaConsumer, topics: Iterable[str]) -> frozenset[TopicPartition]:
    """All of them, whoever reads them."""
    return frozenset(
        TopicPartition(each, part) for each in topics for part in consumer.partitions_for_topic(each) or ()
    )

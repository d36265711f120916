"""ANEW: a topic that is deleted and made anew while we read it begins at its beginning, not where the old one stood.

Its offsets restart, so our place in the old one is a place in the new one as soon as that is as long, and what stands
before it would be read by nobody. Kafka tells no consumer. So the topic's id is asked now and then, and goes along with
what we commit: whoever takes a partition over, or starts again, sees that the place is one of another topic.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.runtime.kafka.positions import Partition, Place
from services.runtime.kafka.topic_ids import topic_ids
from services.runtime.log import get_logger

PATIENCE: Final = 5.0
"""Seconds for an answer; without one it is asked again."""

log = get_logger(__name__)


class Anew:
    """Of one consumer. Between two batches it puts partitions back to their beginning where their topic is another."""

    def __init__(self, hop: str, every: float, ticks: Callable[[], float]) -> None:
        """`every`: for so many seconds at most a new topic is read from the old one's place on.

        `following`: which offset of each partition follows what is done; until more is, what was committed. `by_hand`:
        where that came without the topic's id, as from a person with Kafka's own tools. `given` counts assignments.
        """
        self.following: dict[TopicPartition, int] = {}
        self.by_hand: set[TopicPartition] = set()
        self.given = 0
        self._hop = hop
        self._every = every
        self._ticks = ticks
        self._due = 0.0
        self._ids: dict[str, str] = {}
        self._compared: frozenset[TopicPartition] = frozenset()

    def assigned(self) -> None:
        """Partitions were given to us, perhaps again: we stand where it was committed, and not where we put them."""
        self._compared = frozenset()
        self.following.clear()
        self.by_hand.clear()
        self.given += 1

    def knows(self, consumer: AIOKafkaConsumer) -> bool:
        """Whether it was compared, of all that is ours, which topic it is."""
        return self._compared >= set(consumer.assignment())

    async def placed(self, consumer: AIOKafkaConsumer, offsets: Mapping[Partition, int]) -> dict[TopicPartition, Place]:
        """What is committed: each offset with the id of the topic that we were reading.

        A poll may have begun before partitions were given to us: what it brought is compared first. Of those that were
        put back to their beginning nothing is committed.

        Raises:
            KafkaError: the broker does not answer.
            TimeoutError: not in time.
        """
        those = {TopicPartition(*where): offset for where, offset in offsets.items()}
        back = await self.settled(consumer, those)
        return self.named({each: at for each, at in those.items() if each not in back})

    async def settled(self, consumer: AIOKafkaConsumer, those: Collection[TopicPartition]) -> set[TopicPartition]:
        """Returns once it was compared which topic those are; of them, which were put back. Raises as `placed` does."""
        back: set[TopicPartition] = set()
        async with asyncio.timeout(PATIENCE):
            while consumer.assignment() & set(those) - self._compared:
                back |= await self._compare(consumer, frozenset(consumer.assignment()))
        return back

    def named(self, offsets: Mapping[TopicPartition, int]) -> dict[TopicPartition, Place]:
        """Each with the id of its topic, as far as we know it."""
        return {each: Place(at, self._ids.get(each.topic, "")) for each, at in offsets.items()}

    async def look(self, consumer: AIOKafkaConsumer) -> None:
        """Asks, when it is time or partitions came to us; without an answer, the next time."""
        ours = frozenset(consumer.assignment())
        if ours and (self._ticks() >= self._due or ours - self._compared):
            self._due = self._ticks() + self._every
            with suppress(KafkaError, TimeoutError, OSError):  # the poll meets the same, and says so
                async with asyncio.timeout(PATIENCE):
                    await self._compare(consumer, ours)

    async def _compare(self, consumer: AIOKafkaConsumer, ours: frozenset[TopicPartition]) -> set[TopicPartition]:
        given = self.given
        found = await topic_ids(consumer, {each.topic for each in ours})
        read = {each: self._ids.get(each.topic) for each in ours & self._compared}
        placed = await committed(consumer, ours - self._compared)
        read |= {each: at.metadata or None for each, at in placed.items()}
        known = {each: at for each, at in placed.items() if at.offset >= 0}
        self.following.update({each: at.offset for each, at in known.items()})
        self.by_hand |= {each for each, at in known.items() if not at.metadata}
        other = {each for each, id_ in read.items() if id_ and found.get(each.topic, id_) != id_}
        if other:
            await consumer.seek_to_beginning(*other)
            for each in other:
                self.following.pop(each, None)
            names = ", ".join(sorted({each.topic for each in other}))
            log.warning(
                "hop.anew", service=self._hop, why=f"deleted and made anew, so read from its beginning: {names}"
            )
        self._ids |= found
        self._compared = ours if given == self.given else frozenset()
        return other


async def committed(consumer: AIOKafkaConsumer, those: frozenset[TopicPartition]) -> dict[TopicPartition, Any]:
    """What the group committed of each, ours or not, with its topic's id as metadata; of some, nothing."""
    if not those:
        return {}
    coordinator: Any = consumer._coordinator  # noqa: SLF001  the public `committed` leaves the metadata out
    return dict(await coordinator.fetch_committed_offsets(those))

"""EXPIRY: what Kafka deleted before it was read. aiokafka goes on with what is left, without a word.

So a hop knows which offset follows what it has done, and looks where what comes next is a later one. Where the topic
begins after it by now, what lay between was deleted: a fact tells that before anything after it is committed. Where
it does not, there were markers or aborted records of somebody's transaction.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.parked import Coordinates
from schemas.record import Output
from services.runtime.clock import Clock, now
from services.runtime.errors import SeinpaalError
from services.runtime.kafka.anew import Anew
from services.runtime.kafka.behind import Behind
from services.runtime.kafka.polling import read
from services.runtime.kafka.sink import Sink
from services.runtime.log import get_logger
from services.runtime.trail import recorded

PATIENCE: Final = 5.0
"""Seconds, between two batches."""

LATER: Final = (SeinpaalError, KafkaError, OSError)  # TimeoutError is an OSError

log = get_logger(__name__)

Places = Mapping[TopicPartition, int]
"""By partition, an offset."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Records of one partition from `first` to before `before`, that nobody read."""

    where: TopicPartition
    first: int
    before: int


def gone(following: Places, nexts: Places, beginnings: Places) -> list[Gone]:
    """What was deleted between what is done and what comes next: as far as the topic begins later by now."""
    ends = {each: min(at, beginnings[each]) for each, at in nexts.items()}
    return [Gone(each, following[each], end) for each, end in ends.items() if following[each] < end]


class Expiry:
    """Of one hop. Without a `stage` nobody accounts for its records, and nothing is told."""

    def __init__(
        self, group: str, stage: Stage | None, sink: Sink, anew: Anew, *, behind: Behind, clock: Clock = now
    ) -> None:
        self._group, self._stage, self._sink = group, stage, sink
        self._anew, self._behind = anew, behind
        self._clock = clock

    async def look(self, consumer: AIOKafkaConsumer) -> None:
        """Between two batches: whether the consumer went on by itself. What cannot be told now is told later.

        That it did is committed: a marker that is deleted while we are down would pass for a record that nobody read.
        """
        await self._anew.look(consumer)
        if not self._anew.knows(consumer):
            return
        await self._behind.look(consumer)
        nexts = {each: at for each in consumer.assignment() if (at := read(consumer, each).position) is not None}
        with suppress(*LATER):
            async with asyncio.timeout(PATIENCE):
                await self.tell(consumer, nexts)
                passed, following = self._passed(nexts), self._anew.following
                other = {each: at for each, at in nexts.items() if following.get(each) != at}
                await self._behind.keep(self._anew.named(other))
                if passed and self._stage is not None:
                    await consumer.commit(self._anew.named(passed))
            self.done(nexts)

    def done(self, offsets: Places) -> None:
        """These follow what is done."""
        self._anew.following.update(offsets)

    async def tell(self, consumer: AIOKafkaConsumer, nexts: Places) -> None:
        """Returns when every fact about what was deleted before `nexts` is acknowledged.

        Raises:
            TryLater: when not every one was.
            KafkaError: the broker does not answer.
        """
        following, jumped = self._anew.following, self._passed(nexts)
        if not jumped or self._stage is None:
            return
        found = gone(following, jumped, await consumer.beginning_offsets(list(jumped)))
        for each in found:
            why = f"deleted unread: {each.where.topic}, partition {each.where.partition}, from offset {each.first} on"
            log.error("hop.expired", service=self._group, count=each.before - each.first, why=why)
        await self._sink.send([self._fact(each, self._stage) for each in found])

    def _passed(self, nexts: Places) -> Places:
        following = self._anew.following
        return {each: at for each, at in nexts.items() if following.get(each, at) < at}

    def _fact(self, of: Gone, stage: Stage) -> Output:
        cause = f"{self._group} {of.where.topic} {of.where.partition} {of.first} {of.before}"
        entry = AuditEntry(
            id=ids.entry_id(cause, Fact.RECORD_EXPIRED),
            at=self._clock(),
            stage=stage,
            fact=Fact.RECORD_EXPIRED,
            input=Coordinates(topic=of.where.topic, partition=of.where.partition, offset=of.first),
            count=of.before - of.first,
        )
        return recorded(entry)

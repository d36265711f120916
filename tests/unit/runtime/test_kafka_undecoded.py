"""A partition that cannot be read is told as long as it stands there, and no longer."""

from types import SimpleNamespace
from typing import Any, cast

from aiokafka import TopicPartition

from services.runtime.kafka.timing import USUAL
from services.runtime.kafka.watch import Watch

WHERE = TopicPartition("source.test", 2)


class Consumer:
    """What `read` asks of aiokafka's."""

    def __init__(self) -> None:
        self.position = 5
        self.ours = {WHERE}
        self._subscription = self
        self.subscription = SimpleNamespace(assignment=self)

    def assignment(self) -> set[TopicPartition]:
        """The partitions it has."""
        return self.ours

    def state_value(self, partition: TopicPartition) -> SimpleNamespace:
        """Where it stands in one."""
        assert partition == WHERE
        return SimpleNamespace(position=self.position, has_valid_position=True, highwater=9, lso=None, timestamp=1)


async def test_it_is_told_until_it_moves() -> None:
    """Looked at again in the same place it is still the same; read on, or with somebody else, it is told no more."""
    consumer, at = Consumer(), [0.0]
    watch = Watch(USUAL, lambda: at[0], cast("Any", SimpleNamespace(seen=lambda: None)), cast("Any", None))

    def told() -> bool:
        at[0] += 10
        watch.about_to_poll(cast("Any", consumer))
        return watch.progress().undecoded == {(WHERE.topic, WHERE.partition)}

    assert not told()
    watch.cannot_decode(WHERE, 5)
    assert told()
    assert told()
    consumer.position = 6
    assert not told()
    watch.cannot_decode(WHERE, 6)
    consumer.ours = set()
    assert not told()

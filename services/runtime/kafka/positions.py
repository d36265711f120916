"""What a batch of records means for the offsets of its partitions."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schemas.record import Record

Partition = tuple[str, int]


def first_offsets(records: Iterable[Record]) -> dict[Partition, int]:
    """Where each partition is read again from when the batch failed. Its records are in order, as Kafka gives them."""
    first: dict[Partition, int] = {}
    for record in records:
        first.setdefault((record.topic, record.partition), record.offset)
    return first


def next_offsets(records: Iterable[Record]) -> dict[Partition, int]:
    """What to commit when the whole batch is done: of each partition the offset after its last record."""
    return {(record.topic, record.partition): record.offset + 1 for record in records}


class Place(NamedTuple):
    """Of one partition: the offset that follows what is done, and the id of the topic; empty when it is not known."""

    offset: int
    topic_id: str


Places = Mapping[Partition, Place]


def held(stored: Place | None, passed: Place) -> int:
    """Up to which offset of that topic a database holds what became of it, as far as the group has passed."""
    if stored is None or stored.topic_id != passed.topic_id:
        return 0
    return min(stored.offset, passed.offset)

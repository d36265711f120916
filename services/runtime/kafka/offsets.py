"""What a batch of records means for the offsets of its partitions."""

from collections.abc import Iterable

from schemas.record import Record

Partition = tuple[str, int]


def first_offsets(records: Iterable[Record]) -> dict[Partition, int]:
    """Where each partition must be read again from when the batch failed: the lowest offset it holds."""
    first: dict[Partition, int] = {}
    for record in records:
        partition = (record.topic, record.partition)
        if partition not in first or record.offset < first[partition]:
            first[partition] = record.offset
    return first


def next_offsets(records: Iterable[Record]) -> dict[Partition, int]:
    """What to commit when the whole batch is done: the highest offset of each partition, plus one."""
    following: dict[Partition, int] = {}
    for record in records:
        partition = (record.topic, record.partition)
        if record.offset >= following.get(partition, 0):
            following[partition] = record.offset + 1
    return following

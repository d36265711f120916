"""What a batch of records means for the offsets of its partitions."""

from collections.abc import Iterable

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

"""What is committed, and where reading begins again, follow from the batch alone."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.record import Captured
from services.runtime.kafka.positions import first_offsets, next_offsets

PARTITIONS = st.dictionaries(
    st.tuples(st.sampled_from(["source.woonstad", "source.testwonen"]), st.integers(0, 5)),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=20, unique=True).map(sorted),
)


def batch(partitions: dict[tuple[str, int], list[int]]) -> list[Captured]:
    """Records as a poll gives them: partition after partition, each in order, with gaps."""
    return [
        Captured(topic=topic, partition=partition, offset=offset, value=b"")
        for (topic, partition), offsets in partitions.items()
        for offset in offsets
    ]


@given(partitions=PARTITIONS)
def test_one_past_the_last_of_each_partition_is_committed(partitions: dict[tuple[str, int], list[int]]) -> None:
    """The committed offset is the next to read: never a record that is not in the batch, never one too few."""
    expected = {where: max(offsets) + 1 for where, offsets in partitions.items()}
    assert next_offsets(batch(partitions)) == expected


@given(partitions=PARTITIONS)
def test_reading_begins_again_at_the_first_of_each_partition(partitions: dict[tuple[str, int], list[int]]) -> None:
    """A rewind loses no record of any partition of the batch."""
    expected = {where: min(offsets) for where, offsets in partitions.items()}
    assert first_offsets(batch(partitions)) == expected

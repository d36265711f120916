"""A batch becomes what was packed, and never more than any batch of a tenant system."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka.record.memory_records import MemoryRecords

from services.runtime.kafka import unpacking
from services.runtime.kafka.unpacking import HEADERS, MOST, RECORDS, TOGETHER, WALKED, Portion, TooPacked
from tests.batches import CODECS, GZIP, PACKED, batch


def read(whole: bytearray) -> list[Any]:
    """As aiokafka's consumer reads a batch."""
    return list(MemoryRecords(bytes(whole)).next_batch())


@pytest.mark.parametrize("codec", CODECS)
def test_what_was_packed_comes_out(codec: int) -> None:
    """Whatever it was packed with, and however much it shrank: each value and header as it was written."""
    records = [(os.urandom(40) * times, [("a", b"b"), ("c", None)]) for times in (1, 3, 50_000, 1)]
    assert [(each.value, list(each.headers)) for each in read(batch(records, codec))] == records


@pytest.mark.parametrize("codec", PACKED)
def test_nothing_becomes_more_than_a_batch_may(codec: int) -> None:
    """Its size as it is packed says nothing: it is given up where the bound is."""
    assert len(read(batch([(b" " * (MOST - 100), [])], codec))) == 1
    with pytest.raises(TooPacked):
        read(batch([(b" " * (MOST + 1), [])], codec))


@pytest.mark.parametrize("codec", PACKED)
def test_a_record_of_very_many_headers_is_none(codec: int) -> None:
    """Two bytes of a header become a hundred; a record of usual headers may be as large as any."""
    large, one = b"x" * WALKED, ("h", None)
    assert [len(each.headers) for each in read(batch([(large, [one] * HEADERS), (b"", [one])], codec))] == [HEADERS, 1]
    with pytest.raises(TooPacked):
        read(batch([(large, [one]), (b"", [one] * (HEADERS + 1))], codec))


def test_a_batch_of_very_many_records_is_none() -> None:
    """To look at each takes a moment, in which nobody else's are read."""
    each = len(batch([(b"x" * 20, [])] * 2)) - len(batch([(b"x" * 20, [])]))
    assert each * RECORDS > WALKED
    assert len(read(batch([(b"x" * 20, [])] * RECORDS, GZIP))) == RECORDS
    with pytest.raises(TooPacked):
        read(batch([(b"x" * 20, [])] * (RECORDS + 1), GZIP))


@pytest.mark.parametrize("size", [b"\xff\xff\xff\xfc", b"\0\0\0\0"])
def test_blocks_that_end_where_they_begin_do_not_go_on_for_ever(size: bytes) -> None:
    """Minus four bytes lead back to the same place."""
    with pytest.raises(TooPacked):
        unpacking.snappy(b"\x82SNAPPY\0" + b"\0\0\0\1" * 2 + size)


class Fetched:
    """Records of one partition, as aiokafka's fetcher holds them."""

    def __init__(self, values: list[bytes]) -> None:
        self._left = iter(values)
        self.next_fetch_offset = 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        value = next(self._left)
        self.next_fetch_offset += 1
        return type("Record", (), {"value": value, "key": None, "headers": ()})()


class Portions(Portion):
    """Of a partition that is ours."""

    def __init__(self, fetched: Fetched) -> None:
        self.at: list[int] = []
        super().__init__(("t", 0), assignment=None, partition_records=fetched, backoff=0)

    def check_assignment(self, tp: object) -> bool:
        """It stays ours."""
        return tp == ("t", 0)

    def _update_position(self) -> None:
        self.at.append(self._partition_records.next_fetch_offset)


def test_large_records_are_handed_out_a_few_at_a_time() -> None:
    """No more than fit in memory beside each other, each once and in order, and one that is larger still alone."""
    half, huge = b"x" * (TOGETHER // 2), b"y" * (3 * TOGETHER)
    portion = Portions(Fetched([half, half, huge, b"1", b"2", b"3"]))
    taken = [[each.value for each in portion.getall(2 if number == 2 else 500)] for number in range(4)]
    assert taken == [[half, half], [huge], [b"1", b"2"], [b"3"]]
    assert portion.at == [2, 3, 5, 6]
    assert portion.getall(500) == []


def test_the_bounds_hold_wherever_kafka_is_read() -> None:
    """Of a fetch aiokafka makes this one, and no other."""
    from aiokafka.consumer import fetcher  # noqa: PLC0415  as it is by now

    assert fetcher.FetchResult is Portion

"""What the database gives up on: one record alone waits with its partition, two with all that comes after."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.record import Captured, Output, Record
from services.runtime.errors import Stuck, TryLater
from services.runtime.kafka.carrying import Carried, PartWaits, carry
from tests.unit.runtime.test_kafka_carrying import Pocket, parking, two_each

STUCK = b"stuck"


async def handle(batch: Sequence[Record]) -> Sequence[Output]:
    """As `two_each`; the database gives up on what is STUCK."""
    if any(record.value == STUCK for record in batch):
        raise Stuck("database: not now (XX000)")
    return await two_each(batch)


def batch(*partitions: Sequence[bytes]) -> list[Captured]:
    """The records of each partition, in order."""
    return [
        Captured(topic="in", partition=partition, value=value, offset=offset)
        for partition, values in enumerate(partitions)
        for offset, value in enumerate(values)
    ]


def sent(sink: Pocket) -> list[bytes]:
    """The values of all that was carried on, and of parkings."""
    return [output.value for output in sink.kept if output.topic in {"out", "parked"}]


async def test_one_record_holds_up_its_own_partition_and_no_other() -> None:
    """What stands before it and in other partitions is sent; what comes after it is not even handled."""
    sink, seen = Pocket(), set[bytes | None]()

    async def noting(records: Sequence[Record]) -> Sequence[Output]:
        outputs = await handle(records)
        seen.update(record.value for record in records)
        return outputs

    records = batch([b"a", STUCK, b"b"], [b"c", b"bad", b"d"])
    with pytest.raises(PartWaits, match="Of 6 records only that of in, partition 0, offset 1, waits") as waits:
        await carry(records, noting, parking, sink)
    assert sent(sink) == [b"a", b"c", b"1 Unreadable", b"d"]
    assert waits.value.carried == Carried(1)
    assert (waits.value.done, waits.value.left) == ([records[0], *records[3:]], records[1:3])
    assert b"b" not in seen


async def test_what_is_parked_beside_it_is_counted_once() -> None:
    """By the hop and by the handler, also where the one that is stuck stood before it."""
    with pytest.raises(PartWaits) as waits:
        await carry(batch([STUCK], [b"bad", b"aside", b"large"]), handle, parking, Pocket())
    assert waits.value.carried == Carried(3, 1)


@pytest.mark.parametrize("partitions", [([STUCK],), ([STUCK, b"a"],), ([STUCK, STUCK],)])
async def test_with_nothing_beside_it_all_waits_and_its_place_is_told(partitions: Sequence[Sequence[bytes]]) -> None:
    """Nobody knows whether it is the record or the database."""
    sink = Pocket()
    with pytest.raises(Stuck, match="First of all waits the record of in, partition 0, offset 0"):
        await carry(batch(*partitions), handle, parking, sink)
    assert sink.kept == []


async def test_one_record_by_itself_is_tried_once() -> None:
    """A statement that takes too long is not asked twice for the same record."""
    tries: list[int] = []

    async def counting(records: Sequence[Record]) -> Sequence[Output]:
        tries.append(len(records))
        return await handle(records)

    with pytest.raises(Stuck):
        await carry(batch([STUCK]), counting, parking, Pocket())
    assert tries == [1]


async def test_of_two_that_are_stuck_neither_is_to_blame() -> None:
    """It may be the database: what is not handled by then waits too, and what stands first is told."""
    sink, records = Pocket(), batch([b"a", STUCK, b"b"], [STUCK], [b"c"])
    with pytest.raises(PartWaits, match="First of all waits the record of in, partition 0, offset 1") as waits:
        await carry(records, handle, parking, sink)
    assert (sent(sink), waits.value.done, waits.value.left) == ([b"a"], records[:1], records[1:])
    assert "only that" not in str(waits.value)


async def test_what_is_away_while_it_is_looked_for_makes_all_wait() -> None:
    """A database that goes away altogether meanwhile proves nothing of one record."""
    sink = Pocket()
    with pytest.raises(TryLater, match="the database is away") as later:
        await carry(batch([b"a", STUCK], [b"later"]), handle, parking, sink)
    assert (type(later.value), sink.kept) == (TryLater, [])


VALUES = st.lists(st.sampled_from([b"good", b"bad", b"bug", STUCK]), max_size=5)


@given(st.lists(VALUES, max_size=3))
async def test_no_record_is_lost_parked_or_overtaken_for_it(partitions: list[list[bytes]]) -> None:
    """Whatever the mix: what is not sent is left to be read again, from the one that is stuck on, in its order."""
    records, sink = batch(*partitions), Pocket()
    left, waits = await _left(records, sink)
    if waits is None:
        assert (sink.kept == []) is (left != [] or records == [])
        return
    assert left[0].value == STUCK
    stuck = {record.partition for record in left if record.value == STUCK}
    assert len(stuck) > 1 or {record.partition for record in left} == stuck
    assert [record for record in records if record not in left] == list(waits.done)
    assert len(sent(sink)) == len(waits.done)
    assert STUCK not in {record.value for record in waits.done}


async def _left(records: Sequence[Record], sink: Pocket) -> tuple[Sequence[Record], PartWaits | None]:
    """What is read again; and what says so, where it is not all of it."""
    try:
        await carry(records, handle, parking, sink)
    except PartWaits as waits:
        return waits.left, waits
    except Stuck:
        return records, None
    return [], None

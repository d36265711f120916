"""Nothing is committed that was not acknowledged, and nothing is lost when something fails."""

from collections.abc import Sequence

import pytest
from aiokafka.errors import KafkaConnectionError
from structlog.testing import capture_logs

from schemas.record import Output, Record
from services.runtime.errors import TryLater
from tests.integration.runtime.conftest import MakeRig
from tests.integration.runtime.rig import FailingSink, GatedSink, Rig, eventually, in_order


async def test_every_record_is_carried_once_in_order(make_rig: MakeRig) -> None:
    """Without failures each record arrives once, each key in order, and all of it is committed."""
    rig = await make_rig(3)
    values = await rig.fill_keyed(2000)
    await rig.hop()
    await eventually(rig.done)
    written = await rig.values()
    assert sorted(written, key=str) == sorted(values, key=str)
    assert in_order(written)
    assert set(rig.outcomes()) == {"committed"}


async def test_the_commit_waits_for_the_acknowledgement(rig: Rig) -> None:
    """While the outputs of a batch are not acknowledged, its offsets are not committed; then exactly they are."""
    sink = GatedSink(rig.settings)
    await rig.fill(b"1", b"2", b"3")
    await rig.hop(sink=sink)
    await sink.waiting.wait()
    assert await rig.committed() == [None]
    sink.gate.set()
    await eventually(rig.done)
    assert await rig.committed() == [3]
    assert await rig.values() == [b"1", b"2", b"3"]


async def test_only_the_batch_in_hand_is_committed(rig: Rig) -> None:
    """Records that were fetched but not handled are not committed with the batch before them."""
    await rig.fill(b"1", b"2", b"3", b"4", b"5")
    handled: list[bytes | None] = []

    async def stuck_at_four(records: Sequence[Record]) -> Sequence[Output]:
        if any(record.value == b"4" for record in records):
            raise TryLater("not yet")
        handled.extend(record.value for record in records)
        return await rig.copy(records)

    await rig.hop(stuck_at_four, max_records=2)
    await eventually(lambda: rig.outcomes().count("later") >= 3)
    assert await rig.committed() == [2]
    assert handled == [b"1", b"2"]


@pytest.mark.parametrize("failures", [1, 3])
async def test_a_sink_that_fails_loses_and_doubles_nothing(make_rig: MakeRig, failures: int) -> None:
    """Nothing is committed while the sink fails; the same records are read again, and arrive once and in order."""
    rig = await make_rig(3)
    values = await rig.fill_keyed(300)
    sink = FailingSink(rig.settings, failures=failures, written=False)
    await rig.hop(sink=sink, max_records=100)
    await eventually(rig.done)
    written = await rig.values()
    assert sorted(written, key=str) == sorted(values, key=str)
    assert in_order(written)
    assert rig.outcomes().count("later") == failures


async def test_nothing_is_committed_while_the_sink_fails(rig: Rig) -> None:
    """However often it is tried, the group's offset does not move."""
    await rig.fill(b"1", b"2")
    await rig.hop(sink=FailingSink(rig.settings, failures=10**6, written=False))
    await eventually(lambda: rig.outcomes().count("later") >= 4)
    assert await rig.committed() == [None]
    assert await rig.values() == []


async def test_an_acknowledgement_that_was_lost_doubles_that_batch_only(rig: Rig) -> None:
    """Written, but not known to be: the batch comes again, and nothing else does."""
    await rig.fill(*(str(n).encode() for n in range(10)))
    await rig.hop(sink=FailingSink(rig.settings, failures=1, written=True), max_records=5)
    await eventually(rig.done)
    first, second = [str(n).encode() for n in range(5)], [str(n).encode() for n in range(5, 10)]
    assert await rig.values() == [*first, *first, *second]


@pytest.mark.parametrize(
    "error",
    [TryLater("away"), KafkaConnectionError(), ConnectionResetError(), TimeoutError()],
    ids=lambda e: type(e).__name__,
)
async def test_a_handler_that_cannot_now_gets_the_same_records_again(make_rig: MakeRig, error: Exception) -> None:
    """A batch over several partitions is read again from the first record of each; nothing is parked.

    Each time the log gets the error, which tells which server is away.
    """
    rig = await make_rig(3)
    values = await rig.fill_keyed(300)
    failures = 3

    async def at_last(records: Sequence[Record]) -> Sequence[Output]:
        nonlocal failures
        if failures:
            failures -= 1
            raise error
        return await rig.copy(records)

    with capture_logs() as logged:
        await rig.hop(at_last)
        await eventually(rig.done)
    assert [line["exc_info"] for line in logged if line["event"] == "hop.later"] == [error] * 3
    written = await rig.values()
    assert sorted(written, key=str) == sorted(values, key=str)
    assert in_order(written)
    assert [batch.why for batch in rig.seen if batch.outcome == "later"] == [type(error).__name__] * 3
    assert sum(batch.parked for batch in rig.seen) == 0


async def test_records_that_come_while_it_waits_stay_behind_those_it_waits_for(rig: Rig) -> None:
    """After a failure the order is still the order they were written in."""
    await rig.fill(b"1", b"2")
    failed = False

    async def once(records: Sequence[Record]) -> Sequence[Output]:
        nonlocal failed
        if not failed:
            failed = True
            await rig.fill(b"3", b"4")
            raise TryLater("away")
        return await rig.copy(records)

    await rig.hop(once)
    await eventually(rig.done)
    assert await rig.values() == [b"1", b"2", b"3", b"4"]


async def test_a_handler_with_nothing_to_write_still_commits(rig: Rig) -> None:
    """Records that lead to no output are done with."""

    async def nothing(_records: Sequence[Record]) -> Sequence[Output]:
        return []

    await rig.fill(b"1", b"2")
    await rig.hop(nothing)
    await eventually(rig.done)
    assert await rig.committed() == [2]

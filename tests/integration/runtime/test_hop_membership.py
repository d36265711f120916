"""Members come, go and die: nothing is lost, and what was in hand is not done twice where that can be helped."""

import asyncio
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

import pytest

from schemas.record import Output, Record
from services.runtime.kafka import hop as hops
from services.runtime.kafka.timing import Timing
from services.runtime.kafka.topics import admin
from tests.broker import MakeTopic
from tests.integration.runtime.conftest import MakeRig
from tests.integration.runtime.rig import GatedSink, Rig, eventually, in_order

PATIENT: Final = Timing(session=60)
RESUMED_WITHIN: Final = 25.0  # seconds, on a busy machine; a rebalance waits 35 for whoever is gone


async def replaced(rig: Rig, member: str) -> bool:
    """Whether the group of a rig does not hold that member any more."""
    async with admin(rig.settings) as client:
        (answer,) = await client.describe_consumer_groups([rig.group])
    (group,) = answer.to_object()["groups"]
    return member not in {each["member_id"] for each in group["members"]}


async def test_a_member_that_joins_waits_for_the_batch_in_hand(make_rig: MakeRig) -> None:
    """The old owner finishes and commits before the partitions move: every record once, each key in order."""
    rig = await make_rig(4)
    values = await rig.fill_keyed(400)
    sink = GatedSink(rig.settings)
    old = await rig.hop(sink=sink, max_records=100)
    await sink.waiting.wait()
    joining = asyncio.create_task(rig.hop(instance="1"))
    try:
        await eventually(lambda: not old.healthy().ready)
        assert await rig.values() == []
    finally:
        sink.gate.set()
    await joining
    values += await rig.fill_keyed(400)
    await eventually(rig.done)
    written = await rig.values()
    assert sorted(written, key=str) == sorted(values, key=str)
    assert in_order(written)
    assert set(rig.outcomes()) == {"committed"}


async def test_a_batch_that_outlasts_the_wait_comes_again_with_its_new_owner(make_rig: MakeRig) -> None:
    """When the batch in hand takes longer than a rebalance may wait, it is doubled at most, and nothing is lost."""
    rig = await make_rig(4)
    values = await rig.fill_keyed(200)
    sink = GatedSink(rig.settings)
    await rig.hop(sink=sink, timing=Timing(session=3, drain=0.2))
    await sink.waiting.wait()
    await rig.hop(instance="1")
    await eventually(lambda: len(rig.seen) > 0)
    sink.gate.set()
    await eventually(rig.done)
    written = await rig.values()
    assert set(written) == set(values)
    assert len(written) <= 2 * len(values)


async def test_a_member_that_leaves_hands_its_partitions_over(make_rig: MakeRig) -> None:
    """Its last batch is committed; the others read on from there, and no record is lost or doubled."""
    rig = await make_rig(4)
    first = await rig.hop()
    await rig.hop(instance="1")
    values = await rig.fill_keyed(200)
    await eventually(rig.done)
    await first.stop()
    values += await rig.fill_keyed(200)
    await eventually(rig.done)
    assert sorted(await rig.values(), key=str) == sorted(values, key=str)


async def test_stopping_finishes_and_commits_the_batch_in_hand_and_takes_no_other(rig: Rig) -> None:
    """What was begun is done, what was not begun is left for the next start."""
    await rig.fill(b"1", b"2", b"3")
    sink = GatedSink(rig.settings)
    hop = await rig.hop(sink=sink, max_records=2)
    await sink.waiting.wait()
    stopping = asyncio.create_task(hop.stop())
    await asyncio.sleep(0)
    sink.gate.set()
    await stopping
    assert await rig.committed() == [2]
    assert await rig.values() == [b"1", b"2"]
    await rig.hop()
    await eventually(rig.done)
    assert await rig.values() == [b"1", b"2", b"3"]


async def test_stopping_gives_up_a_batch_that_does_not_end(rig: Rig) -> None:
    """After its time `stop` returns; the batch is not committed, and is read again at the next start."""
    await rig.fill(b"1")
    sink = GatedSink(rig.settings)
    hop = await rig.hop(sink=sink, timing=Timing(session=3, stop=0.3))
    await sink.waiting.wait()
    async with asyncio.timeout(5):
        await hop.stop()
    assert await rig.committed() == [None]
    await rig.hop()
    await eventually(rig.done)
    assert await rig.values() == [b"1"]


async def test_stopping_does_not_wait_for_a_backoff(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hop that waits after failures stops at once."""
    monkeypatch.setattr(hops, "pause", lambda _failures, _dice: 3600.0)
    await rig.fill(b"1")
    hop = await rig.hop(rig.away, timing=Timing(session=3, stop=100))
    await eventually(lambda: len(rig.seen) > 0)
    async with asyncio.timeout(60):
        await hop.stop()


async def test_a_killed_member_resumes_at_once(rig: Rig) -> None:
    """Killed in the middle of a batch, it finds its partitions by its lasting name, before its session timeout."""
    await rig.fill(b"1", b"2")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.runtime.member", rig.settings.bootstrap, rig.source, rig.target,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"2\n"
        await eventually(rig.done)
        await rig.fill(b"3", b"hold")
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"2\n"
    finally:
        process.kill()
        await process.wait()
    assert await rig.committed() == [2]
    began = time.monotonic()
    await rig.hop(timing=PATIENT)
    await eventually(rig.done)
    assert time.monotonic() - began < RESUMED_WITHIN
    assert await rig.values() == [b"1", b"2", b"3", b"hold"]


async def test_two_processes_of_one_name_do_not_push_each_other_out(rig: Rig) -> None:
    """The first says what to set and stays out; the second goes on with its partitions, and nothing is lost."""
    first = await rig.hop()
    await rig.fill(b"1")
    await eventually(rig.done)
    second = await rig.hop()
    await eventually(lambda: first.healthy().refused)
    assert "give each process another COPY_INSTANCE" in first.healthy().why
    await rig.fill(b"2", b"3")
    await eventually(rig.done)
    async with asyncio.timeout(10):
        await first.stop()
    await rig.fill(b"4")
    await eventually(rig.done)
    assert second.healthy().ready
    assert await rig.values() == [b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize("ends", [True, False])
async def test_a_name_taken_while_a_batch_is_in_hand_is_not_taken_back(make_rig: MakeRig, *, ends: bool) -> None:
    """A rebalance waits for the batch, and meanwhile another process of that name comes: what it took stays its own.

    A batch that ends is committed, and the broker says that it does not know us; else it does when we join.
    """
    rig = await make_rig(4)
    values = await rig.fill_keyed(100)
    waiting, gate = asyncio.Event(), asyncio.Event()

    async def gated(records: Sequence[Record]) -> Sequence[Output]:
        waiting.set()
        await gate.wait()
        return await (rig.copy if ends else rig.away)(records)

    first = await rig.hop(gated)
    await waiting.wait()
    third = asyncio.create_task(rig.hop(instance="1"))
    await eventually(lambda: not first.healthy().ready)
    member = first._consumer._coordinator.member_id  # noqa: SLF001  who it is to the broker
    second = asyncio.create_task(rig.hop())
    try:
        await eventually(partial(replaced, rig, member))
    finally:
        gate.set()
    await asyncio.gather(second, third)
    await eventually(rig.done)
    await eventually(lambda: first.healthy().refused)
    assert set(await rig.values()) == set(values)


async def test_a_member_that_was_silent_too_long_joins_again(rig: Rig) -> None:
    """The broker does not know it any more, and nobody else has its name: no fault of anybody's settings."""
    hop = await rig.hop()
    await rig.fill(b"1")
    await eventually(rig.done)
    hop._consumer._coordinator.reset_generation()  # noqa: SLF001  as the broker's answer does
    await rig.fill(b"2")
    await eventually(rig.done)
    assert not hop.healthy().refused


async def test_a_member_that_comes_back_reads_the_topics_it_has_now(make_rig: MakeRig, topic: MakeTopic) -> None:
    """A topic that was added is read after a restart by the same name, and one that was taken out stops nothing."""
    rig = await make_rig(1)
    added = await topic(2)
    await (await rig.hop()).stop()
    more = await rig.hop(topics=[rig.source, added])
    await rig.feed.send([Output(added, b"one-household", b"added")])
    await rig.fill(b"before")
    await eventually(partial(_in_target, rig, {b"added", b"before"}))
    await more.stop()
    await rig.hop()
    await rig.fill(b"after")
    await eventually(partial(_in_target, rig, {b"added", b"before", b"after"}))


async def _in_target(rig: Rig, values: set[bytes]) -> bool:
    return set(await rig.values()) == values

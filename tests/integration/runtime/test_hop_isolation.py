"""A partition that cannot even be decoded stops itself, visibly, and nobody else loses a record to it."""

import asyncio
import struct
from collections.abc import Sequence
from typing import Final

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c

from schemas.record import Output, Record
from services.runtime.kafka import polling
from services.runtime.kafka.placement import place
from services.runtime.kafka.timing import Timing
from tests.batches import ZSTD, batch
from tests.integration.runtime.conftest import MakeRig
from tests.integration.runtime.rig import Rig, eventually, in_order

CRC_AT: Final = 17  # a batch's checksum, over all that follows it (Kafka protocol, RecordBatch)
BODY_AT: Final = 21


def spoilt() -> bytearray:
    """A record whose header has a name that is no UTF-8: the broker takes it, and aiokafka cannot decode it."""
    whole = batch([(b"undecodable", [("NAME", b"value")])])
    whole = bytearray(whole.replace(b"NAME", b"\xff\xfe\xff\xfe"))
    struct.pack_into(">I", whole, CRC_AT, calc_crc32c(bytes(whole[BODY_AT:])))
    return whole


def bomb() -> bytearray:
    """Of some kilobytes, which become 64 MB."""
    return batch([(b"[" + b" " * 64_000_000 + b"]", [])], ZSTD)


async def spoil(rig: Rig, partition: int, whole: bytearray | None = None) -> None:
    """Writes a batch there as no client does."""
    producer = AIOKafkaProducer(bootstrap_servers=rig.settings.bootstrap)
    await producer.start()
    sent = producer.create_batch()
    sent.append(timestamp=None, key=None, value=b"")
    sent._build()  # noqa: SLF001  no client does it
    sent._buffer = whole or spoilt()  # noqa: SLF001  the same
    await (await producer.send_batch(sent, rig.source, partition=partition))
    await producer.stop()


async def test_a_partition_that_cannot_be_decoded_costs_the_others_no_record(make_rig: MakeRig) -> None:
    """When one fails, aiokafka forgets what it took from others; each of their records arrives once all the same."""
    rig = await make_rig(4)
    values = await rig.fill_keyed(400)
    await spoil(rig, 2)
    hop = await rig.hop(timing=Timing(session=3, stuck=3))
    expected = [value for value in values if place(value.partition(b":")[0], 4) != 2]

    async def all_the_others() -> bool:
        return set(await rig.values()) >= set(expected)

    await eventually(all_the_others)
    written = await rig.values()
    assert len(written) == len(set(written))
    assert in_order(written)
    await rig.fill(b"later", key=b"0")

    async def later_too() -> bool:
        return b"later" in await rig.values()

    await eventually(later_too)
    await eventually(lambda: f"{rig.source} 2 has not moved" in hop.healthy().why)
    assert hop.healthy().alive  # a new process could read it no better, and would hold up all the others
    assert not hop.healthy().ready


async def test_a_batch_that_becomes_too_much_costs_the_others_no_record(make_rig: MakeRig) -> None:
    """Who may write to one partition would fill the memory of whoever reads it, in each of its lives."""
    rig = await make_rig(4)
    values = await rig.fill_keyed(400)
    await spoil(rig, 2, bomb())
    hop = await rig.hop(timing=Timing(session=3, stuck=3))
    expected = [value for value in values if place(value.partition(b":")[0], 4) != 2]

    async def all_the_others() -> bool:
        return set(await rig.values()) >= set(expected)

    await eventually(all_the_others)
    await eventually(lambda: f"{rig.source} 2 has not moved" in hop.healthy().why)
    assert max(len(value or b"") for value in await rig.values()) < 100


async def test_a_partition_that_cannot_be_decoded_is_set_aside_and_tried_again(
    make_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody fetches it over and over; after a while it is looked at once more, in case it can be read by then."""
    monkeypatch.setattr(polling, "ASIDE", 1.0)
    rig = await make_rig(2)
    await spoil(rig, 1)
    hop = await rig.hop()
    for _ in range(2):
        await eventually(lambda: hop._consumer.paused() == {(rig.source, 1)})  # noqa: SLF001  nobody else sees it
        await eventually(lambda: hop._consumer.paused() == set())  # noqa: SLF001  the same


async def test_a_partition_that_fails_under_way_costs_the_others_no_record(make_rig: MakeRig) -> None:
    """The same in a running stream: records keep coming to all partitions, and one of them breaks in the middle."""
    rig = await make_rig(4)
    await rig.hop(max_records=300)
    values: list[bytes] = []
    for n in range(40):
        values += await rig.fill_keyed(60)
        if n == 20:
            await spoil(rig, 1)
    expected = [value for value in values if place(value.partition(b":")[0], 4) != 1]

    async def all_the_others() -> bool:
        return set(await rig.values()) >= set(expected)

    await eventually(all_the_others)
    written = await rig.values()
    assert len(written) == len(set(written))
    assert in_order(written)


async def test_a_handler_that_loses_a_task_of_its_own_does_not_end_the_loop(rig: Rig) -> None:
    """A CancelledError nobody meant for us would end FastStream's loop in silence; it is a failure like any other."""
    await rig.fill(b"1", b"2")
    failed = False

    async def once(records: Sequence[Record]) -> Sequence[Output]:
        nonlocal failed
        if not failed:
            failed = True
            raise asyncio.CancelledError
        return await rig.copy(records)

    await rig.hop(once)
    await eventually(rig.done)
    assert await rig.values() == [b"1", b"2"]
    assert rig.outcomes() == ["later", "committed"]

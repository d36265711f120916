"""One bad record is one parked record: it neither kills nor loops its batch, whatever bytes it is made of."""

from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaProducer

from schemas.record import Output, Record
from services.runtime.errors import Stuck, Unreadable
from services.runtime.kafka import offsets
from tests.broker import MakeTopic
from tests.integration.runtime.conftest import MakeRig
from tests.integration.runtime.rig import PARKED, Rig, eventually, in_order
from tests.transactions import ended

TOO_LARGE = b"x" * 1_100_000


async def test_poison_is_parked_and_its_neighbours_go_on_in_order(make_rig: MakeRig) -> None:
    """Of 200 records over three partitions some are a bug or unreadable: those are parked, once, in their place."""
    rig = await make_rig(3)
    values = await rig.fill_keyed(200)
    poison = {
        values[n]: error for n, error in ((17, ZeroDivisionError()), (18, Unreadable("not-json")), (150, KeyError()))
    }

    async def poisoned(records: Sequence[Record]) -> Sequence[Output]:
        for record in records:
            if error := poison.get(record.value or b""):
                raise error
        return await rig.copy(records)

    await rig.hop(poisoned)
    await eventually(rig.done)
    written = await rig.written()
    assert sorted((record.value for record in written), key=str) == sorted(values, key=str)
    assert in_order([record.value for record in written])
    parked = {record.value: dict(record.headers)[PARKED] for record in written if record.headers}
    assert parked == {value: type(error).__name__.encode() for value, error in poison.items()}
    assert sum(batch.parked for batch in rig.seen) == 3


async def test_what_the_database_gives_up_on_holds_up_its_own_partition_and_is_named(make_rig: MakeRig) -> None:
    """The others are committed while it waits; once the database carries it out, its partition comes, in order."""
    rig = await make_rig(3)
    values = await rig.fill_keyed(200)
    stuck = {values[60]}

    async def giving_up(records: Sequence[Record]) -> Sequence[Output]:
        if any(record.value in stuck for record in records):
            raise Stuck("database: not now (XX000)")
        return await rig.copy(records)

    hop = await rig.hop(giving_up)

    async def others_are_done() -> bool:
        found = await offsets(rig.settings, rig.group, [rig.source])
        return sum(each.lag == 0 for each in found.values()) == 2

    await eventually(others_are_done)
    more = await rig.fill_keyed(60)
    await eventually(others_are_done)
    health = hop.healthy()
    assert (health.alive, health.ready) == (True, False)
    assert f"the record of {rig.source}, partition" in health.why
    stuck.clear()
    await eventually(rig.done)
    written = [record.value for record in await rig.written()]
    assert sorted(written, key=str) == sorted(values + more, key=str)
    assert in_order(written)


async def test_an_output_no_broker_takes_is_parked_before_anything_is_written(rig: Rig) -> None:
    """The record whose output is too large is parked; nothing of the batch is written twice on the way there."""
    await rig.fill(b"1", b"large", b"3")

    async def grow(records: Sequence[Record]) -> Sequence[Output]:
        return [
            Output(rig.target, record.key, TOO_LARGE if record.value == b"large" else record.value or b"")
            for record in records
        ]

    await rig.hop(grow)
    await eventually(rig.done)
    assert await rig.values() == [b"1", b"large", b"3"]
    assert [bool(record.headers) for record in await rig.written()] == [False, True, False]


async def test_a_topic_that_takes_less_than_kafka_does_parks_only_what_is_too_large_for_it(
    make_rig: MakeRig, topic: MakeTopic
) -> None:
    """The broker refuses the whole batch; one record a batch then tells which one it was."""
    rig = await make_rig(1)
    rig.target = await topic(1, {"max.message.bytes": "2000"})
    await rig.fill(*(b"small-%d" % n for n in range(50)), b"large", b"last")

    async def grow(records: Sequence[Record]) -> Sequence[Output]:
        return [
            Output(rig.target, record.key, b"x" * 3000 if record.value == b"large" else record.value or b"")
            for record in records
        ]

    await rig.hop(grow)
    await eventually(rig.done)
    values = await rig.values()
    assert values[-52:] == [*(b"small-%d" % n for n in range(50)), b"large", b"last"]
    assert [record.value for record in await rig.written() if record.headers] == [b"large"]


async def test_when_parking_fails_nothing_is_committed(rig: Rig) -> None:
    """Neither the record nor its neighbours, until parking works again; then all of them, once."""
    await rig.fill(b"1", b"bad", b"3")
    broken = True

    async def poisoned(records: Sequence[Record]) -> Sequence[Output]:
        if any(record.value == b"bad" for record in records):
            raise ZeroDivisionError
        return await rig.copy(records)

    def park(record: Record, error: Exception) -> Sequence[Output]:
        if broken:
            raise LookupError
        return rig.park(record, error)

    await rig.hop(poisoned, park=park)
    await eventually(lambda: rig.outcomes().count("later") >= 2)
    assert await rig.committed() == [None]
    assert await rig.values() == []
    assert {batch.why for batch in rig.seen} == {"LookupError"}
    broken = False
    await eventually(rig.done)
    assert await rig.values() == [b"1", b"bad", b"3"]


@pytest.mark.parametrize("codec", [None, "gzip", "snappy", "lz4", "zstd"])
async def test_every_codec_is_read(rig: Rig, codec: str | None) -> None:
    """Tenant systems choose their own compression."""
    producer = AIOKafkaProducer(bootstrap_servers=rig.settings.bootstrap, compression_type=codec)
    await producer.start()
    for n in range(20):
        await producer.send(rig.source, b"%d " % n + b"woonoverlast " * 20)
    await producer.stop()
    await rig.hop()
    await eventually(rig.done)
    assert [int((value or b"").split()[0]) for value in await rig.values()] == list(range(20))


async def test_no_bytes_stop_the_batch(rig: Rig) -> None:
    """Null keys, tombstones, empty values, null and non-UTF-8 headers reach the handler as they are."""
    given: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]] = [
        (None, b"no key", []),
        (b"key", None, []),
        (b"", b"", []),
        (
            b"\xff\xfe",
            b"\x80\x81",
            [("null", None), ("bytes", b"\xc3\x28"), ("", b""), ("twice", b"1"), ("twice", b"2")],
        ),
        (None, b"content-type", [("content-type", b"application/cloudevents+json"), ("reply_to", b"elsewhere")]),
    ]
    producer = AIOKafkaProducer(bootstrap_servers=rig.settings.bootstrap)
    await producer.start()
    for key, value, headers in given:
        await producer.send_and_wait(rig.source, value, key=key, headers=headers)
    await producer.stop()
    got: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]] = []

    async def keep(records: Sequence[Record]) -> Sequence[Output]:
        got.extend((record.key, record.value, list(record.headers)) for record in records)
        return await rig.copy(records)

    await rig.hop(keep)
    await eventually(rig.done)
    assert got == given


async def test_an_aborted_transaction_never_happened(rig: Rig) -> None:
    """What a tenant system took back is not read, and its markers do not look like records that wait."""
    producer = AIOKafkaProducer(bootstrap_servers=rig.settings.bootstrap, transactional_id=f"tenant-{rig.source}")
    await producer.start()
    for value, kept in ((b"kept", True), (b"taken back", False), (b"kept too", True), (b"taken back too", False)):
        await producer.begin_transaction()
        await producer.send(rig.source, value)
        await (producer.commit_transaction() if kept else producer.abort_transaction())
    await producer.stop()
    await ended(rig.settings.bootstrap, rig.source)
    hop = await rig.hop()
    await eventually(lambda: sum(batch.records for batch in rig.seen) == 2)
    assert await rig.values() == [b"kept", b"kept too"]

    def up_to_date() -> bool:
        last = hop._watch.progress().moved.get((rig.source, 0))  # noqa: SLF001  what `healthy` judges by
        return last is not None and last.reading.position is not None and last.reading.position == last.reading.end

    await eventually(up_to_date)

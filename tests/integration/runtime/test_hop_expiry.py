"""What Kafka deleted before it was read is told by a fact, and what stands after it goes on."""

from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaProducer

from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.record import Output, Record
from schemas.topics import AUDIT
from services.runtime.errors import TryLater
from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings
from tests.integration.runtime.rig import Rig, eventually
from tests.transactions import ended

READ, UNREAD = [[f"{name}{number}".encode() for number in range(many)] for name, many in (("a", 5), ("b", 20))]
KEPT = 12


class Told(Sink):
    """Keeps the facts that are told; of these it takes none while `shut`."""

    def __init__(self, settings: KafkaSettings, *, shut: bool = False) -> None:
        super().__init__(settings, client_id="told")
        self.shut = shut
        self.refused = 0
        self.entries: list[AuditEntry] = []

    async def send(self, outputs: Sequence[Output]) -> None:
        """The other outputs go where they should."""
        facts = [each for each in outputs if each.topic == AUDIT.name]
        if facts and self.shut:
            self.refused += 1
            raise TryLater("a test's failure")
        self.entries += [AuditEntry.read(each.value) for each in facts]
        await super().send([each for each in outputs if each.topic != AUDIT.name])

    def told(self, rig: Rig) -> list[tuple[int, int]]:
        """From where on how many were deleted, each once."""
        assert {each.fact for each in self.entries} <= {Fact.RECORD_EXPIRED}
        places = {each.id: (each.input, each.count or 0) for each in self.entries}
        assert {at.topic for at, _ in places.values() if at} <= {rig.source}
        return [(at.offset, count) for at, count in places.values() if at]


@pytest.mark.parametrize("running", [False, True])
async def test_what_expired_unread_is_told_before_what_stands_after_it_is_committed(rig: Rig, *, running: bool) -> None:
    """A stage was down for longer than the topic keeps its records, or waited for its database for so long."""
    away = False

    async def copy(records: Sequence[Record]) -> Sequence[Output]:
        if away:
            raise TryLater("the database is away")
        return await rig.copy(records)

    sink = Told(rig.settings, shut=True)
    first = await rig.hop(copy, sink=sink, stage=Stage.INGEST)
    await rig.fill(*READ)
    await eventually(rig.done)
    away = running
    if not running:
        await first.stop()
    await rig.fill(*UNREAD)
    if running:
        await eventually(lambda: "later" in rig.outcomes())
    await rig.expire(len(READ) + len(UNREAD) - KEPT)
    if not running:
        await rig.hop(copy, sink=sink, stage=Stage.INGEST)
    await eventually(lambda: sink.refused > 1)
    assert await rig.committed() == [len(READ)]
    away = sink.shut = False
    await eventually(rig.done)
    assert sink.told(rig) == [(len(READ), len(UNREAD) - KEPT)]
    assert {each.stage for each in sink.entries} == {Stage.INGEST}
    assert set(await rig.values()) == {*READ, *UNREAD[-KEPT:]}


async def test_what_expired_is_told_when_nothing_stands_after_it(rig: Rig) -> None:
    """Nobody waits for the next record, which may be days away; and when that comes it is not told again."""
    sink = Told(rig.settings)
    hop = await rig.hop(sink=sink, stage=Stage.ROUTER)
    await rig.fill(*READ)
    await eventually(rig.done)
    await hop.stop()
    await rig.fill(*UNREAD)
    await rig.expire(len(READ) + len(UNREAD))
    await rig.hop(sink=sink, stage=Stage.ROUTER)
    await eventually(lambda: sink.told(rig) == [(len(READ), len(UNREAD))])
    await rig.fill(b"after")
    await eventually(rig.done)
    assert sink.told(rig) == [(len(READ), len(UNREAD))]


async def test_what_is_no_record_is_not_missed(rig: Rig) -> None:
    """Markers and aborted records of a tenant's transaction take offsets, and all of it may be deleted later."""
    sink = Told(rig.settings)
    hop = await rig.hop(sink=sink, stage=Stage.INGEST)
    producer = AIOKafkaProducer(bootstrap_servers=rig.settings.bootstrap, transactional_id=rig.source)
    await producer.start()
    try:
        for kept in (True, False, True):
            await producer.begin_transaction()
            await producer.send_and_wait(rig.source, b"written", partition=0)
            await (producer.commit_transaction() if kept else producer.abort_transaction())
            await ended(rig.settings.bootstrap, rig.source)
    finally:
        await producer.stop()

    async def came(number: int) -> bool:
        return len(await rig.values()) == number

    async def committed(offset: int) -> bool:
        return await rig.committed() == [offset]

    await eventually(lambda: came(2))
    await eventually(lambda: committed(6))
    await hop.stop()
    await rig.expire(6)
    await rig.hop(sink=sink, stage=Stage.INGEST)
    await rig.fill(b"after")
    await eventually(lambda: came(3))
    assert (sink.told(rig), await rig.values()) == ([], [b"written", b"written", b"after"])

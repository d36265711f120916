"""The audit stage on a real broker."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import RecordsToDelete

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.parked import Parked
from schemas.record import Output
from services.audit import service as of_audit
from services.audit.append import append, read
from services.audit.log import AuditLog
from services.audit.service import TOPICS, empty
from services.runtime.errors import Refused, SeinpaalError, Unreadable
from services.runtime.kafka import Sink, TopicSpec, compacts, ensure_topics, offsets, scan
from services.runtime.kafka.topics import admin
from services.runtime.settings import KafkaSettings
from services.runtime.trail import recorded
from tests.integration.audit.log_of import GROUP, running, size_is, stories
from tests.postgres import EmbeddedPostgres
from tests.transactions import ended
from tests.unit.audit.samples import fact, story
from tests.waiting import until

PAGE = (Path(__file__).parents[3] / "services/audit/README.md").read_text()
GOING_ON = PAGE.partition("**Going on")[2].partition("```sql")[2].partition("```")[0]
"""What the page says to run where facts are gone for good."""


async def a_function_of_the_topic(kafka: KafkaSettings, log: AuditLog) -> bool:
    """Whether the log is what the pure function makes of the whole topic at once."""
    arrivals = []
    async for record in scan(kafka, "audit.v1"):
        try:
            arrivals.append(read(record))
        except Unreadable:
            continue
    expected = [(line.index, line.arrival.body) for line in append(arrivals, known=set(), size=0)]
    return [(line.index, line.body) for line in await log.after(-1, 100_000)] == expected


async def test_facts_become_lines_once_and_are_committed(bare_kafka: KafkaSettings, tmp_path: Path) -> None:
    """Sent twice, each entry is in the log once; the group's offset is at the end when the log has them."""
    async with running(bare_kafka, f"sqlite:///{tmp_path}/audit.db") as log:
        sink = Sink(bare_kafka, client_id="test")
        entries = stories(range(8))
        await sink.send([recorded(entry) for entry in entries])
        await sink.send([recorded(entry) for entry in [*entries, *stories([8])]])
        await sink.stop()
        await size_is(log, 45)

        async def committed() -> bool:
            return (await offsets(bare_kafka, GROUP, ["audit.v1"]))["audit.v1", 0].committed == 85

        await until(committed, "the batch is committed")
        assert await a_function_of_the_topic(bare_kafka, log)


async def test_an_unreadable_entry_is_parked_and_told(bare_kafka: KafkaSettings, tmp_path: Path) -> None:
    """Bad JSON, no salt and a huge one stop nothing: each is on `parked.v1`, sealed, and its fact is in the log."""
    good = recorded(story(1)[0])
    broken = [
        Output("audit.v1", None, b"{", good.headers),
        Output("audit.v1", None, good.value, [("salt", b"short")]),
        Output("audit.v1", None, b"[" * 900_000, good.headers),
    ]
    async with running(bare_kafka, f"sqlite:///{tmp_path}/audit.db") as log:
        sink = Sink(bare_kafka, client_id="test")
        await sink.send([*broken, good])
        await sink.stop()
        await size_is(log, 4)
        told = [line.entry.reason for line in await log.after(-1, 10, [Fact.RECORD_PARKED])]
        assert told == ["entry-malformed", "salt-unusable", "entry-malformed"]
        parked = [Parked.read(record.value or b"") async for record in scan(bare_kafka, "parked.v1")]
        assert [one.origin.offset for one in parked] == [0, 1, 2]
        assert await a_function_of_the_topic(bare_kafka, log)


async def test_a_restart_goes_on_where_it_was(bare_kafka: KafkaSettings, sink: Sink, tmp_path: Path) -> None:
    """Stopped and started while entries keep coming, the log is what one uninterrupted reading makes of the topic."""
    url = f"sqlite:///{tmp_path}/audit.db"
    for turn in range(3):
        async with running(bare_kafka, url) as log:
            await sink.send([recorded(entry) for entry in stories(range(turn * 3, turn * 3 + 4))])
            await size_is(log, 20 + 15 * turn)
    async with running(bare_kafka, url) as log:
        assert await a_function_of_the_topic(bare_kafka, log)


async def test_a_log_restored_from_a_backup_catches_up(bare_kafka: KafkaSettings, sink: Sink, tmp_path: Path) -> None:
    """An older copy of the database, with the group far ahead, becomes the same log again; nothing is left out."""
    path = tmp_path / "audit.db"
    url = f"sqlite:///{path}"
    async with running(bare_kafka, url) as log:
        await sink.send([recorded(entry) for entry in stories(range(4))])
        await size_is(log, 20)
    shutil.copy(path, tmp_path / "backup.db")
    async with running(bare_kafka, url) as log:
        await sink.send([recorded(entry) for entry in stories(range(4, 9))])
        await size_is(log, 45)
    (tmp_path / "audit.db").unlink()
    shutil.move(tmp_path / "backup.db", path)
    async with running(bare_kafka, url) as log:
        await size_is(log, 45)
        await sink.send([recorded(entry) for entry in stories([9])])
        await size_is(log, 50)
        assert await a_function_of_the_topic(bare_kafka, log)


async def test_offsets_without_a_record_stop_nothing(bare_kafka: KafkaSettings, sink: Sink, tmp_path: Path) -> None:
    """A transaction leaves its end in the topic, between two batches and where a start begins to read."""
    url = f"sqlite:///{tmp_path}/audit.db"
    for turn in range(2):
        async with running(bare_kafka, url) as log:
            for number in range(2):
                await sink.send([recorded(entry) for entry in stories([2 * turn + number])])
                await size_is(log, 10 * turn + 5 * number + 5)
                await an_aborted_transaction(bare_kafka)
    async with running(bare_kafka, url) as log:
        assert await a_function_of_the_topic(bare_kafka, log)


async def test_where_a_record_stands_or_was_deleted_is_not_empty(bare_kafka: KafkaSettings, sink: Sink) -> None:
    """Only what never held one is; what lies beyond the end is not known yet."""
    await ensure_topics(bare_kafka, TOPICS)
    for number in range(2):  # 0 to 4 and 7 to 11
        await sink.send([recorded(entry) for entry in stories([number])])
        await an_aborted_transaction(bare_kafka)
    spans = [(5, 7), (6, 7), (4, 7), (5, 8), (12, 14)]
    assert [await empty(bare_kafka, GROUP, *span) for span in spans] == [True, True, False, False, False]
    assert await compacts(bare_kafka, "audit.v1") is False
    await delete_before(bare_kafka, 7)
    assert not await empty(bare_kafka, GROUP, 5, 7)


async def test_a_topic_that_drops_facts_is_refused(bare_kafka: KafkaSettings, sink: Sink, tmp_path: Path) -> None:
    """With what to set; and what it holds nothing of any more is not taken for empty."""
    await ensure_topics(bare_kafka, [TopicSpec("audit.v1", 1, {"cleanup.policy": "compact,delete"})])
    await an_aborted_transaction(bare_kafka)
    await sink.send([recorded(entry) for entry in stories([1])])
    assert not await empty(bare_kafka, GROUP, 0, 2)
    with pytest.raises(Refused, match=r"audit.v1 drops facts.*set its cleanup.policy to delete"):
        async with running(bare_kafka, f"sqlite:///{tmp_path}/audit.db"):
            pass


async def test_who_may_not_ask_waits(bare_kafka: KafkaSettings, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the right to see how the topic deletes, nothing is taken for empty."""
    await ensure_topics(bare_kafka, TOPICS)
    await an_aborted_transaction(bare_kafka)
    await sink.send([recorded(entry) for entry in stories([1])])
    assert await empty(bare_kafka, GROUP, 0, 2)

    async def untold(_kafka: KafkaSettings, _topic: str) -> None:
        """The broker refuses to say."""

    monkeypatch.setattr(of_audit, "compacts", untold)
    assert not await empty(bare_kafka, GROUP, 0, 2)


async def an_aborted_transaction(kafka: KafkaSettings) -> None:
    """Two offsets that nobody reads: a record that never was, and the end of its transaction."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id="somebody")
    await producer.start()
    await producer.begin_transaction()
    await producer.send_and_wait("audit.v1", b"never", key=b"somebody")
    await producer.abort_transaction()
    await producer.stop()
    await ended(kafka.bootstrap, "audit.v1")


async def test_a_topic_that_lost_its_beginning_is_refused(
    bare_kafka: KafkaSettings, sink: Sink, tmp_path: Path
) -> None:
    """A new log cannot begin in the middle: the start is refused, with what to do; and the page's SQL does it."""
    another = f"sqlite:///{tmp_path}/another.db"
    async with running(bare_kafka, f"sqlite:///{tmp_path}/audit.db") as log:
        await sink.send([recorded(entry) for entry in stories([1])])
        await size_is(log, 5)
        kept = [line.entry.id for line in await log.after(2, 10)]
    await delete_before(bare_kafka, 3)
    with pytest.raises(Refused, match=r"ends before offset 0 and audit.v1 begins at 3.*Restore a later backup.*README"):
        async with running(bare_kafka, another):
            pass
    with closing(sqlite3.connect(tmp_path / "another.db")) as database:
        database.executescript(GOING_ON)
    async with running(bare_kafka, another) as log:
        await size_is(log, 2)
        assert [line.entry.id for line in await log.after(-1, 10)] == kept


@pytest.mark.timeout(300)  # a PostgreSQL of its own, that crashes and recovers
async def test_an_outage_of_the_store_loses_nothing(
    bare_kafka: KafkaSettings, sink: Sink, own_postgres: EmbeddedPostgres
) -> None:
    """The database crashes while entries keep coming; the topic keeps them, and the log takes them in after."""
    url = own_postgres.url.render_as_string(hide_password=False)
    async with running(bare_kafka, url) as log:
        await sink.send([recorded(entry) for entry in stories(range(4))])
        await size_is(log, 20)
        crashed = asyncio.create_task(asyncio.to_thread(own_postgres.crash_and_restart))
        await sink.send([recorded(entry) for entry in stories(range(4, 60))])
        await crashed
        await sink.send([recorded(fact(Fact.OUTCOME_TOLD, Stage.NOTIFY, cause="last"))])
        await until(lambda: has(log, 301), "the last fact is in the log")
        assert await a_function_of_the_topic(bare_kafka, log)


async def has(log: AuditLog, lines: int) -> bool:
    """Whether it has so many; the database may still be away."""
    try:
        return await log.size() >= lines
    except SeinpaalError:  # the database is away, and `until` asks again
        return False


async def delete_before(kafka: KafkaSettings, offset: int) -> None:
    """Delete the topic's records before an offset, as retention would."""
    async with admin(kafka) as client:
        await client.delete_records({TopicPartition("audit.v1", 0): RecordsToDelete(before_offset=offset)})

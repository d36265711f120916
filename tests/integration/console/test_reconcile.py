"""Reconciling a real broker, a real log and a real ledger."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import delete
from typer.testing import CliRunner

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.parked import Coordinates
from schemas.record import Output, Record
from schemas.topics import COMMANDS
from services.audit.findings import Missing, Undecided, Unread
from services.audit.reconcile import Reconciliation
from services.audit.service import AuditService
from services.audit.settings import MIGRATIONS, AuditSettings
from services.audit.tables import ENTRY
from services.console.account import sentence
from services.console.commands import app
from services.console.reconcile import Gathering, reconcile
from services.notify.settings import MIGRATIONS as LEDGER
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.kafka import Hop, Sink, TopicSpec, ensure_topics, offsets
from services.runtime.settings import KafkaSettings
from services.runtime.trail import recorded
from tests.transactions import ended
from tests.unit.audit.samples import signal

SOURCE = "source.testdal"
LATER = "source.later"
CONFIG = f"""
corporations:
  - id: testdal
    name: Testdal (voorbeeld)
    country: NL
    identifier: {{system: http://www.kvk.nl/, value: "00000000"}}
    sources:
      - {{name: testdal-meldingen, topic: {SOURCE}, adapter: concern, source: "urn:nld:kvknr:00000000:systeem:test"}}
      - {{name: testdal-later, topic: {LATER}, adapter: concern, source: "urn:nld:kvknr:00000000:systeem:later"}}
"""

Account = Callable[[Record], AuditEntry | None]


@pytest.fixture
async def gathering(bare_kafka: KafkaSettings, tmp_path: Path) -> Gathering:
    """A broker with topics, an empty log and ledger, and a corporation."""
    (tmp_path / "sources.yaml").write_text(CONFIG)
    ledger = await open_database(f"sqlite:///{tmp_path}/notify.db", LEDGER)
    await ledger.stop()
    await ensure_topics(bare_kafka, [TopicSpec(name, 2) for name in (SOURCE, "signals.v1", "referrals.v1")])
    return Gathering(
        kafka=bare_kafka,
        audit_url=f"sqlite:///{tmp_path}/audit.db",
        notify_url=f"sqlite:///{tmp_path}/notify.db",
        config=tmp_path,
        patience=3,
    )


@asynccontextmanager
async def audit(gathering: Gathering) -> AsyncIterator[None]:
    """The audit stage, running."""
    settings = AuditSettings(database_url=gathering.audit_url, parking_key="house:" + "9c" * 32)
    service = AuditService(settings, gathering.kafka)
    await service.start()
    try:
        yield
    finally:
        await service.stop()


@asynccontextmanager
async def ingest(
    gathering: Gathering, account: Account, topic: str = SOURCE, group: str = "ingest"
) -> AsyncIterator[None]:
    """A stage that reads the source, or another topic, and writes only facts."""
    sink = Sink(gathering.kafka, client_id="test-ingest")
    await sink.start()

    async def handle(records: Sequence[Record]) -> list[Output]:
        return [recorded(entry) for record in records if (entry := account(record)) is not None]

    def park(_record: Record, error: Exception) -> list[Output]:
        raise error

    hop = Hop(
        name="ingest", settings=gathering.kafka, topics=[topic], group=group, instance="1", handle=handle,
        park=park, sink=sink,
    )  # fmt: skip
    await hop.start()
    try:
        yield
    finally:
        await hop.stop()
        await sink.stop()


def place(record: Record) -> Coordinates:
    """Where it stands."""
    return Coordinates(topic=record.topic, partition=record.partition, offset=record.offset)


def ignored(record: Record) -> AuditEntry:
    """The fact of a record that is no signal."""
    cause = ids.input_id(record.topic, record.partition, record.offset)
    fact = Fact.EVENT_IGNORED
    return AuditEntry(
        id=ids.entry_id(cause, fact), at=now(), stage=Stage.INGEST, fact=fact, corporation="testdal", event=cause,
        input=place(record),
    )  # fmt: skip


def accepted(record: Record) -> AuditEntry:
    """The fact of a record that is a signal."""
    case = signal(record.offset)
    return ignored(record).model_copy(
        update={"fact": Fact.SIGNAL_ACCEPTED, "signal": case, "event": ids.event_id(case, "1")}
    )


async def produced(gathering: Gathering, records: int) -> None:
    """Records of a tenant system, all in one partition."""
    sink = Sink(gathering.kafka, client_id="tenant")
    await sink.send([Output(SOURCE, b"one key", b"{}") for _ in range(records)])
    await sink.stop()


async def all_read(gathering: Gathering, topic: str = SOURCE, group: str = "ingest") -> None:
    """Wait until the group has committed everything."""
    async with asyncio.timeout(30):
        while any(one.lag for one in (await offsets(gathering.kafka, group, [topic])).values()):  # noqa: ASYNC110  the broker tells nobody
            await asyncio.sleep(0.05)


async def after(gathering: Gathering, records: int, account: Account) -> Reconciliation:
    """What a reconciliation says when the stage has read so many records and accounted for them so."""
    await produced(gathering, records)
    async with audit(gathering), ingest(gathering, account):
        await all_read(gathering)
        return await reconcile(gathering)


def only(result: Reconciliation) -> int:
    """The one partition that holds records."""
    (partition,) = [one.partition for one in result.picture.readings if one.topic == SOURCE and one.end]
    return partition


async def test_what_is_all_accounted_for_is_whole(gathering: Gathering) -> None:
    """Also while a configured topic does not exist yet."""
    result = await after(gathering, 20, ignored)
    assert result.whole
    assert (result.found, result.in_flight) == ((), ())
    assert sum(one.accounted for one in result.picture.readings) == 20


async def test_a_record_whose_fact_was_never_written_is_found(gathering: Gathering) -> None:
    """Its topic, partition and offset are told."""
    result = await after(gathering, 20, lambda record: None if record.offset in {7, 8} else ignored(record))
    assert result.found == (Missing(SOURCE, only(result), 7, 8),)
    assert not result.whole


async def test_a_command_that_nobody_took_up_is_found(gathering: Gathering) -> None:
    """Once all three stages have read it, and not before: it might be the last one's."""
    await ensure_topics(gathering.kafka, [TopicSpec(COMMANDS.name, 1)])
    sink = Sink(gathering.kafka, client_id="person")
    await sink.send([Output(COMMANDS.name, b"key", b"{}") for _ in range(3)])
    await sink.stop()

    def taken(record: Record) -> AuditEntry | None:
        return None if record.offset == 1 else ignored(record).model_copy(update={"fact": Fact.COMMAND_TAKEN})

    async with audit(gathering):
        for group, account in (("ingest", lambda _: None), ("router", lambda _: None), ("notify", taken)):
            assert (await reconcile(gathering)).found == ()
            async with ingest(gathering, account, COMMANDS.name, f"{group}-commands"):
                await all_read(gathering, COMMANDS.name, f"{group}-commands")
        assert (await reconcile(gathering)).found == (Missing(COMMANDS.name, 0, 1, 1),)


async def test_a_source_that_nobody_reads_is_found_and_told_what_to_do(gathering: Gathering) -> None:
    """It was added, and ingest was not started since: with records waiting it is found, and no more once it is read."""
    await ensure_topics(gathering.kafka, [TopicSpec(LATER, 1)])
    async with audit(gathering), ingest(gathering, ignored):
        assert (await reconcile(gathering)).found == ()
        sink = Sink(gathering.kafka, client_id="tenant")
        await sink.send([Output(LATER, b"key", b"{}")])
        await sink.stop()
        found = (await reconcile(gathering)).found
        assert found == (Unread(LATER, 0, None),)
        assert "Start ingest again with this sources.yaml" in sentence(found[0], "en")
    async with audit(gathering), ingest(gathering, ignored, LATER):
        await all_read(gathering, LATER)
        assert (await reconcile(gathering)).found == ()


async def test_the_markers_of_transactions_are_no_loss(gathering: Gathering) -> None:
    """A tenant that writes in transactions leaves offsets without a record, and aborted records nobody reads."""
    producer = AIOKafkaProducer(bootstrap_servers=gathering.kafka.bootstrap, transactional_id="tenant")
    await producer.start()
    for outcome in (producer.commit_transaction, producer.abort_transaction, producer.commit_transaction):
        await producer.begin_transaction()
        await producer.send_and_wait(SOURCE, b"{}", key=b"one key")
        await outcome()
    await producer.stop()
    await ended(gathering.kafka.bootstrap, SOURCE)
    result = await after(gathering, 3, ignored)
    assert result.found == ()
    (reading,) = [one for one in result.picture.readings if one.topic == SOURCE and one.end]
    assert (reading.accounted, reading.absent) == (5, 4)


async def test_what_nobody_decides_on_yet_is_in_flight(gathering: Gathering) -> None:
    """Signals wait in `signals.v1` while the router is away: not lost, and who is behind is told."""
    sink = Sink(gathering.kafka, client_id="test")
    await sink.send([Output("signals.v1", b"one key", b"{}") for _ in range(3)])
    await sink.stop()
    result = await after(gathering, 3, accepted)
    assert result.found == ()
    assert {type(one) for one in result.in_flight} == {Undecided}
    assert "router" in result.behind
    assert result.picture.books["testdal"].at_router == 3


async def test_a_signal_that_never_reached_its_topic_is_found(gathering: Gathering) -> None:
    """Accepted, committed, and nothing is left that the router could read."""
    result = await after(gathering, 3, accepted)
    assert {type(one) for one in result.found} == {Undecided}
    assert len(result.found) == 3


async def test_a_log_that_is_behind_accuses_nobody(gathering: Gathering) -> None:
    """With the audit stage away nothing can be said about what it has not taken in."""
    await produced(gathering, 5)
    async with ingest(gathering, ignored):
        async with audit(gathering):
            await all_read(gathering)
        await produced(gathering, 5)
        await all_read(gathering)
        result = await reconcile(gathering)
    assert result.found == ()
    assert result.behind == {"audit"}


async def test_the_command_tells_and_exits_with_1(gathering: Gathering, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 0 when all is well; 1, with what is missing, when a line was removed from the log."""
    for name, value in {
        "KAFKA_BOOTSTRAP": gathering.kafka.bootstrap,
        "AUDIT_DATABASE_URL": gathering.audit_url,
        "NOTIFY_DATABASE_URL": gathering.notify_url,
        "INGEST_CONFIG": str(gathering.config),
    }.items():
        monkeypatch.setenv(name, value)
    assert (await after(gathering, 5, ignored)).whole
    code, said = await command()
    assert (code, "everything that was read is accounted for, once" in said) == (0, True)
    log = await open_database(gathering.audit_url, MIGRATIONS)
    async with log.begin() as connection:
        await connection.execute(delete(ENTRY).where(ENTRY.c.input_offset == 2))
    await log.stop()
    code, said = await command()
    assert code == 1
    assert "offset 2 was read, and no fact accounts for that" in said
    code, said = await command("--json")
    told: dict[str, Any] = orjson.loads(said)
    assert (code, told["whole"], [one["first"] for one in told["found"]]) == (1, False, [2])


async def command(*arguments: str) -> tuple[int, str]:
    """Run it in a thread, as it has an event loop of its own."""
    environment = {**os.environ, "COLUMNS": "200"}
    result = await asyncio.to_thread(
        CliRunner().invoke, app, ["--patience", "1", *arguments], env=environment, catch_exceptions=False
    )
    return result.exit_code, result.output

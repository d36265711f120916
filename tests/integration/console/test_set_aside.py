"""`seinpaal parked set-aside`, typed as the health of a stage says it, while PostgreSQL gives up on one record."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.command import Action, Command
from schemas.parked import Coordinates, Parked
from schemas.record import Output
from schemas.topics import COMMANDS, PARKED, SIGNALS
from services.console.parked import waiting
from services.console.set_aside import Absent, Behind, First, Passed, standing
from services.ingest.service import IngestService
from services.notify.desk_client import order
from services.router.service import RouterService
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.kafka import Sink, offsets, scan
from services.runtime.settings import KafkaSettings
from tests.begun import begun
from tests.integration.ingest.door import Door, accounted, concern
from tests.integration.notify.typed import run
from tests.integration.router.desk import Desk, event_of
from tests.waiting import until

GIVES_UP = """CREATE FUNCTION gives_up() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'cache lookup failed' USING ERRCODE = 'XX000'; END $$"""
TYPED = re.compile(r"seinpaal (parked set-aside \S+ \d+ \d+)")
WHO = ("--reason", "others wait", "--actor", "operator-1", "--yes")


@pytest.fixture
def desk(bare_kafka: KafkaSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A broker and a policy for one test alone, and an operator's environment."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP", bare_kafka.bootstrap)
    return Desk(tmp_path, bare_kafka)


@asynccontextmanager
async def running(desk: Desk, url: str, instance: str = "1") -> AsyncIterator[RouterService]:
    """A router on PostgreSQL, started."""
    router = RouterService(desk.settings.model_copy(update={"database_url": url, "instance": instance}), desk.kafka)
    try:
        await router.start()
        yield router
    finally:
        await router.stop()


async def gives_up_on(url: str, table: str, column: str, value: object) -> None:
    """From now on the database does, on every row that has that."""
    trigger = f"BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.{column} = '{value}') EXECUTE FUNCTION gives_up()"
    await executed(url, GIVES_UP, f"CREATE TRIGGER gives_up {trigger}")


async def executed(url: str, *statements: str) -> None:
    """By whoever owns the tables."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for each in statements:
            await connection.execute(text(each))
    await engine.dispose()


async def told(stage: RouterService | IngestService) -> list[str]:
    """What its health says to type, once it does."""

    async def says() -> bool:
        return TYPED.search(stage.healthy().why) is not None

    await until(says, "its health says what to type")
    found = TYPED.search(stage.healthy().why)
    assert found is not None
    return found[1].split()


async def lag(desk: Desk, group: str, topic: str) -> int:
    """Records that are not committed yet."""
    return sum(each.lag for each in (await offsets(desk.kafka, group, [topic])).values())


async def parking(desk: Desk) -> tuple[Parked, AuditEntry]:
    """What was parked, as `parked list` finds it, and its fact."""
    (found,) = await waiting(scan(desk.kafka, PARKED.name), ())
    (fact,) = [one for one in await desk.entries() if one.fact is Fact.RECORD_PARKED]
    return found.parked, fact


async def test_a_signal_on_which_the_database_gives_up_is_set_aside(desk: Desk, postgres_url: str) -> None:
    """Typed as it is told, with the router started again in between; a second time there is nothing to set aside."""
    events = [event_of(case) for case in range(30)]
    async with running(desk, postgres_url) as router:
        await gives_up_on(postgres_url, "router_event", "signal", events[3].id)
        await desk.send(events)
        typed = await told(router)
    assert await asyncio.to_thread(run, *typed, *WHO) == 0
    async with running(desk, postgres_url, "2") as router:
        await desk.done()
        await until(lambda: well(router), "it is well")
    assert {one.signal for one in await desk.referrals()} == {one.id for one in events} - {events[3].id}
    parked, fact = await parking(desk)
    assert [parked.origin.topic, str(parked.origin.partition), str(parked.origin.offset)] == typed[2:]
    assert (fact.message, fact.event, fact.actor) == (events[3].event, parked.id, "operator-1")
    (said,) = [Command.read(one.value or b"") async for one in scan(desk.kafka, COMMANDS.name)]
    assert fact.command == said.id
    assert await asyncio.to_thread(run, *typed, *WHO) == 78


async def well(router: RouterService) -> bool:
    """Whether nothing waits."""
    return router.healthy().ready


async def test_a_command_on_which_the_database_gives_up_is_set_aside(desk: Desk, postgres_url: str) -> None:
    """The word about it stands behind it in the same topic, where the stage's own reading does not come."""
    first, second = (order(Action.RULES_APPROVE, one.id, actor="lead-1", reason="read", at=now()) for one in CASES)
    async with running(desk, postgres_url) as router:
        await gives_up_on(postgres_url, "router_command", "id", first.id)
        await send(desk, first, second)
        typed = await told(router)
        assert typed[2:] == [COMMANDS.name, "0", "0"]
        assert await asyncio.to_thread(run, *typed, *WHO) == 0

        async def read() -> bool:
            return await lag(desk, "router-commands", COMMANDS.name) == 0

        await until(read, "what stood behind it is read")
    parked, fact = await parking(desk)
    assert (parked.origin, fact.message) == (Coordinates(topic=COMMANDS.name, partition=0, offset=0), first.id)
    taken = [one.event for one in await desk.entries() if one.fact is Fact.COMMAND_TAKEN]
    assert taken == [second.id]


CASES = (event_of(1), event_of(2))


async def send(desk: Desk, *commands: Command) -> None:
    """As people give them."""
    sink = Sink(desk.kafka, client_id="test")
    await sink.send([cloudevents.event(COMMANDS, id=c.id, time=c.at, key="x", value=c.write()) for c in commands])
    await sink.stop()


async def test_an_event_that_was_set_aside_is_redriven_once_the_database_is_well(
    bare_kafka: KafkaSettings, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a tenant system, where the keyring gives up: it becomes the signal that it would have been."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP", bare_kafka.bootstrap)
    monkeypatch.setenv("INGEST_CONFIG", str(tmp_path))
    door = Door(tmp_path, bare_kafka, postgres_url)
    await begun(door.keys)
    await door.make_topic()
    ingest = door.ingest()
    await ingest.start()
    try:
        third = ids.signal_id("urn:test:zorgen", "concern\x1f\x1f\x1fZ-3")
        await gives_up_on(postgres_url, "keyring_data_key", "signal", third)
        await door.write(concern(number) for number in range(8))
        assert await asyncio.to_thread(run, *await told(ingest), *WHO) == 0
        await door.done()
        (parked,) = await door.parked()
        assert third not in {signal.id for signal in await door.signals()}
        await executed(postgres_url, "DROP TRIGGER gives_up ON keyring_data_key")
        again = order(Action.REDRIVE, parked.id, actor="operator-1", reason="mended", at=now(), parked=parked)
        await door.command(again)
        await door.done(COMMANDS.name, "ingest-commands")
    finally:
        await ingest.stop()
    assert {signal.reference for signal in await door.signals()} == {f"Z-{number}" for number in range(8)}
    assert (parked.reason, parked.corporation) == ("set-aside", "voorbeeldwonen")
    assert [one.event for one in await door.entries(Fact.RECORD_REDRIVEN)] == [parked.id]
    taken = await door.entries(Fact.COMMAND_TAKEN)
    assert [(one.reason, one.input and one.input.offset) for one in taken] == [("set-aside", 0), ("redrive", 1)]
    assert accounted(await door.entries()) == sorted(await door.places())


async def test_only_what_a_group_reads_next_stands_first(desk: Desk) -> None:
    """Before anything is committed, and after; of what no group has, and of a partition that is not there."""
    await desk.send([])
    sink = Sink(desk.kafka, client_id="test")
    await sink.send([Output(SIGNALS.name, b"one", b"%d" % n) for n in range(3)])
    await sink.stop()
    (partition,) = {record.partition async for record in scan(desk.kafka, SIGNALS.name)}

    async def of(offset: int, where: int = partition) -> object:
        place = Coordinates(topic=SIGNALS.name, partition=where, offset=offset)
        return await standing(desk.kafka, place, ["router"])

    assert [await of(offset) for offset in range(4)] == [First(), Behind(0), Behind(0), Absent()]
    router = desk.router()
    await router.start()
    await desk.done()
    await router.stop()
    assert [await of(offset) for offset in (0, 2, 3)] == [Passed(), Passed(), Absent()]
    with pytest.raises(Refused, match="has no partition 9"):
        await of(0, 9)

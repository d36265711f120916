"""What holds up its partition, set aside by a person, on a real broker: parked before it is passed, whoever has it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest

from schemas import cloudevents, ids
from schemas.audit import AuditEntry
from schemas.codes import Stage
from schemas.command import Action, Command
from schemas.parked import Parked
from schemas.record import Output, Record
from schemas.topics import AUDIT, COMMANDS, PARKED
from services.runtime.clock import now
from services.runtime.errors import Stuck
from services.runtime.kafka import SetAsides, Sink, TopicSpec, ensure_topics, scan
from services.runtime.parking import ParkingKey, parked
from services.runtime.settings import KafkaSettings
from tests.broker import make_topic
from tests.integration.runtime.rig import GatedSink, Rig, eventually, in_order

KEY = ParkingKey("house", b"\x09" + bytes(31))


@pytest.fixture
async def rig(bare_kafka: KafkaSettings) -> AsyncIterator[Rig]:
    """Three partitions, and topics for commands, parkings and facts that no other test writes to."""
    specs = [TopicSpec(each.name, each.partitions, each.configs()) for each in (COMMANDS, PARKED, AUDIT)]
    await ensure_topics(bare_kafka, specs)
    feed = Sink(bare_kafka, client_id="feed")
    await feed.start()
    source, target = [await make_topic(bare_kafka.bootstrap, number, {}) for number in (3, 1)]
    rig = Rig(bare_kafka, source=source, target=target, feed=feed)
    yield rig
    await rig.stop()


class Held:
    """Copies, but for what the database gives up on."""

    def __init__(self, rig: Rig, *values: bytes) -> None:
        self.rig, self.values, self.tries = rig, set(values), 0

    async def __call__(self, records: Sequence[Record]) -> Sequence[Output]:
        """Gives up on a whole batch with one of them."""
        if any(record.value in self.values for record in records):
            self.tries += 1
            raise Stuck("database: not now (XX000)")
        return await self.rig.copy(records)


def put_aside(record: Record, error: Exception) -> list[Output]:
    """As a stage does."""
    return parked(record, error, stage=Stage.ROUTER, corporation=None, at=now(), key=KEY)


async def placed(rig: Rig, value: bytes) -> Record:
    """The record with that value."""
    found = [record async for record in scan(rig.settings, rig.source) if record.value == value]
    return found[0]


async def say(rig: Rig, record: Record, number: int = 1) -> Command:
    """A person's word, among what else stands there: the same word of somebody by name is none."""
    target = ids.input_id(record.topic, record.partition, record.offset)
    command = Command(
        id=UUID(int=number), at=now(), action=Action.SET_ASIDE, target=target, actor="operator-1", reason="others wait"
    )
    other = command.model_copy(update={"id": UUID(int=100 + number), "action": Action.CANCEL})
    named = command.model_copy(update={"id": UUID(int=200 + number), "actor": "Jan Jansen"})
    await rig.feed.send(
        [
            Output(COMMANDS.name, b"x", b"{"),
            *(
                cloudevents.event(COMMANDS, id=each.id, time=each.at, key=str(target), value=each.write())
                for each in (other, named, command)
            ),
        ]
    )
    return command


async def parkings(rig: Rig) -> list[Parked]:
    """All that were written."""
    return [Parked.read(record.value or b"") async for record in scan(rig.settings, PARKED.name)]


async def facts(rig: Rig) -> list[AuditEntry]:
    """All that were written."""
    return [AuditEntry.read(record.value or b"") async for record in scan(rig.settings, AUDIT.name)]


async def rest(rig: Rig, stuck: bytes, written: Sequence[bytes]) -> None:
    """Everything but that one is written, each in its order."""
    values = await rig.values()
    assert sorted(values, key=str) == sorted((each for each in written if each != stuck), key=str)
    assert in_order(values)


async def test_the_instance_that_has_it_parks_it_and_its_neighbours_go_on(rig: Rig) -> None:
    """Of two instances; with its fact, and committed past. A word about another record changes nothing before."""
    values = await rig.fill_keyed(200)
    held = Held(rig, values[60])
    for instance in ("0", "1"):
        await rig.hop(held, instance=instance, park=put_aside, asked=SetAsides(rig.settings))
    await eventually(lambda: held.tries > 4)
    await say(rig, await placed(rig, values[70]), 8)
    tries = held.tries
    await eventually(lambda: held.tries > tries + 4)
    assert await parkings(rig) == []
    assert not await rig.done()
    record = await placed(rig, values[60])
    command = await say(rig, record)
    await eventually(rig.done)
    await rest(rig, values[60], values)
    (one,), (fact,) = await parkings(rig), await facts(rig)
    assert (one.reason, one.origin.partition, one.origin.offset) == ("set-aside", record.partition, record.offset)
    assert (fact.command, fact.actor, fact.input) == (command.id, "operator-1", one.origin)


async def test_what_was_said_while_the_stage_was_away_counts_when_it_is_back(rig: Rig) -> None:
    """It stands on the topic; also where the stage never saw the record before."""
    values = await rig.fill_keyed(30)
    held = Held(rig, values[7])
    hop = await rig.hop(held, park=put_aside, asked=SetAsides(rig.settings))
    await eventually(lambda: held.tries > 2)
    await hop.stop()
    await say(rig, await placed(rig, values[7]))
    await rig.hop(held, park=put_aside, asked=SetAsides(rig.settings))
    await eventually(rig.done)
    await rest(rig, values[7], values)
    assert len(await parkings(rig)) == 1


async def test_it_is_not_passed_before_its_parking_is_acknowledged(rig: Rig) -> None:
    """While nobody acknowledges, nothing of it is committed: a crash there would read it again."""
    await rig.fill(b"held", b"next")
    await say(rig, await placed(rig, b"held"))
    sink = GatedSink(rig.settings)
    await rig.hop(Held(rig, b"held"), park=put_aside, asked=SetAsides(rig.settings), sink=sink)
    await asyncio.wait_for(sink.waiting.wait(), 30)
    assert await rig.committed() == [None] * 3
    sink.gate.set()
    await eventually(rig.done)
    assert (await rig.values(), len(await parkings(rig))) == ([b"next"], 1)


class Counting(SetAsides):
    """Counts what it reads."""

    read = 0

    def _keep(self, record: Record) -> None:
        self.read += 1
        super()._keep(record)


async def test_every_command_is_read_once_and_a_topic_made_anew_from_its_beginning(rig: Rig) -> None:
    """However often it is asked; the first who named a record counts."""
    await rig.fill(b"a", b"b")
    first, second = await placed(rig, b"a"), await placed(rig, b"b")
    asked = Counting(rig.settings)
    command = await say(rig, first, 1)
    await say(rig, first, 2)
    for _ in range(3):
        assert await asked(second) is None
    assert (await asked(first), asked.read) == (command, 8)
    later = await say(rig, second, 3)
    assert (await asked(second), asked.read) == (later, 12)
    asked._following[0] = 1_000  # noqa: SLF001  as a topic of before was longer
    asked._said.clear()  # noqa: SLF001  same
    assert (await asked(first), asked.read) == (command, 24)

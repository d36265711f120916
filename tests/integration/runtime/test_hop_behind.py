"""A database that holds less than its group has read: what it lacks is read again, before anything else is."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.record import Output, Record
from services.runtime.errors import TryLater
from services.runtime.kafka import Hop
from services.runtime.kafka.positions import Partition, Place, held
from tests.integration.runtime.rig import QUICK, Rig, eventually

OFTEN = replace(QUICK, anew=0.1)
ONE, TWO, THREE = [[f"{name}{number}".encode() for number in range(5)] for name in ("one-", "two-", "three-")]


@dataclass
class Memory:
    """A stage with its database: what it took, and how far it stands, all of which `back_to` takes away together."""

    rig: Rig
    there: bool = True
    looks: int = 0
    taken: list[bytes] = field(default_factory=list)
    places: dict[Partition, Place] = field(default_factory=dict)

    async def handle(self, records: Sequence[Record]) -> Sequence[Output]:
        """Keeps each value that it has not got yet, and hands all of them on."""
        self.taken += [each.value for each in records if each.value and each.value not in self.taken]
        return await self.rig.copy(records)

    def copied(self) -> "Memory":
        """As it is now: what a standby or a backup has."""
        return replace(self, taken=[*self.taken], places={**self.places})

    def back_to(self, copy: "Memory") -> None:
        """The standby takes over, the backup is put back."""
        self.taken, self.places = copy.taken, copy.places

    async def begun(self, topics: Collection[str]) -> set[str]:
        """As `StoredOffsets`."""
        self._reached()
        return {topic for topic, _ in self.places} & {*topics}

    async def begin(self, places: Mapping[Partition, Place]) -> None:
        """As `StoredOffsets`."""
        self.places = {**places, **self.places}

    async def put(self, places: Mapping[Partition, Place]) -> None:
        """As `StoredOffsets`."""
        self.places.update(places)

    async def behind(self, passed: Mapping[Partition, Place]) -> dict[Partition, int]:
        """As `StoredOffsets`."""
        self._reached()
        self.looks += 1
        found = {where: held(self.places.get(where), place) for where, place in passed.items()}
        return {where: offset for where, offset in found.items() if offset < passed[where].offset}

    async def keep(self, passed: Mapping[Partition, Place], done: Mapping[Partition, Place]) -> dict[Partition, int]:
        """As `StoredOffsets`."""
        behind = await self.behind(passed)
        self.places.update({} if behind else done)
        return behind

    def _reached(self) -> None:
        if not self.there:
            raise TryLater("a test's database is away")


@pytest.fixture
def memory(rig: Rig) -> Memory:
    """Empty."""
    return Memory(rig)


async def joined(rig: Rig, memory: Memory) -> Hop:
    """A hop of that stage."""
    return await rig.hop(memory.handle, stored=memory, timing=OFTEN)


async def filled(rig: Rig, memory: Memory, values: Sequence[bytes]) -> None:
    """Written, read and committed."""
    await rig.fill(*values)
    await eventually(lambda: set(values) <= set(memory.taken))
    await eventually(rig.done)


async def placed(rig: Rig, offset: int) -> None:
    """By a person, as Kafka's own tools do it: once the group is empty."""
    consumer = AIOKafkaConsumer(bootstrap_servers=rig.settings.bootstrap, group_id=rig.group, enable_auto_commit=False)
    await consumer.start()
    where = TopicPartition(rig.source, 0)
    consumer.assign([where])

    async def taken() -> bool:
        try:
            await consumer.commit({where: offset})
        except KafkaError:
            return False
        return True

    try:
        await eventually(taken)
    finally:
        await consumer.stop()


async def test_what_a_standby_lacks_is_read_again_while_nothing_new_comes(rig: Rig, memory: Memory) -> None:
    """It took over without the last batch."""
    await joined(rig, memory)
    await filled(rig, memory, ONE)
    standby = memory.copied()
    await filled(rig, memory, TWO)
    memory.back_to(standby)
    await eventually(lambda: memory.taken == ONE + TWO)


async def test_what_comes_after_it_waits_for_what_is_lacking(rig: Rig, memory: Memory) -> None:
    """In the order of the topic, and never beside a gap, though nobody looked before the next batch came."""
    await rig.hop(memory.handle, stored=memory, timing=replace(OFTEN, anew=3600))
    await filled(rig, memory, ONE)
    standby = memory.copied()
    await filled(rig, memory, TWO)
    memory.back_to(standby)
    await rig.fill(*THREE)
    await eventually(lambda: set(THREE) <= set(memory.taken))
    assert memory.taken == ONE + TWO + THREE
    await eventually(rig.done)


async def test_a_backup_that_was_put_back_is_made_whole_at_the_next_start(rig: Rig, memory: Memory) -> None:
    """Also when the database is not there at first."""
    hop = await joined(rig, memory)
    await filled(rig, memory, ONE)
    backup = memory.copied()
    await filled(rig, memory, TWO)
    await hop.stop()
    memory.back_to(backup)
    memory.there = False
    await joined(rig, memory)
    await rig.fill(*THREE)
    await eventually(lambda: "later" in rig.outcomes())
    memory.there = True
    await eventually(lambda: memory.taken == ONE + TWO + THREE)


async def test_what_is_lost_between_a_batch_and_its_place_is_read_again(rig: Rig, memory: Memory) -> None:
    """The standby takes over in that very moment."""
    lost = asyncio.Event()

    async def handle(records: Sequence[Record]) -> Sequence[Output]:
        outputs = await memory.handle(records)
        if records[0].value == TWO[0] and not lost.is_set():
            lost.set()
            memory.back_to(standby)
        return outputs

    await rig.hop(handle, stored=memory, timing=OFTEN)
    await eventually(lambda: bool(memory.places))
    standby = memory.copied()
    await filled(rig, memory, ONE)
    await rig.fill(*TWO)
    await eventually(lambda: memory.taken == ONE + TWO)


async def test_who_begins_to_store_places_begins_where_the_group_stands(rig: Rig, memory: Memory) -> None:
    """Nothing is read again for it."""
    first = await rig.hop(timing=OFTEN)
    await rig.fill(*ONE)
    await eventually(rig.done)
    await first.stop()
    await joined(rig, memory)
    await filled(rig, memory, TWO)
    assert memory.taken == TWO


async def test_who_places_the_group_by_hand_is_believed(rig: Rig, memory: Memory) -> None:
    """What was passed over so is not read again, though the database has no trace of it."""
    hop = await joined(rig, memory)
    await filled(rig, memory, ONE)
    await hop.stop()
    await rig.fill(*TWO)
    await placed(rig, len(ONE) + len(TWO))
    await joined(rig, memory)
    await filled(rig, memory, THREE)
    assert memory.taken == ONE + THREE


async def test_a_topic_that_begins_later_is_read_once(
    rig: Rig, memory: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    """What Kafka has deleted before anybody read it is no gap of the database's."""
    await rig.fill(*ONE)
    await rig.expire(3)
    await joined(rig, memory)
    await filled(rig, memory, TWO)
    looks = memory.looks
    await eventually(lambda: memory.looks > looks + 3)
    assert memory.taken == ONE[3:] + TWO
    assert "hop.behind" not in capsys.readouterr().out

"""What holds up its partition is parked once a person said so, and never before."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import pytest
from aiokafka.errors import KafkaConnectionError
from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import AuditEntry
from schemas.codes import Stage
from schemas.command import Action, Command
from schemas.parked import Parked
from schemas.record import Output, Record
from schemas.topics import AUDIT, PARKED
from services.runtime.errors import Refused, Stuck
from services.runtime.kafka.carrying import Asked, Carried, PartWaits, carry
from services.runtime.kafka.sink import TooLarge
from services.runtime.parking import ParkingKey, parked
from tests.unit.runtime.test_kafka_carrying import Pocket
from tests.unit.runtime.test_kafka_stuck import STUCK, batch, handle, sent

AT: Final = datetime(2026, 11, 28, 9, tzinfo=UTC)
KEY: Final = ParkingKey("house", b"\x09" + bytes(31))
TYPED: Final = "seinpaal parked set-aside in {} {}"
SAID: Final = Command(
    id=UUID(int=7), at=AT, action=Action.SET_ASIDE, target=UUID(int=1), actor="operator-1", reason="others wait"
)


def about(*places: tuple[int, int]) -> Callable[[Record], Awaitable[Command | None]]:
    """What a person said of the records at these partitions and offsets."""

    async def asked(record: Record) -> Command | None:
        return SAID if (record.partition, record.offset) in places else None

    return asked


def park(record: Record, error: Exception) -> Sequence[Output]:
    """As the stages do."""
    return parked(record, error, stage=Stage.ROUTER, corporation=None, at=AT, key=KEY)


def parkings(sink: Pocket) -> list[Parked]:
    """All that were written."""
    return [Parked.read(output.value) for output in sink.kept if output.topic == PARKED.name]


def facts(sink: Pocket) -> list[AuditEntry]:
    """All that were written."""
    return [AuditEntry.read(output.value) for output in sink.kept if output.topic == AUDIT.name]


async def test_it_is_parked_as_a_person_said_and_what_waited_goes_on() -> None:
    """With why, who and by which command; it is no fault of ours, and its partition is done in order."""
    sink = Pocket()
    carried = await carry(batch([b"a", STUCK, b"b"], [b"c"]), handle, park, sink, about((0, 1)))
    assert carried == Carried(1, 0)
    assert [value for value in sent(sink) if len(value) == 1] == [b"a", b"b", b"c"]
    (one,), (fact,) = parkings(sink), facts(sink)
    assert (one.reason, one.origin.offset, one.left_behind) == ("set-aside", 1, None)
    for part in ("operator-1", "others wait", "not now (XX000)"):
        assert part in one.fix
    assert (fact.event, fact.reason, fact.actor, fact.command) == (one.id, "set-aside", "operator-1", SAID.id)
    assert (fact.input, fact.message) == (one.origin, None)


async def test_a_record_by_itself_is_parked_too_and_not_tried_twice() -> None:
    """Nobody knows whether it is the record or the database, but a person decided."""
    sink, tries = Pocket(), list[int]()

    async def counting(records: Sequence[Record]) -> Sequence[Output]:
        tries.append(len(records))
        return await handle(records)

    assert await carry(batch([STUCK]), counting, park, sink, about((0, 0))) == Carried(1)
    assert (tries, len(parkings(sink))) == ([1], 1)


@pytest.mark.parametrize("partitions", [([STUCK],), ([STUCK, STUCK],), ([STUCK], [b"a"])])
async def test_what_nobody_spoke_of_waits_and_is_told_with_what_to_type(partitions: Sequence[Sequence[bytes]]) -> None:
    """Also where somebody spoke of the one behind it; nothing is told to a stage whose records are not passed over."""
    sink = Pocket()
    with pytest.raises((Stuck, PartWaits), match=TYPED.format(0, 0)):
        await carry(batch(*partitions), handle, park, sink, about((0, 1)))
    assert parkings(sink) == []
    with pytest.raises((Stuck, PartWaits)) as waits:
        await carry(batch(*partitions), handle, park, sink)
    assert "set-aside" not in str(waits.value)


async def test_a_record_that_goes_through_is_not_parked_for_what_was_said_of_it() -> None:
    """A command that comes too late, or about another record, changes nothing."""
    sink = Pocket()
    assert await carry(batch([b"a", b"b"]), handle, park, sink, about((0, 0), (0, 1))) == Carried(0)
    assert sent(sink) == [b"a", b"b"]


async def test_of_two_that_are_stuck_one_is_set_aside_and_the_other_waits_alone() -> None:
    """So a person comes through them one by one."""
    sink, records = Pocket(), batch([b"a", STUCK, b"b"], [STUCK, b"c"], [b"d"])
    with pytest.raises(PartWaits, match="only that of in, partition 1, offset 0.*" + TYPED.format(1, 0)) as waits:
        await carry(records, handle, park, sink, about((0, 1)))
    assert waits.value.left == records[3:5]
    assert [one.origin.partition for one in parkings(sink)] == [0]


@pytest.mark.parametrize("error", [KafkaConnectionError(), TimeoutError(), Refused("topic commands.v1 does not exist")])
@pytest.mark.parametrize("beside", [[b"a"], []])
async def test_commands_that_cannot_be_read_hold_up_no_more_than_that_record(
    error: Exception, beside: Sequence[bytes]
) -> None:
    """It waits as before, and says so."""

    async def asked(_record: Record) -> Command | None:
        raise error

    with pytest.raises((Stuck, PartWaits), match="Whether a person set it aside cannot be read"):
        await carry(batch([STUCK], beside), handle, park, sink := Pocket(), asked)
    assert sent(sink) == list(beside)


async def test_a_parking_that_its_topic_refuses_is_pointed_at_and_still_says_who_decided() -> None:
    """A topic that takes less than Kafka does by itself."""

    class Narrow(Pocket):
        async def send(self, outputs: Sequence[Output]) -> None:
            for index, output in enumerate(outputs):
                if output.topic == PARKED.name and Parked.read(output.value).left_behind is None:
                    raise TooLarge(index, len(output.value))
            await super().send(outputs)

    sink = Narrow()
    assert await carry(batch([STUCK], [b"a"]), handle, park, sink, about((0, 0))) == Carried(1, 0)
    ((one,), (fact,)) = parkings(sink), facts(sink)
    assert (one.reason, one.left_behind) == ("set-aside", len(STUCK))
    assert (fact.actor, fact.command) == ("operator-1", SAID.id)


VALUES = st.lists(st.sampled_from([b"good", STUCK]), max_size=4)


@given(st.lists(VALUES, max_size=3), st.sets(st.tuples(st.integers(0, 2), st.integers(0, 3))))
async def test_every_record_is_sent_parked_as_told_or_left(
    partitions: list[list[bytes]], said: set[tuple[int, int]]
) -> None:
    """Whatever the mix, each once; parked is only what a person named, and nothing is passed over in its partition."""
    records, sink = batch(*partitions), Pocket()
    try:
        await carry(records, handle, park, sink, about(*said))
        done, left = list(records), list[Record]()
    except PartWaits as waits:
        done, left = [each for each in records if each in waits.done], list(waits.left)
    except Stuck:
        done, left = [], list(records)
    assert sorted(map(str, [*done, *left])) == sorted(map(str, records))
    aside = {(one.origin.partition, one.origin.offset) for one in parkings(sink)}
    assert aside == {(each.partition, each.offset) for each in done if each.value == STUCK}
    assert aside <= said
    for each in left:
        assert all(one.offset < each.offset for one in done if one.partition == each.partition)


def test_it_is_asked_of_the_very_record_that_is_stuck() -> None:
    """And of no other."""
    seen: list[tuple[int, int]] = []

    async def asked(record: Record) -> Command | None:
        seen.append((record.partition, record.offset))
        return None

    kind: Asked = asked
    with pytest.raises(PartWaits):
        asyncio.run(carry(batch([b"a", STUCK, b"b"], [b"c"]), handle, park, Pocket(), kind))
    assert seen == [(0, 1)]

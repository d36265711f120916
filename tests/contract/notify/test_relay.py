"""The outbox and whoever publishes it, on both databases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
import pytest
from sqlalchemy import insert

from schemas.record import Output
from services.notify import outbox
from services.notify.outbox import Remembered
from services.notify.relay import MOST, Relay
from services.notify.tables import OUTBOX
from services.runtime.database import Database
from services.runtime.errors import TryLater
from tests.unit.notify.samples import AT


class Topic:
    """What was acknowledged, in order; it fails when told to, after it kept everything."""

    def __init__(self) -> None:
        self.kept: list[Output] = []
        self.failing = False

    async def send(self, outputs: Sequence[Output]) -> None:
        """As a Sink does."""
        self.kept += outputs
        if self.failing:
            raise TryLater("not every output was acknowledged")


class Turned:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        """The time it was turned to."""
        return self.now


def output(number: int) -> Output:
    """Any bytes in key, value and headers come back as they were."""
    return Output("audit.v1", bytes([0, 255, number]), b"value-%d" % number, [("salt", bytes(range(256)))])


async def put(database: Database, *numbers: int) -> None:
    """Into the outbox, one transaction."""
    async with database.begin() as connection:
        await outbox.put(connection, [output(number) for number in numbers])


async def left(database: Database) -> int:
    """How many outputs wait."""
    async with database.read() as connection:
        return sum(len(outputs) for _, outputs in await outbox.oldest(connection, 10_000))


async def test_what_is_in_the_outbox_is_published_in_order_and_then_gone(database: Database) -> None:
    """To the byte, headers too."""
    topic, clock = Topic(), Turned()
    await put(database, 1, 2)
    await put(database, 3)
    relay = Relay(database, topic.send, "a", clock)
    assert await relay.step() == 0.0
    assert topic.kept == [output(1), output(2), output(3)]
    assert await left(database) == 0
    assert await relay.step() > 0


async def test_what_was_not_acknowledged_is_published_again(database: Database) -> None:
    """At least once: the rows stay until the broker has said so."""
    topic = Topic()
    await put(database, 1, 2)
    relay = Relay(database, topic.send, "a", Turned())
    topic.failing = True
    with pytest.raises(TryLater):
        await relay.step()
    assert await left(database) == 2
    topic.failing = False
    await relay.step()
    assert topic.kept == [output(1), output(2)] * 2


async def test_of_two_instances_one_publishes_and_the_other_takes_over(database: Database) -> None:
    """No row is lost when the first one dies, and none is published by both while it lives."""
    topic, clock = Topic(), Turned()
    first, second = (Relay(database, topic.send, owner, clock) for owner in ("a", "b"))
    await put(database, 1)
    await first.step()
    await put(database, 2)
    assert await second.step() > 0
    assert topic.kept == [output(1)]
    clock.now += timedelta(seconds=11)
    assert await second.step() == 0.0
    assert topic.kept == [output(1), output(2)]
    await put(database, 3)
    assert await first.step() > 0


async def test_who_stops_publishes_what_is_left_and_leaves_the_task_at_once(database: Database) -> None:
    """Nobody has to wait for the end of its term, and the last one out leaves nothing behind."""
    topic, clock = Topic(), Turned()
    first, second = (Relay(database, topic.send, owner, clock) for owner in ("a", "b"))
    await put(database, 1, 2)
    await first.drain(5)
    assert await left(database) == 0
    await put(database, 3)
    await second.drain(5)
    assert await left(database) == 0
    topic.failing = True
    await put(database, 4)
    await second.drain(5)
    assert await left(database) == 1


async def test_two_that_both_think_they_lead_keep_the_order_of_first_sight(database: Database) -> None:
    """Clocks may be wrong: rows come twice then, and never before what they followed from."""
    topic, clock, ahead = Topic(), Turned(), Turned()
    ahead.now += timedelta(hours=1)
    await put(database, 1, 2)
    first, second = Relay(database, topic.send, "a", clock), Relay(database, topic.send, "b", ahead)
    topic.failing = True
    with pytest.raises(TryLater):
        await first.step()
    topic.failing = False
    await put(database, 3)
    await second.step()
    await first.step()
    assert list(dict.fromkeys(each.value for each in topic.kept)) == [output(n).value for n in (1, 2, 3)]


async def test_who_led_by_a_clock_far_ahead_and_is_gone_leads_no_longer(database: Database) -> None:
    """Its term would end in ten days, and nobody would hear of anything until then."""
    topic, clock, ahead = Topic(), Turned(), Turned()
    ahead.now += timedelta(days=10)
    await put(database, 1)
    await Relay(database, topic.send, "a", ahead).step()
    await put(database, 2)
    assert await Relay(database, topic.send, "b", clock).step() == 0.0
    assert topic.kept == [output(1), output(2)]


async def test_a_long_outbox_is_published_in_parts(database: Database) -> None:
    """Memory stays bounded after a day without a broker."""
    topic = Topic()
    many = [output(number % 256) for number in range(MOST * outbox.MOST + 1)]
    async with database.begin() as connection:
        await outbox.put(connection, many)
    relay = Relay(database, topic.send, "a", Turned())
    await relay.step()
    assert topic.kept == many[:-1]
    await relay.step()
    assert topic.kept == many


async def test_what_another_process_wrote_is_read_to_the_byte(database: Database) -> None:
    """Nobody remembers it here; a row holds all that one transaction tells."""
    told = [output(1), Output("outcomes.voorbeeld", None, "vermoeden: é".encode(), []), output(2)]
    async with database.begin() as connection:
        await outbox.put(connection, told)
        await outbox.put(connection, [output(3)])
    async with database.read() as connection:
        found = await outbox.oldest(connection, 10, Remembered(0))
    assert [[*outputs] for _, outputs in found] == [told, [output(3)]]


async def test_what_an_earlier_version_left_is_published_in_its_place(database: Database) -> None:
    """It had a row for each output."""
    topic = Topic()
    await put(database, 1)
    headers = orjson.dumps([("salt", bytes(range(256)).decode("latin-1"))])
    row = {"topic": "audit.v1", "key": bytes([0, 255, 2]), "value": b"value-2", "headers": headers}
    async with database.begin() as connection:
        await connection.execute(insert(OUTBOX), [row])
    await put(database, 3)
    await Relay(database, topic.send, "a", Turned()).step()
    assert topic.kept == [output(1), output(2), output(3)]
    assert await left(database) == 0


async def test_what_was_rolled_back_is_told_to_nobody(database: Database) -> None:
    """Though it is remembered: the next row has its number, and not its token."""
    topic = Topic()
    async with database.begin() as connection:
        await outbox.put(connection, [output(1)])
        await connection.rollback()
    await put(database, 2)
    await Relay(database, topic.send, "a", Turned()).step()
    assert topic.kept == [output(2)]


def test_no_more_is_remembered_than_so_many_outputs() -> None:
    """The last ones; what nobody remembers is read."""
    remembered = Remembered(3)
    packs = {bytes([number]): [output(number), output(number)] for number in range(3)}
    for token, pack in packs.items():
        remembered.keep(token, pack)
    assert [remembered.of(token) for token in packs] == [None, None, packs[bytes([2])]]

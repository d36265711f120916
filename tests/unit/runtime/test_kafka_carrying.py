"""A batch is carried whole; when that cannot be, only the records at fault are parked."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from aiokafka.errors import KafkaConnectionError
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Stage
from schemas.parked import Parked
from schemas.record import Captured, Output, Record
from schemas.topics import PARKED
from services.runtime.errors import TryLater, Unreadable
from services.runtime.kafka.carrying import Carried, carry
from services.runtime.kafka.sink import Sink, TooLarge
from services.runtime.parking import ParkingKey, parked
from services.runtime.settings import KafkaSettings

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
PUBLIC = b"\x09" + bytes(31)
LARGE = b"too large for any broker"


class Pocket(Sink):
    """A sink that keeps what it is given, and refuses what is LARGE as the real one does."""

    def __init__(self) -> None:
        super().__init__(KafkaSettings(), client_id="pocket")
        self.kept: list[Output] = []

    async def send(self, outputs: Sequence[Output]) -> None:
        """All or nothing."""
        for index, output in enumerate(outputs):
            if output.value == LARGE:
                raise TooLarge(index, len(LARGE))
        self.kept.extend(outputs)


def records(*values: bytes) -> list[Captured]:
    """One record for each value."""
    return [Captured(topic="in", value=value, offset=offset) for offset, value in enumerate(values)]


async def two_each(batch: Sequence[Record]) -> Sequence[Output]:
    """Two outputs a record; what is wrong with a record is its value.

    `bad` is unreadable, `bug` a fault of ours, `later` a dependency that is away, `large` makes what no broker takes,
    and `aside` the handler puts aside itself.
    """
    outputs: list[Output] = []
    for record in batch:
        value = record.value or b""
        if value == b"bad":
            raise Unreadable("not-json")
        if value == b"bug":
            raise ZeroDivisionError
        if value == b"later":
            raise TryLater("the database is away")
        if value == b"aside":
            outputs += [Output(PARKED.name, None, value), Output("facts", None, value)]
            continue
        outputs += [Output("out", None, LARGE if value == b"large" else value), Output("facts", None, value)]
    return outputs


def parking(record: Record, error: Exception) -> Sequence[Output]:
    """The offset and the class of the error."""
    return [Output("parked", None, f"{record.offset} {type(error).__name__}".encode())]


@given(values=st.lists(st.sampled_from([b"good", b"aside", b"bad", b"bug", b"large"]), max_size=12))
async def test_only_the_culprits_are_parked(values: list[bytes]) -> None:
    """Whatever mix of good, poisonous and oversized: each is written or parked, once, in the order they came."""
    sink = Pocket()
    expected = []
    for offset, value in enumerate(values):
        match value:
            case b"good":
                expected += [("out", b"good"), ("facts", b"good")]
            case b"aside":
                expected += [(PARKED.name, b"aside"), ("facts", b"aside")]
            case b"bad":
                expected += [("parked", f"{offset} Unreadable".encode())]
            case b"bug":
                expected += [("parked", f"{offset} ZeroDivisionError".encode())]
            case _:
                expected += [("parked", f"{offset} TooLarge".encode())]
    carried = await carry(records(*values), two_each, parking, sink)
    assert carried.parked == sum(value != b"good" for value in values)
    assert carried.failed == sum(value in {b"bug", b"large"} for value in values)
    assert [(output.topic, output.value) for output in sink.kept] == expected


async def test_a_batch_without_faults_is_handled_once() -> None:
    """The batch goes to the handler as a whole: one call."""
    calls: list[int] = []

    async def counting(batch: Sequence[Record]) -> Sequence[Output]:
        calls.append(len(batch))
        return await two_each(batch)

    assert await carry(records(b"a", b"b", b"c"), counting, parking, Pocket()) == Carried(0)
    assert calls == [3]


@pytest.mark.parametrize("error", [TryLater("away"), KafkaConnectionError(), OSError(), TimeoutError()])
async def test_what_is_away_parks_nobody(error: Exception) -> None:
    """A dependency that is away is not the record's fault: nothing is written and nothing parked."""
    sink = Pocket()

    async def away(_batch: Sequence[Record]) -> Sequence[Output]:
        raise error

    with pytest.raises(type(error)):
        await carry(records(b"a"), away, parking, sink)
    assert sink.kept == []


async def test_what_is_away_while_the_culprit_is_looked_for_parks_nobody() -> None:
    """A poison record and a dependency that is away in one batch: all of it waits."""
    sink = Pocket()
    with pytest.raises(TryLater):
        await carry(records(b"bad", b"later", b"good"), two_each, parking, sink)
    assert sink.kept == []


async def test_parking_that_is_too_large_itself_stops_the_batch() -> None:
    """Nothing can be written for this record, so nothing is, and the failure is raised."""

    def oversized(_record: Record, _error: Exception) -> Sequence[Output]:
        return [Output("parked", None, LARGE)]

    sink = Pocket()
    with pytest.raises(TooLarge):
        await carry(records(b"good", b"bad"), two_each, oversized, sink)
    assert sink.kept == []


async def test_a_parking_its_topic_refuses_is_made_anew_as_a_pointer() -> None:
    """Whether the handler put it aside or the hop: the reason stays, and the neighbours go on."""

    class Narrow(Pocket):
        """Of the topic of parked records a little less than the rest."""

        async def send(self, outputs: Sequence[Output]) -> None:
            """All or nothing."""
            for index, output in enumerate(outputs):
                if output.topic == PARKED.name and Parked.read(output.value).left_behind is None:
                    raise TooLarge(index, 3_000)
            self.kept.extend(outputs)

    def put_aside(record: Record, error: Exception) -> list[Output]:
        return parked(record, error, stage=Stage.ROUTER, corporation=None, at=AT, key=ParkingKey("k", PUBLIC))

    async def some(batch: Sequence[Record]) -> Sequence[Output]:
        outputs: list[Output] = []
        for record in batch:
            if record.value == b"bad":
                raise Unreadable("not-json")
            outputs += (
                put_aside(record, Unreadable("empty"))
                if record.value == b"aside"
                else [Output("out", None, record.value or b"")]
            )
        return outputs

    sink = Narrow()
    carried = await carry(records(b"1", b"aside", b"2", b"bad", b"3"), some, put_aside, sink)
    assert carried == Carried(parked=2, failed=0)
    assert [output.value for output in sink.kept if output.topic == "out"] == [b"1", b"2", b"3"]
    pointers = [Parked.read(output.value) for output in sink.kept if output.topic == PARKED.name]
    assert [(each.reason, each.left_behind) for each in pointers] == [("empty", 5), ("not-json", 3)]


async def test_parking_that_fails_stops_the_batch() -> None:
    """When a record can neither be carried nor parked, its neighbours wait with it."""

    def broken(_record: Record, _error: Exception) -> Sequence[Output]:
        raise LookupError("no parking key")

    sink = Pocket()
    with pytest.raises(LookupError):
        await carry(records(b"good", b"bad"), two_each, broken, sink)
    assert sink.kept == []

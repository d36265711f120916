"""A batch from records to acknowledged outputs; a record that cannot be carried is parked, its neighbours go on."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Final, NamedTuple

from aiokafka.errors import KafkaError

from schemas.message import Malformed
from schemas.record import Output, Record
from schemas.topics import PARKED
from services.runtime.errors import Stuck, TryLater, Unreadable
from services.runtime.kafka.positions import Partition
from services.runtime.kafka.sink import Sink, TooLarge
from services.runtime.parking import refused

Handler = Callable[[Sequence[Record]], Awaitable[Sequence[Output]]]
Park = Callable[[Record, Exception], Sequence[Output]]

LATER: Final = (TryLater, KafkaError, OSError)  # TimeoutError is an OSError
PARKING: Final = PARKED.name


class Carried(NamedTuple):
    """What became of a batch. Of the records that were parked, `failed` is how many only a fault of ours explains."""

    parked: int
    failed: int = 0


class OneWaits(TryLater):
    """One record of a batch waits, with what comes after it in its partition. All else, `done`, is handled and sent."""

    def __init__(self, why: Stuck, done: Sequence[Record], left: Sequence[Record], carried: Carried) -> None:
        super().__init__(
            f"{why}. Of {len(done) + len(left)} records only that of {_place(left[0])}, waits for it, "
            "and what comes after that in its partition"
        )
        self.done, self.left, self.carried = done, left, carried


@dataclass(slots=True)
class _Handled:
    """Records that were handled one at a time, each with its outputs; by their place, those that were parked."""

    done: list[Record] = field(default_factory=list)
    shares: list[Sequence[Output]] = field(default_factory=list)
    parked: dict[int, Exception] = field(default_factory=dict)
    left: list[Record] = field(default_factory=list)
    why: Stuck | None = None


async def carry(records: Sequence[Record], handle: Handler, park: Park, sink: Sink) -> Carried:
    """Returns how many records were parked, by `handle` itself or by `park`, once every output is acknowledged.

    Raises whatever makes the whole batch wait: nothing may be committed then. Anything else that `handle` raises, or an
    output that is too large, sends the records through one at a time, so that only the culprit is parked. So does
    `Stuck`: where it is of one record, that one waits (`OneWaits`), and holds up no partition but its own.
    """
    try:
        outputs = await handle(records)
        await sink.send(outputs)
    except Stuck as error:
        if len(records) == 1:
            raise _waiting(error, records[0]) from None
        return await _apart(records, handle, park, sink)
    except LATER:
        raise
    except Exception:  # noqa: BLE001  a bug or a poison record, and we do not know yet which record
        return await _apart(records, handle, park, sink)
    return Carried(_parkings(outputs))


async def _apart(records: Sequence[Record], handle: Handler, park: Park, sink: Sink) -> Carried:
    handled = await _one_by_one(records, handle, park)
    carried = await _sent(handled, park, sink)
    if handled.why is not None:
        raise OneWaits(handled.why, handled.done, handled.left, carried)
    return carried


async def _one_by_one(records: Sequence[Record], handle: Handler, park: Park) -> _Handled:
    """Nothing is handled before what stands before it in its partition. Two that are stuck are not to blame for it."""
    handled = _Handled()
    for record in records:
        if handled.left and _partition(handled.left[0]) == _partition(record):
            handled.left.append(record)
            continue
        try:
            share = await handle((record,))
        except Stuck as error:
            if handled.left:
                raise
            handled.left.append(record)
            handled.why = error
            continue
        except LATER:
            raise
        except Exception as error:  # noqa: BLE001  this one is the culprit, whatever it is
            share = park(record, error)
            handled.parked[len(handled.done)] = error
        handled.shares.append(share)
        handled.done.append(record)
    if handled.why is not None and not handled.done:
        raise _waiting(handled.why, handled.left[0])
    return handled


async def _sent(handled: _Handled, park: Park, sink: Sink) -> Carried:
    shares, parked = handled.shares, handled.parked
    left: set[int] = set()
    while True:
        outputs = list(chain.from_iterable(shares))
        try:
            await sink.send(outputs)
        except TooLarge as error:
            place, output = _owner(shares, error.index), outputs[error.index]
            aside = output.topic == PARKING  # its parking itself is too large: then it is left where it stands
            if place in left or (place in parked and not aside):
                raise  # a person must see that this partition stands still
            why = refused(output) if aside else error
            if aside:
                left.add(place)
            shares[place] = park(handled.done[place], why)
            parked.setdefault(place, why)
        else:
            others = (share for place, share in enumerate(shares) if place not in parked)
            return Carried(len(parked) + sum(map(_parkings, others)), sum(map(_ours, parked.values())))


def _waiting(why: Stuck, record: Record) -> Stuck:
    """With nothing beside it that went through, nobody knows whose fault it is."""
    return Stuck(f"{why}. First of all waits the record of {_place(record)}")


def _place(record: Record) -> str:
    return f"{record.topic}, partition {record.partition}, offset {record.offset}"


def _partition(record: Record) -> Partition:
    return record.topic, record.partition


def _parkings(outputs: Sequence[Output]) -> int:
    """How many records these put aside: each leaves one output on the topic of parked records."""
    return sum(output.topic == PARKING for output in outputs)


def _ours(error: Exception) -> bool:
    """Whether the record was readable, so that the fault is ours."""
    return isinstance(error, TooLarge) or not isinstance(error, Unreadable | Malformed)


def _owner(shares: Sequence[Sequence[Output]], index: int) -> int:
    """Which record made the output at `index` of all shares together."""
    return bisect_right(list(accumulate(len(share) for share in shares)), index)

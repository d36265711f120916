"""A batch from records to acknowledged outputs; a record that cannot be carried is parked, its neighbours go on.

One that holds up its partition, as the database gives up on it, is parked once a person has set it aside.
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import Final, NamedTuple

from aiokafka.errors import KafkaError

from schemas.command import Command
from schemas.message import Malformed
from schemas.record import Output, Record
from schemas.topics import PARKED
from services.runtime.errors import SeinpaalError, Stuck, TryLater, Unreadable, told
from services.runtime.kafka.positions import Partition
from services.runtime.kafka.sink import Sink, TooLarge
from services.runtime.parking import SetAside, refused

Handler = Callable[[Sequence[Record]], Awaitable[Sequence[Output]]]
Park = Callable[[Record, Exception], Sequence[Output]]
Asked = Callable[[Record], Awaitable[Command | None]]
"""By which command a person set that record aside; None when nobody did."""

LATER: Final = (TryLater, KafkaError, OSError)  # TimeoutError is an OSError
PARKING: Final = PARKED.name


class Carried(NamedTuple):
    """What became of a batch. Of the records that were parked, `failed` is how many only a fault of ours explains."""

    parked: int
    failed: int = 0


class PartWaits(TryLater):
    """Part of a batch waits, beginning with a record that is stuck. All else, `done`, is handled and sent."""

    def __init__(self, text: str, done: Sequence[Record], left: Sequence[Record], carried: Carried) -> None:
        super().__init__(text)
        self.done, self.left, self.carried = done, left, carried


@dataclass(slots=True)
class _Handled:
    """Records that were handled one at a time, each with its outputs; by their place, those that were parked.

    `why` the first of those that are `left` waits; `several`: another one is stuck too, and what comes after it waits.
    """

    done: list[Record] = field(default_factory=list)
    shares: list[Sequence[Output]] = field(default_factory=list)
    parked: dict[int, Exception] = field(default_factory=dict)
    left: list[Record] = field(default_factory=list)
    why: Stuck | None = None
    several: bool = False

    def add(self, record: Record, share: Sequence[Output], error: Exception | None = None) -> None:
        """It led to that; with an error to its parking."""
        if error is not None:
            self.parked[len(self.done)] = error
        self.shares.append(share)
        self.done.append(record)


async def carry(
    records: Sequence[Record], handle: Handler, park: Park, sink: Sink, asked: Asked | None = None
) -> Carried:
    """Returns how many records were parked, by `handle` itself or by `park`, once every output is acknowledged.

    Raises whatever makes the whole batch wait: nothing may be committed then. Anything else that `handle` raises, or an
    output that is too large, sends the records through one at a time, so that only the culprit is parked. So does
    `Stuck`: where it is of one record, that one waits (`PartWaits`), and holds up no partition but its own, until it
    goes through or a person has set it aside. Without `asked` nobody can.
    """
    try:
        outputs = await handle(records)
        await sink.send(outputs)
    except Stuck as error:
        if len(records) == 1:
            return await _sent(await _alone(records[0], error, park, asked), park, sink)
        return await _apart(records, handle, park, sink, asked)
    except LATER:
        raise
    except Exception:  # noqa: BLE001  a bug or a poison record, and we do not know yet which record
        return await _apart(records, handle, park, sink, asked)
    return Carried(_parkings(outputs))


async def _apart(records: Sequence[Record], handle: Handler, park: Park, sink: Sink, asked: Asked | None) -> Carried:
    handled = await _one_by_one(records, handle, park, asked)
    carried = await _sent(handled, park, sink)
    if handled.why is not None:
        raise PartWaits(_part_waits(handled, handled.why, asked), handled.done, handled.left, carried)
    return carried


async def _one_by_one(records: Sequence[Record], handle: Handler, park: Park, asked: Asked | None) -> _Handled:
    """Nothing is handled before what stands before it in its partition. Of two that are stuck neither is to blame."""
    handled = _Handled()
    for place, record in enumerate(records):
        if handled.left and _partition(handled.left[0]) == _partition(record):
            handled.left.append(record)
            continue
        try:
            handled.add(record, await handle((record,)))
        except Stuck as error:
            decided = await _decided(record, error, asked)
            if isinstance(decided, SetAside):
                handled.add(record, park(record, decided), decided)
            elif handled.left:
                handled.left += records[place:]
                handled.several = True
                break
            else:
                handled.left.append(record)
                handled.why = decided
        except LATER:
            raise
        except Exception as error:  # noqa: BLE001  this one is the culprit, whatever it is
            handled.add(record, park(record, error), error)
    if handled.why is not None and not handled.done:
        raise _waiting(handled.why, handled.left[0], asked)
    return handled


async def _alone(record: Record, error: Stuck, park: Park, asked: Asked | None) -> _Handled:
    """A batch of one record, on which the database gave up: parked if a person said so."""
    decided = await _decided(record, error, asked)
    if isinstance(decided, Stuck):
        raise _waiting(decided, record, asked) from None
    handled = _Handled()
    handled.add(record, park(record, decided), decided)
    return handled


async def _decided(record: Record, error: Stuck, asked: Asked | None) -> SetAside | Stuck:
    """What a person decided, or why it goes on waiting. Where that cannot be read, only this record waits for it."""
    if asked is None:
        return error
    try:
        command = await asked(record)
    except (SeinpaalError, *LATER) as unread:
        return Stuck(f"{error}. Whether a person set it aside cannot be read: {told(unread)}")
    return error if command is None else SetAside(command, str(error))


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
            why = refused(output, parked.get(place)) if aside else error
            if aside:
                left.add(place)
            shares[place] = park(handled.done[place], why)
            parked.setdefault(place, why)
        else:
            others = (share for place, share in enumerate(shares) if place not in parked)
            return Carried(len(parked) + sum(map(_parkings, others)), sum(map(_ours, parked.values())))


def _waiting(why: Stuck, record: Record, asked: Asked | None) -> Stuck:
    """With nothing beside it that went through, or another one that is stuck, nobody knows whose fault it is."""
    return Stuck(f"{why}. First of all waits the record of {_place(record)}{_way_out(record, asked)}")


def _part_waits(handled: _Handled, why: Stuck, asked: Asked | None) -> str:
    first, number = handled.left[0], len(handled.done) + len(handled.left)
    if handled.several:
        return str(_waiting(why, first, asked))
    only = f"Of {number} records only that of {_place(first)}, waits for it, and what comes after that in its partition"
    return f"{why}. {only}{_way_out(first, asked)}"


def _way_out(record: Record, asked: Asked | None) -> str:
    """What a person can do who cannot wait for the database."""
    if asked is None:
        return ""
    typed = f"seinpaal parked set-aside {record.topic} {record.partition} {record.offset}"
    return f". What waits behind it goes on without it after: {typed}"


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

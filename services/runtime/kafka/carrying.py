"""A batch from records to acknowledged outputs; a record that cannot be carried is parked, its neighbours go on."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from itertools import accumulate, chain
from typing import Final, NamedTuple

from aiokafka.errors import KafkaError

from schemas.message import Malformed
from schemas.record import Output, Record
from schemas.topics import PARKED
from services.runtime.errors import TryLater, Unreadable
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


async def carry(records: Sequence[Record], handle: Handler, park: Park, sink: Sink) -> Carried:
    """Returns how many records were parked, by `handle` itself or by `park`, once every output is acknowledged.

    Raises whatever makes the whole batch wait: nothing may be committed then. Anything else that `handle` raises, or an
    output that is too large, sends the records through one at a time, so that only the culprit is parked.
    """
    try:
        outputs = await handle(records)
        await sink.send(outputs)
    except LATER:
        raise
    except Exception:  # noqa: BLE001  a bug or a poison record, and we do not know yet which record
        return await _carry_one_by_one(records, handle, park, sink)
    return Carried(_parkings(outputs))


async def _carry_one_by_one(records: Sequence[Record], handle: Handler, park: Park, sink: Sink) -> Carried:
    shares: list[Sequence[Output]] = []
    parked: dict[int, Exception] = {}
    left: set[int] = set()
    for place, record in enumerate(records):
        try:
            shares.append(await handle((record,)))
        except LATER:
            raise
        except Exception as error:  # noqa: BLE001  this one is the culprit, whatever it is
            shares.append(park(record, error))
            parked[place] = error
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
            shares[place] = park(records[place], why)
            parked.setdefault(place, why)
        else:
            others = (share for place, share in enumerate(shares) if place not in parked)
            return Carried(len(parked) + sum(map(_parkings, others)), sum(map(_ours, parked.values())))


def _parkings(outputs: Sequence[Output]) -> int:
    """How many records these put aside: each leaves one output on the topic of parked records."""
    return sum(output.topic == PARKING for output in outputs)


def _ours(error: Exception) -> bool:
    """Whether the record was readable, so that the fault is ours."""
    return isinstance(error, TooLarge) or not isinstance(error, Unreadable | Malformed)


def _owner(shares: Sequence[Sequence[Output]], index: int) -> int:
    """Which record made the output at `index` of all shares together."""
    return bisect_right(list(accumulate(len(share) for share in shares)), index)

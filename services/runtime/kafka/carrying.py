"""A batch from records to acknowledged outputs; a record that cannot be carried is parked, its neighbours go on."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from itertools import accumulate, chain
from typing import Final

from aiokafka.errors import KafkaError

from schemas.record import Output, Record
from services.runtime.errors import TryLater
from services.runtime.kafka.sink import Sink, TooLarge

Handler = Callable[[Sequence[Record]], Awaitable[Sequence[Output]]]
Park = Callable[[Record, Exception], Sequence[Output]]

LATER: Final = (TryLater, KafkaError, OSError)  # TimeoutError is an OSError


async def carry(records: Sequence[Record], handle: Handler, park: Park, sink: Sink) -> int:
    """Returns how many records were parked, once every output is acknowledged.

    Raises whatever makes the whole batch wait: nothing may be committed then. Anything else that `handle` raises, or an
    output that is too large, sends the records through one at a time, so that only the culprit is parked.
    """
    try:
        await sink.send(await handle(records))
    except LATER:
        raise
    except Exception:  # noqa: BLE001  a bug or a poison record, and we do not know yet which record
        return await _carry_one_by_one(records, handle, park, sink)
    return 0


async def _carry_one_by_one(records: Sequence[Record], handle: Handler, park: Park, sink: Sink) -> int:
    shares: list[Sequence[Output]] = []
    parked: set[int] = set()
    for place, record in enumerate(records):
        try:
            shares.append(await handle((record,)))
        except LATER:
            raise
        except Exception as error:  # noqa: BLE001  this one is the culprit, whatever it is
            shares.append(park(record, error))
            parked.add(place)
    while True:
        try:
            await sink.send(list(chain.from_iterable(shares)))
        except TooLarge as error:
            place = _owner(shares, error.index)
            if place in parked:
                raise  # its parking itself is too large: a person must see that this partition stands still
            shares[place] = park(records[place], error)
            parked.add(place)
        else:
            return len(parked)


def _owner(shares: Sequence[Sequence[Output]], index: int) -> int:
    """Which record made the output at `index` of all shares together."""
    return bisect_right(list(accumulate(len(share) for share in shares)), index)

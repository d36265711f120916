"""Takes in what arrived on `audit.v1`: the readable into the log, the unreadable to the parking."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from schemas.codes import Stage
from schemas.record import Output, Record
from services.audit.append import Arrival, read
from services.audit.store import AuditStore, Hole
from services.runtime.clock import Clock, now
from services.runtime.database_errors import StatementFailed
from services.runtime.errors import TryLater, Unreadable
from services.runtime.parking import ParkingKey, parked

Empty = Callable[[int, int], Awaitable[bool]]
"""Whether the topic never held a record from one offset to before another."""


async def _unknown(_start: int, _before: int) -> bool:
    return False


NOT_ASKED: Final[Empty] = _unknown


class Handler:
    """Called with batches of the one partition, in order; called again with the same ones, it changes nothing."""

    def __init__(self, store: AuditStore, key: ParkingKey, clock: Clock = now, empty: Empty = NOT_ASKED) -> None:
        """`key` is the public half of the house's parking key: what is sealed here cannot be opened here."""
        self._empty = empty
        self._store = store
        self._key = key
        self._clock = clock
        self.appended = 0

    async def __call__(self, records: Sequence[Record]) -> Sequence[Output]:
        """Store the batch in one transaction; return what is to be written about the records that were no entries.

        Raises:
            TryLater: nothing was stored.
        """
        arrivals: list[Arrival] = []
        outputs: list[Output] = []
        for record in records:
            try:
                arrivals.append(read(record))
            except Unreadable as error:
                outputs += self.park(record, error)
        try:
            self.appended += await self._append(records, arrivals)
        except StatementFailed as error:
            # Passing over a readable entry would make a log that the topic does not make: stand still, and be seen to.
            raise TryLater(f"audit: {error}") from None
        return outputs

    async def _append(self, records: Sequence[Record], arrivals: Sequence[Arrival]) -> int:
        """Transactions take offsets without a record: they are no hole, and would be waited for for ever."""
        place, following = (records[0].topic, records[0].partition), records[-1].offset + 1
        try:
            return await self._store.append(place, records[0].offset, following, arrivals)
        except Hole as hole:
            if not await self._empty(hole.start, records[0].offset):
                raise
            return await self._store.append(place, hole.start, following, arrivals)

    def park(self, record: Record, error: Exception) -> Sequence[Output]:
        """The record, sealed, and the fact that it was put aside. One that is too large is pointed at."""
        return parked(record, error, stage=Stage.AUDIT, corporation=None, at=self._clock(), key=self._key)

"""CAUGHT UP: up to when everything that was written to a topic was read, by all instances of a group together."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.runtime.kafka import Offsets

Places = Mapping[tuple[str, int], Offsets]
"""A topic's partitions, as a group sees them."""

EVERY: Final = timedelta(minutes=1)
"""Between two looks: each asks the broker."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the partitions of a topic ended at a moment."""

    at: datetime
    of: Mapping[tuple[str, int], int]

    @classmethod
    def seen(cls, places: Places, at: datetime) -> "Ends":
        """As they are now."""
        return cls(at, {where: each.end for where, each in places.items()})

    def reached(self, places: Places) -> bool:
        """Whether the group has read so far. A partition that was made anew ends earlier: then its own end counts."""
        return all(each.lag <= max(0, each.end - self.of.get(where, 0)) for where, each in places.items())


class CaughtUp:
    """Of one group. What is written meanwhile does not count, so who reads a busy topic gets there too."""

    def __init__(self, places: Callable[[], Awaitable[Places]]) -> None:
        self._places = places
        self._ends: Ends | None = None
        self._looked: datetime | None = None
        self._read: datetime | None = None

    async def until(self, now: datetime) -> datetime | None:
        """Up to when everything was read, as far as was seen; None before that was seen of any moment.

        Raises:
            TryLater: when the broker does not answer.
        """
        if self._looked is not None and self._looked <= now < self._looked + EVERY:
            return self._read
        places = await self._places()
        self._looked = now
        if self._ends is not None and self._ends.reached(places):
            self._read, self._ends = self._ends.at, None
        if self._ends is None:
            self._ends = Ends.seen(places, now)
            if self._ends.reached(places):
                self._read = now
        return self._read

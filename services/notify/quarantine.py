"""QUARANTINE: when a worker sends a suspect, and that it begins nothing else meanwhile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import instance_runs, suspects
from services.notify.claims import Lease, Queue
from services.notify.conclusion import Conclusion
from services.notify.gate import Gate
from services.notify.line import Line
from services.notify.tables import DELIVERY
from services.notify.turns import Turn

EVERY: Final = timedelta(seconds=1)
"""Between two looks for a suspect: nearly always there is none."""

ENDS: Final = timedelta(seconds=2)
"""For what is under way to end before a suspect goes. What takes longer waits for its partner, and has survived."""

ALONE: Final = (ENDS, ENDS, timedelta(seconds=10), timedelta(minutes=1))
"""How long nothing else is begun, by how often it was lost since it became a suspect; less when it ends sooner.

What kills its sender does so at once, nearly always. A partner that hangs holds up no other partner for longer.
"""

SHARE: Final = 4
"""So many times as long as a suspect was alone, everything else goes before the next one."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What was begun by itself, since when, and until when nothing else is begun."""

    referral: UUID
    since: datetime
    until: datetime


class Quarantine:
    """Of one worker. What it decides holds once `settled` says that it was committed."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._alone: Alone | None = None
        self._then: Alone | None = None
        self._sure = True
        self._next: tuple[Queue, Line] | None = None
        self._waits_since: datetime | None = None
        self._rests: tuple[datetime, datetime] | None = None

    async def look(self, connection: AsyncConnection, partners: Collection[str], now: datetime) -> None:
        """Which suspect of these partners is next, once it is time for one."""
        if self._alone is not None or (self._rests and self._rests[0] <= now < self._rests[1]):
            self._next = None
            return
        self._next = await suspects.due(connection, partners, now)
        if self._next is None:
            self._rests, self._waits_since = (now, now + EVERY), None

    def holds(self, ended: Sequence[Conclusion], under_way: int, now: datetime) -> timedelta:
        """For how long nothing may be begun now: one is alone, or what is under way ends before one goes."""
        if (alone := self._alone) is not None:
            over = any(each.line.referral == alone.referral for each in ended)
            return timedelta() if over or now < alone.since else max(timedelta(), alone.until - now)
        if self._next is None or not under_way:
            return timedelta()
        self._waits_since = min(self._waits_since or now, now)
        return max(timedelta(), self._waits_since + ENDS - now)

    @property
    def calls(self) -> bool:
        """Whether there is something to write once nothing is held."""
        return self._alone is not None or self._next is not None or not self._sure

    async def claim(
        self, connection: AsyncConnection, gate: Gate, due: Collection[Queue], free: Mapping[str, int], lease: Lease
    ) -> list[Turn]:
        """A suspect by itself, or else all that is due. Nothing is begun beside a suspect while the ledger says so."""
        self._then = None
        if self._alone is not None or not self._sure:
            await instance_runs.alone(connection, self._owner, None)
        self._sure = False
        if self._next is None:
            return await gate.claim(connection, due, free, lease)
        queue, line = self._next
        if line.in_flight:
            await suspects.put_off(connection, DELIVERY.c.due_at <= lease.now, lease.now)
            return await gate.claim(connection, due, free, lease)
        claimed = await gate.claim(connection, [queue], {queue[0]: 1}, lease, suspect=line.referral)
        if claimed:
            await instance_runs.alone(connection, self._owner, line.referral)
            long = ALONE[min(max(line.lost - 2, 0), len(ALONE) - 1)]
            self._then = Alone(line.referral, lease.now, min(claimed[0][1], lease.now + ENDS) + long)
        return claimed

    def settled(self, now: datetime) -> None:
        """What was claimed is committed."""
        if self._alone is not None and self._then is None:
            self._rests = now, now + max(EVERY, SHARE * (now - self._alone.since))
        self._alone, self._next, self._waits_since, self._sure = self._then, None, None, True

"""RELAY: publishes the outbox in order; a row goes only when every replica in sync has it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.record import Output
from services.notify import outbox
from services.notify.tables import LEASE
from services.runtime.clock import Clock
from services.runtime.database import Database, insert_ignore
from services.runtime.errors import TryLater

MOST: Final = 20
"""Rows published at once: each holds what one transaction tells, up to some hundreds of outputs."""

GATHER: Final = 0.05
"""Seconds between two looks when there is something each time: one question and one commit for more of it."""

POLL: Final = 1.0
"""Seconds at most between two looks: another instance may have put something in."""

TERM: Final = timedelta(seconds=10)
AHEAD: Final = timedelta(hours=1)
"""Whose term ends later than that took it by a clock that was wrong, and may be gone."""

_TASK: Final = "relay"
_OURS: Final = update(LEASE).where(LEASE.c.task == _TASK, LEASE.c.owner == bindparam("ours"))


class Relay:
    """One of any number of relays on one outbox; one of them publishes, and another takes over when it is gone.

    Two at once, as clocks may be wrong, publish some rows twice, never out of order: each begins with the oldest that
    is left, so the first time a row is seen stays behind the first time of what it followed from.
    """

    def __init__(
        self, database: Database, send: Callable[[Sequence[Output]], Awaitable[None]], owner: str, clock: Clock
    ) -> None:
        """`send` returns when everything is acknowledged. `owner` is this process's lasting name."""
        self._database = database
        self._send = send
        self._owner = owner
        self._clock = clock
        self._until = clock()

    async def step(self) -> float:
        """Publish what there is; returns when to look again, in seconds."""
        async with self._database.read() as connection:
            rows = await outbox.oldest(connection, MOST)
        if not rows:
            return POLL
        if not await self._leads():
            return POLL
        await self._send([output for _, outputs in rows for output in outputs])
        async with self._database.begin() as connection:
            await outbox.published(connection, [number for number, _ in rows])
        if len(rows) < MOST:
            await asyncio.sleep(GATHER)
        return 0.0

    async def drain(self, seconds: float) -> None:
        """Before the end: publish what is left, a while, and leave the task to others. The rest comes later."""
        with suppress(TimeoutError, TryLater):
            async with asyncio.timeout(seconds):
                while await self.step() == 0.0:
                    pass
                now = self._clock()
                async with self._database.begin() as connection:
                    await connection.execute(_OURS.values(until=now), {"ours": self._owner})
                self._until = now

    async def _leads(self) -> bool:
        """Whether the task is ours, renewed when half of the term has passed."""
        now = self._clock()
        if now < self._until - TERM / 2 and self._until <= now + TERM:
            return True
        async with self._database.begin() as connection:
            ours = await _take(connection, self._owner, now, now + TERM)
        self._until = now + TERM if ours else now
        return ours


async def _take(connection: AsyncConnection, owner: str, now: datetime, until: datetime) -> bool:
    first = {"task": _TASK, "owner": owner, "until": until}
    await connection.execute(insert_ignore(LEASE), [first])
    free = or_(LEASE.c.owner == owner, LEASE.c.until <= now, LEASE.c.until > now + TERM + AHEAD)
    taken = update(LEASE).where(LEASE.c.task == _TASK, free).values(owner=owner, until=until)
    return (await connection.execute(taken)).rowcount == 1

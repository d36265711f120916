"""DESK CLOCK: a question nobody answers goes to the next person; a call nobody makes is said to be late, once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from services.notify import calls, held, outbox, store
from services.notify.calling import urgency_of
from services.notify.directory import Directory
from services.notify.facts import fact
from services.notify.late import escalate
from services.notify.roster import Waiting, escalated
from services.runtime.clock import Clock
from services.runtime.database import Database

POLL: Final = 5.0
"""Seconds at most between two looks."""

MOST: Final = 100
"""Questions, and calls, in one transaction."""


class DeskClock:
    """Any number of them may look at one ledger: what one has in hand, another passes over."""

    def __init__(self, database: Database, directory: Directory, clock: Clock, committed: Callable[[], None]) -> None:
        """`committed` is called after every commit: there is something to publish."""
        self._database = database
        self._directory = directory
        self._clock = clock
        self._committed = committed

    async def step(self) -> float:
        """Put what is due before people; returns when to look again, in seconds."""
        now = self._clock()
        async with self._database.read() as connection:
            times = [at for at in (await held.next_at(connection), await calls.next_due(connection)) if at is not None]
        if not times:
            return POLL
        if min(times) > now:
            return min(POLL, (min(times) - now).total_seconds())
        async with self._database.begin() as connection:
            lines = await held.late(connection, now, MOST)
            await escalate(connection, lines, now, self._directory)
            told = await self._calls(connection, now)
        self._committed()
        return 0.0 if lines or told else POLL

    async def _calls(self, connection: AsyncConnection, now: datetime) -> int:
        late = await calls.late(connection, now, MOST)
        lines = await store.named(connection, {each.referral for each in late})
        for each in late:
            line = lines[each.referral]
            urgency = urgency_of(line)
            asked = self._directory.asked(line.corporation, urgency)
            person = escalated(Waiting(each.assigned_to), asked, urgency, now).whose(asked)
            await calls.told_late(connection, each.id, person)
            more: dict[str, Any] = {"reason": each.why, "due_at": each.due_at, "assigned_to": person}
            await outbox.put(connection, [fact(line, Fact.CALL_OVERDUE, now, cause=each.id, **more)])
        return len(late)

"""REMINDER: says once that a partner has not seen, accepted or finished a referral in time, and has somebody call."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import Fact
from schemas.record import Output
from services.notify import outbox, presence, progress_store, store
from services.notify.call_opening import open_calls
from services.notify.calling import Needed
from services.notify.facts import fact
from services.notify.footing import POLL, Footing, rest
from services.notify.line import Line
from services.notify.milestones import CALL_WITHIN, WHY, Missed, call_by, look
from services.notify.thread import Thread

MOST: Final = 500
"""Threads in one transaction. Milestones are hours: fewer than that wait for others, to be looked at with them."""

HEAL: Final = timedelta(minutes=1)
"""How often it is looked for what a wrong clock left: until it was right again, nothing of that would be late."""


class Reminder:
    """Looks after milestones. Any number of them may look at one ledger: each is said once."""

    def __init__(self, footing: Footing, late: Footing | None = None) -> None:
        """`late` has the time by which something is late, where that is not the one that the ledger is written by."""
        self._footing = footing
        self._late = late or footing
        self._healed = footing.clock() - HEAL * 2

    async def begin(self) -> None:
        """Before the first step: the times that partners are given may have changed."""
        async with self._footing.database.begin() as connection:
            await progress_store.look_again(connection, self._footing.clock())

    async def step(self) -> float:
        """Look at what is due; returns when to look again, in seconds."""
        now = self._footing.clock()
        if abs(now - self._healed) > HEAL:
            async with self._footing.database.begin() as connection:
                await progress_store.heal(connection, now)
            self._healed = now
        now = self._late.clock()
        async with self._footing.database.read() as connection:
            others = await self._others(connection)
            at = await progress_store.earliest(connection, others)
        wait = rest(at, now)
        if wait:
            return wait
        async with self._footing.database.begin() as connection:
            found = await progress_store.to_look_at(connection, now, MOST, others)
            await self._look(connection, await _due(connection, found, now), now)
        self._footing.committed()
        return POLL if len(found) < MOST else 0.0

    async def _others(self, connection: AsyncConnection) -> set[str]:
        """Whom only another instance knows: how much time they are given, that one alone can say."""
        ours = self._footing.directory.partners
        return await presence.known(connection, ours, self._footing.clock()) - ours.keys()

    async def _look(self, connection: AsyncConnection, due: Sequence[tuple[Line, Thread]], now: datetime) -> None:
        after: list[Thread] = []
        late: list[Output] = []
        calls: list[Needed] = []
        for line, thread in due:
            looked = look(thread, self._footing.directory.answers(thread.partner), now)
            after.append(looked.thread)
            late += [_late(line, thread, missed, now) for missed in looked.missed]
            by = call_by(line.rank, CALL_WITHIN, now)
            if by is not None:
                calls += [Needed(line, WHY[missed.milestone], by) for missed in looked.missed[-1:]]
        await progress_store.change(connection, after)
        await outbox.put(connection, late)
        await open_calls(connection, calls, now)


async def _due(connection: AsyncConnection, found: Mapping[UUID, UUID], now: datetime) -> list[tuple[Line, Thread]]:
    """Locked, the line first, as a conclusion does; looked at again once they are ours."""
    lines = await store.standing(connection, list(found.values()))
    locked = await progress_store.locked(connection, list(found))
    return [
        (lines[thread.referral], thread)
        for thread in locked
        if thread.referral in lines and not thread.standing.closed and thread.look_at and thread.look_at <= now
    ]


def _late(line: Line, thread: Thread, missed: Missed, now: datetime) -> Output:
    cause = ids.derived(thread.referral, "late", missed.milestone, thread.since.isoformat())
    return fact(
        line,
        Fact.PROGRESS_OVERDUE,
        now,
        cause=cause,
        progress=thread.standing.status,
        reason=WHY[missed.milestone],
        due_at=missed.due_at,
    )

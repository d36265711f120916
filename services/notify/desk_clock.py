"""DESK CLOCK: a question nobody answers goes to the next person; a call nobody makes is said to be late, once."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from services.notify import calls, held, outbox, store
from services.notify.calling import urgency_of
from services.notify.escalation import Waiting, escalated
from services.notify.facts import fact
from services.notify.footing import POLL, Footing, rest
from services.notify.overdue import escalate

MOST: Final = 100
"""Questions, and calls, in one transaction."""


class DeskClock:
    """Any number of them may look at one ledger: what one has in hand, another passes over."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing

    async def step(self) -> float:
        """Put what is due before people; returns when to look again, in seconds."""
        now = self._footing.clock()
        async with self._footing.database.read() as connection:
            times = [await held.next_at(connection), await calls.next_due(connection)]
        wait = min(rest(at, now) for at in times)
        if wait:
            return wait
        async with self._footing.database.begin() as connection:
            lines = await held.late(connection, now, MOST)
            await escalate(connection, lines, now, self._footing.directory)
            told = await self._calls(connection, now)
        self._footing.committed()
        return 0.0 if lines or told else POLL

    async def _calls(self, connection: AsyncConnection, now: datetime) -> int:
        late = await calls.late(connection, now, MOST)
        lines = await store.named(connection, {each.referral for each in late})
        for each in late:
            line = lines[each.referral]
            urgency = urgency_of(line)
            asked = self._footing.directory.asked(line.corporation, urgency)
            person = escalated(Waiting(each.assigned_to), asked, urgency, now).whose(asked)
            await calls.told_late(connection, each.id, person)
            more: dict[str, Any] = {"reason": each.why, "due_at": each.due_at, "assigned_to": person}
            await outbox.put(connection, [fact(line, Fact.CALL_OVERDUE, now, cause=each.id, **more)])
        return len(late)

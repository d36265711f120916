"""The facts that events were decided on, in SQL: emptied when their time is over. What was decided on them stays.

The row of an event is never removed: by it a redelivery is recognised, and a correction reaches whoever was told. Both
go by what was decided, and never by these facts.
"""

from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.router.tables import EVENT


async def forget(connection: AsyncConnection, before: datetime, most: int) -> int:
    """The facts of at most so many events that were decided before that moment, the oldest first; how many went.

    Also where the signal goes on: a source that stamps its records anew would have all of them kept for ever. First
    goes the beginning, by which a replay sees that it cannot decide that signal again.
    """
    old = select(EVENT.c.signal, EVENT.c.event).where(EVENT.c.household.is_not(None), EVENT.c.decided_at < before)
    oldest = old.order_by(EVENT.c.decided_at, EVENT.c.revision).limit(most)
    # What another instance is forgetting at this moment is left to it: neither waits, and never in a circle.
    found = (await connection.execute(oldest.with_for_update(of=EVENT, skip_locked=True))).all()
    if found:
        keys = [(signal, event) for signal, event in found]
        emptied = update(EVENT).where(tuple_(EVENT.c.signal, EVENT.c.event).in_(keys))
        await connection.execute(emptied.values(facts="", household=None))
    return len(found)

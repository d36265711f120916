"""The facts that events were decided on, in SQL: emptied when their time is over. What was decided on them stays.

The row of an event is never removed: by it a redelivery is recognised, and a correction reaches whoever was told.
"""

from datetime import datetime

from sqlalchemy import exists, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.router.tables import EVENT

_LATER = EVENT.alias("later")


async def forget(connection: AsyncConnection, before: datetime, most: int) -> int:
    """Of signals of which nothing was decided since that moment, the facts of at most so many events; how many went."""
    since = exists().where(_LATER.c.signal == EVENT.c.signal, _LATER.c.decided_at >= before)
    old = select(EVENT.c.signal, EVENT.c.event).where(
        EVENT.c.household.is_not(None), EVENT.c.decided_at < before, ~since
    )
    # What another instance is forgetting at this moment is left to it: neither waits, and never in a circle.
    found = (await connection.execute(old.limit(most).with_for_update(of=EVENT, skip_locked=True))).all()
    if found:
        keys = [(signal, event) for signal, event in found]
        emptied = update(EVENT).where(tuple_(EVENT.c.signal, EVENT.c.event).in_(keys))
        await connection.execute(emptied.values(facts="", household=None))
    return len(found)

"""ORPHANED: what waits and is sent by nobody any more is parked; what its partner said no to comes back instead."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import moves, outbox, store
from services.notify.conclusion import Conclusion, conclude
from services.notify.footing import Footing
from services.notify.line import Line
from services.notify.rerouting import came_back
from services.notify.retry import Park


async def put_aside(
    connection: AsyncConnection, footing: Footing, lines: Sequence[Line], at: datetime, *, reason: str
) -> list[Line]:
    """Park these, locked by the caller; what may have been sent keeps its mark. Returns those that are to come back.

    The partner said no to them while they were sent, by a sender that is gone: parked, its no would be forgotten.
    """
    back = [line for line in lines if line.in_flight and came_back(line)]
    stay = [line for line in lines if line not in back]
    moved = [moves.parked(line.abandoned, at, footing.directory.tells, reason=reason) for line in stay]
    await store.change(connection, (each.line for each in moved))
    await outbox.put(connection, [output for each in moved for output in each.outputs])
    return back


async def come_back(footing: Footing, lines: Sequence[Line], at: datetime) -> None:
    """Each is before a person. In a transaction of its own, as cases are locked before anything else everywhere."""
    if not lines:
        return
    ended = [Conclusion(line, Park(str(line.reason)), at, uncertain=True) for line in lines]
    async with footing.database.begin() as connection:
        await conclude(connection, ended, footing.directory)

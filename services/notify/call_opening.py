"""CALL OPENING: a call is opened inside the transaction of what made it necessary, and opens once.

One that somebody made before we knew of it is closed in the same transaction, so that nobody ever sees it open.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.call import CallReason
from services.notify import outbox
from services.notify.call_closing import close_early
from services.notify.call_tables import CALL
from services.notify.calling import Needed
from services.notify.facts import fact
from services.notify.line import Line
from services.runtime.database import insert_ignore


async def open_call(connection: AsyncConnection, line: Line, why: CallReason, due_at: datetime, at: datetime) -> bool:
    """Open it with its fact, in the caller's transaction; returns whether it was not in the book yet.

    A line that is new must stand in the ledger first. A call that was opened before, also one that is done, stays as
    it is.
    """
    return await open_calls(connection, [Needed(line, why, due_at)], at) == 1


async def open_calls(connection: AsyncConnection, needed: Iterable[Needed], at: datetime) -> int:
    """Open those that are not in the book; returns how many that was."""
    opened = [each for each in needed if await _new(connection, each, at)]
    await outbox.put(
        connection,
        [fact(each.line, Fact.CALL_OPENED, at, cause=each.id, reason=each.why, due_at=each.due_at) for each in opened],
    )
    await close_early(connection, [each.id for each in opened], at)
    return len(opened)


async def _new(connection: AsyncConnection, needed: Needed, at: datetime) -> bool:
    row = {
        "id": needed.id,
        "referral": needed.line.referral,
        "signal": needed.line.signal,
        "why": needed.why,
        "opened_at": at,
        "due_at": needed.due_at,
        "overdue": False,
    }
    entered = insert_ignore(CALL).values([row]).returning(CALL.c.id)
    return (await connection.execute(entered)).scalar() is not None

"""AUTOMATIC REDRIVE: what was parked since its partner could not have it goes back once it can, a slice at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import TextClause, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from services.notify import moves, outbox, reach_store, store
from services.notify.claims import RANKS
from services.notify.conclusion import settled
from services.notify.facts import Tells
from services.notify.line import Line
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, PENDING

SLICE: Final = 200
"""Lines in one transaction, and how many as urgent or more may be due at a partner before another goes back."""

_DUE: Final = select(
    *(
        select(func.count())
        .select_from(
            select(DELIVERY.c.referral)
            .where(
                DELIVERY.c.partner == bindparam("of"),
                DELIVERY.c.rank == rank,
                PENDING,
                DELIVERY.c.due_at <= bindparam("now"),
            )
            .limit(bindparam("most"))
            .subquery(f"due_{rank}")
        )
        .scalar_subquery()
        for rank in RANKS
    )
)


@dataclass(frozen=True, slots=True)
class LetGo:
    """How many went; `done` when nothing is left to go."""

    lines: int
    done: bool


async def to_go_back(connection: AsyncConnection, partner: str, most: int, which: TextClause) -> list[Line]:
    """The most urgent of those, then the longest waiting; not locked. `which` is `tables.BACK` or `tables.UNPROVEN`."""
    query = (
        select(*COLUMNS)
        .where(which, DELIVERY.c.partner == partner)
        .order_by(DELIVERY.c.rank, DELIVERY.c.queued_at)
        .limit(most)
    )
    return [Line.of(row) for row in await connection.execute(query)]


async def due(connection: AsyncConnection, partner: str, now: datetime) -> Sequence[int]:
    """How many it could be sent at once, by urgency, each counted up to a slice.

    What stands behind a parked or held one, waits for its rung, was offered or is under way is not among them: it may
    stay where it is for days, and nothing would go back meanwhile.
    """
    row = (await connection.execute(_DUE, {"of": partner, "now": now, "most": SLICE})).one()
    return tuple(row)


def fitting(found: Sequence[Line], waiting: Sequence[int]) -> list[Line]:
    """Those of `found`, the most urgent first, that go now. Nothing waits for what is less urgent than itself."""
    going: list[Line] = []
    for line in found:
        if sum(waiting[: line.rank + 1]) + len(going) < SLICE:
            going.append(line)
    return going


async def let_go(
    connection: AsyncConnection, partner: str, which: TextClause, *, at: datetime, tells: Tells, reason: str
) -> LetGo:
    """As many as find room, none while it is disabled; the partner's rate holds for them as for all.

    Their cases are locked first and the partner after them, in the order of a conclusion, so nobody waits in a circle.
    """
    found = await to_go_back(connection, partner, SLICE, which)
    going = fitting(found, await due(connection, partner, at)) if found else []
    if not going:
        return LetGo(0, done=not found)
    standing = await store.standing(connection, [line.referral for line in going])
    if (await reach_store.held(connection, [partner]))[partner].disabled is not None:
        return LetGo(0, done=False)
    lines = [now for line in going if (now := standing[line.referral]).moves == line.moves]
    # The fact follows from this one parking and its end, so it is told once.
    moved = [
        moves.let_go(line, at, cause=ids.derived(line.referral, line.reason, line.moves), reason=reason)
        for line in lines
    ]
    await store.change(connection, (each.line for each in moved))
    follows = await settled(connection, [each.line for each in moved], tells)
    await outbox.put(connection, [output for each in (*moved, *follows) for output in each.outputs])
    return LetGo(len(lines), done=False)

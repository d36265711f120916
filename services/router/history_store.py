"""The events of signals in SQL, read back for a batch: all of them, or of a signal that has many what can still matter.

A source that stamps a record anew each minute makes a revision each time. Read as a whole, its history would cost every
batch more than the one before.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.parked import Coordinates
from services.router.decision import Decided, Past
from services.router.memory import Earlier
from services.router.tables import EVENT
from services.runtime.bulk import among

MANY: Final = 50
"""Events of one signal that are read as a whole; of more, only what can still matter."""

Wanted = Mapping[UUID, set[UUID]]
"""By signal, the events of it that are to be decided on."""

_NUMBER: Final = attrgetter("int")  # of an id: it sorts in a tenth of the time
_DECIDED: Final[TypeAdapter[Decided]] = TypeAdapter(Decided)
_OTHER: Final = EVENT.alias("other")
_HEAD: Final = func.substr(EVENT.c.decided, 1, 128)
"""Where a decision has `outcome` and `again`, which follow its `revision`: the rest need not be searched."""

CAME_BACK: Final = _HEAD.contains('"again":"')
"""Of events that came back after another one."""


async def whole(connection: AsyncConnection, signals: Iterable[UUID]) -> dict[UUID, Earlier]:
    """Every event of each; a signal never seen has an empty history."""
    wanted = sorted(set(signals), key=_NUMBER)
    found: dict[UUID, list[Past]] = {signal: [] for signal in wanted}
    known = (
        select(EVENT)
        .where(among(connection, EVENT.c.signal, wanted))
        .order_by(EVENT.c.signal, EVENT.c.revision.nulls_first())
    )
    for each in await connection.execute(known):
        found[each.signal].append(past_of(each))
    return {signal: Earlier.of(events) for signal, events in found.items()}


async def needed(connection: AsyncConnection, wanted: Wanted, many: int = MANY) -> dict[UUID, Earlier]:
    """What those events are decided on: the same comes of it as of their signals' whole history."""
    signals = sorted(wanted, key=_NUMBER)
    grouped = select(EVENT.c.signal).where(among(connection, EVENT.c.signal, signals)).group_by(EVENT.c.signal)
    long = set((await connection.execute(grouped.having(func.count() > many))).scalars())
    found = await whole(connection, (signal for signal in signals if signal not in long))
    for signal in sorted(long, key=_NUMBER):
        found[signal] = await _matters(connection, signal, sorted(wanted[signal]))
    return found


def past_of(row: Any) -> Past:
    """One row of the table as what was decided."""
    return Past(
        event=row.event,
        changed_at=row.changed_at,
        decided_at=row.decided_at,
        at=Coordinates(topic=row.topic, partition=row.partition, offset=row.offset),
        decided=_DECIDED.validate_json(row.decided),
        said_at=row.said_at,
    )


async def _matters(connection: AsyncConnection, signal: UUID, events: Sequence[UUID]) -> Earlier:
    """The newest revision, these events each time they were told, and by whom a withdrawal was heard.

    Whoever is told and heard of no withdrawal since has a referral in the newest revision (`decide.report`).
    """
    changed, said = EVENT.c.changed_at, EVENT.c.said_at
    ends = select(func.min(changed), func.max(changed), func.max(said)).where(EVENT.c.signal == signal)
    first, newest, again = (await connection.execute(ends)).one()
    newest_revision = select(func.max(_OTHER.c.revision)).where(_OTHER.c.signal == signal).scalar_subquery()
    asked = or_(
        EVENT.c.revision == newest_revision,
        among(connection, EVENT.c.event, events),
        _HEAD.contains('"outcome":"withdrawn"'),
        CAME_BACK,
    )
    rows = (await connection.execute(select(EVENT).where(EVENT.c.signal == signal, asked))).all()
    read = Earlier.of([past_of(row) for row in _telling(rows, set(events))])
    revision = max(row.revision or 0 for row in rows)
    return read._replace(first=first, newest=max(newest, again or newest), revision=revision)


def _telling(rows: Sequence[Any], events: set[UUID]) -> list[Any]:
    """Without the withdrawals after which everybody heard of another one; in the order of the revisions."""
    ordered = sorted(rows, key=lambda row: row.revision or 0)
    last = {ordered[-1].event: ordered[-1]}
    heard: dict[str, Any] = {}
    for row in ordered:
        decided = orjson.loads(row.decided)
        if row.event in events or UUID(decided.get("again") or row.event.hex) in events:
            last[row.event] = row
        elif decided["outcome"] == "withdrawn":
            heard |= {planned["recipient"]: row for planned in decided["referrals"]}
    last |= {row.event: row for row in heard.values()}
    return [row for row in ordered if row.event in last]

"""INCREMENT: what lines of the log beyond one add to a tally, read in one transaction.

A replay makes facts anew that are about the same events, so signals are counted by events: those of which these lines
tell something for the first time.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact, fact_of
from schemas.codes import Stage
from schemas.delivery import DeliveryState
from services.audit.tables import ENTRY
from services.audit.tally import ENDED, Counted, Increment
from services.audit.unread import READERS, unread, values

_ALIKE: Final = ("corporation", "stage", "fact", "before", "after")
_BEFORE: Final = ENTRY.alias("before").c
_PARKED: Final = ENTRY.alias("parked").c


async def beyond(connection: AsyncConnection, index: int) -> Increment:
    """All lines after that index; -1 is before the first."""
    found = (await connection.execute(select(func.max(ENTRY.c.index)))).scalar_one()
    last = -1 if found is None else int(found)
    if last <= index:
        return Increment(last)
    rows = (await connection.execute(_alike(index, last))).all()
    redriven = await connection.execute(_redriven(index, last))
    return Increment(
        last,
        tuple(_counted(*row) for row in rows),
        accepted=int((await connection.execute(_first(index, last, [Fact.SIGNAL_ACCEPTED]))).scalar_one()),
        ended=int((await connection.execute(_first(index, last, ENDED))).scalar_one()),
        redriven={Stage(stage): int(number) for stage, number in redriven},
        unread={reader: await _unread(connection, unread(reader)) for reader in READERS},
    )


def _lines(index: int, last: int, *names: str) -> Any:
    """All lines, or some of them by their place: SQLite would read a whole index for those."""
    lines = select(*(ENTRY.c[name] for name in names))
    if index >= 0:
        lines = lines.where(ENTRY.c.index > index).order_by(ENTRY.c.index).limit(last - index)
    return lines.subquery().c


def _alike(index: int, last: int) -> Select[Any]:
    those = _lines(index, last, *_ALIKE, "count")
    alike = [those[name] for name in _ALIKE]
    return select(*alike, func.count(), func.coalesce(func.sum(those.count), 0)).group_by(*alike)


def _first(index: int, last: int, facts: Iterable[Fact]) -> Select[Any]:
    """How many events have one of these facts here, and none before."""
    those, wanted = _lines(index, last, "event", "fact"), values(facts)
    earlier = exists().where(_BEFORE.event == those.event, _BEFORE.fact.in_(wanted), _BEFORE.index <= index)
    return select(func.count(those.event.distinct())).where(
        those.event.is_not(None), those.fact.in_(wanted), *([~earlier] if index >= 0 else [])
    )


def _redriven(index: int, last: int) -> Select[Any]:
    """How many of each stage's parkings were redriven here, and never before."""
    those, redriven = _lines(index, last, "event", "fact"), Fact.RECORD_REDRIVEN.value
    earlier = exists().where(_BEFORE.event == those.event, _BEFORE.fact == redriven, _BEFORE.index <= index)
    parked = and_(_PARKED.event == those.event, _PARKED.fact == Fact.RECORD_PARKED.value)
    query = select(_PARKED.stage, func.count(those.event.distinct())).where(those.fact == redriven, parked)
    return query.where(*([~earlier] if index >= 0 else [])).group_by(_PARKED.stage)


async def _unread(connection: AsyncConnection, waiting: Select[Any]) -> int:
    each = waiting.subquery().c
    return int((await connection.execute(select(func.count(each.message.distinct())))).scalar_one())


def _counted(*row: Any) -> Counted:
    corporation, stage, fact, before, after, lines, total = row
    return Counted(
        corporation=corporation,
        stage=Stage(stage),
        fact=fact_of(fact),
        before=before and DeliveryState(before),
        after=after and DeliveryState(after),
        lines=int(lines),
        total=int(total),
    )

"""PAGES: rows of recorded events in an order, so many at a time, so that memory stays flat."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.router.tables import EVENT

PAGE: Final = 1000
"""Rows read at once, however many a signal or a household has."""

ORDER: Final = tuple(EVENT.c[name] for name in ("decided_at", "topic", "partition", "offset", "signal", "event"))
"""In which they were decided; the last two set apart what shares a place, as in a topic made anew."""

_LAST: Final = 2**31 - 1
"""Behind every revision: what was overtaken has none."""


def _decided(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, column.name) for column in ORDER)


def _revised(row: Any) -> tuple[Any, ...]:
    return (_LAST if row.revision is None else row.revision, *_decided(row))


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are ordered by, and where one stands in it. No two stand in the same place."""

    columns: tuple[ColumnElement[Any], ...]
    place: Callable[[Any], tuple[Any, ...]]

    def after(self, row: Any) -> ColumnElement[bool]:
        """What stands behind it."""
        return tuple_(*self.columns) > self.place(row)


DECIDED: Final = Order(ORDER, _decided)
"""As their moments say: of several signals nothing else tells which was first."""

REVISED: Final = Order((func.coalesce(EVENT.c.revision, _LAST), *ORDER), _revised)
"""Of one signal, whose revisions tell what no clock can: which was decided first. What was overtaken comes last."""


def earlier_than(row: Any) -> ColumnElement[bool]:
    """What stands before it of the same signal: earlier revisions, and what has none as their moments say."""
    before = tuple_(*ORDER) < _decided(row)
    if row.revision is None:
        return before
    return or_(EVENT.c.revision < row.revision, and_(EVENT.c.revision.is_(None), before))


async def read(connection: AsyncConnection, query: Select[Any], order: Order = DECIDED) -> AsyncIterator[Sequence[Any]]:
    """Its rows, a page after the last row of the one before; none is empty. The query has every column of the order."""
    rest = query.order_by(*order.columns).limit(PAGE)
    rows = (await connection.execute(rest)).all()
    while rows:
        yield rows
        if len(rows) < PAGE:
            return
        later = [order.after(rows[-1])]
        if order is DECIDED:  # that it is no earlier says nothing new, and lets an index be used
            later.append(EVENT.c.decided_at >= rows[-1].decided_at)
        rows = (await connection.execute(rest.where(*later))).all()

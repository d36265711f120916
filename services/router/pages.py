"""PAGES: rows of recorded events in the order they were decided, so many at a time, so that memory stays flat."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.router.tables import EVENT

PAGE: Final = 1000
"""Rows read at once, however many a signal or a household has."""

ORDER: Final = tuple(EVENT.c[name] for name in ("decided_at", "topic", "partition", "offset", "signal", "event"))
"""In which they were decided; the last two set apart what shares a place, as in a topic made anew."""


def earlier_than(row: Any) -> ColumnElement[bool]:
    """What stands before it."""
    return tuple_(*ORDER) < _place(row)


async def read(connection: AsyncConnection, query: Select[Any]) -> AsyncIterator[Sequence[Any]]:
    """Its rows, a page after the last row of the one before; none is empty. The query has every column of the order."""
    rest = query.order_by(*ORDER).limit(PAGE)
    rows = (await connection.execute(rest)).all()
    while rows:
        yield rows
        if len(rows) < PAGE:
            return
        # That it is no earlier says nothing new, and lets an index be used.
        later = EVENT.c.decided_at >= rows[-1].decided_at, tuple_(*ORDER) > _place(rows[-1])
        rows = (await connection.execute(rest.where(*later))).all()


def _place(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, column.name) for column in ORDER)

"""EARLIEST: of each partner, the earliest under each of some conditions; each is the first of an index."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    TextClause,
    bindparam,
    func,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.tables import DELIVERY

TOGETHER: Final = 100
"""Partners in one statement: SQLite takes no more than 500 parts of a UNION."""

Moments = tuple[datetime | None, ...]
"""One for each condition in turn; None where nothing is."""


class Earliest:
    """A question that is asked again and again, of partners that change.

    Its statement is built once for each number of them, as SQLAlchemy compiles it once: one with a VALUES clause it
    compiles every time, and that took eight times as long as all the rest.
    """

    def __init__(self, column: Column[datetime], conditions: Sequence[ColumnElement[bool] | TextClause]) -> None:
        self._firsts = [select(func.min(column)).where(each) for each in conditions]
        self._statements: dict[int, CompoundSelect[Any]] = {}

    async def of(self, connection: AsyncConnection, partners: Collection[str]) -> dict[str, Moments]:
        """Of each of these partners its first moments, in the order of the conditions; None where nothing meets one."""
        found: dict[str, Moments] = {}
        names = sorted(partners)
        for start in range(0, len(names), TOGETHER):
            some = names[start : start + TOGETHER]
            given = {f"of_{number}": name for number, name in enumerate(some)}
            found |= {name: tuple(each) for name, *each in await connection.execute(self._about(len(some)), given)}
        return found

    def _about(self, partners: int) -> CompoundSelect[Any]:
        if partners not in self._statements:
            rows = (self._row(bindparam(f"of_{number}", type_=String)) for number in range(partners))
            self._statements[partners] = union_all(*rows)
        return self._statements[partners]

    def _row(self, name: BindParameter[str]) -> Select[Any]:
        row: list[ColumnElement[Any]] = [name.label("name")]
        row += (each.where(DELIVERY.c.partner == name).scalar_subquery() for each in self._firsts)
        return select(*row)

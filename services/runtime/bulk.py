"""BULK: many rows in one statement and many values in one parameter, for what every batch does.

SQLAlchemy makes a dictionary of each row, a parameter of each value, and looks at all of them one by one: that takes
longer than the database does. What is sent, and what comes back, is the same.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from sqlalchemy import ARRAY, Column, ColumnElement, Dialect, Insert, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]
Prepared = tuple[str, Sequence[Callable[[Any], Any] | None]]

Value = TypeVar("Value")


class Rows:
    """An INSERT of rows that give every column of its table, in the order of the table."""

    def __init__(self, statement: Insert) -> None:
        self._statement = statement
        self._prepared: dict[str, Prepared] = {}

    async def insert(self, connection: AsyncConnection, rows: Sequence[Row]) -> None:
        """All of them, in one trip. Raises what `connection.execute(statement, …)` would."""
        if not rows:
            return
        text, binds = self._on(connection.dialect)
        columns = zip(*rows, strict=True)
        bound = [values if bind is None else map(bind, values) for bind, values in zip(binds, columns, strict=True)]
        await connection.exec_driver_sql(text, list(zip(*bound, strict=True)))

    def _on(self, dialect: Dialect) -> Prepared:
        """As the driver takes it, and what makes its value of ours, where that differs."""
        prepared = self._prepared.get(dialect.name)
        if prepared is None:
            columns = self._statement.table.columns
            binds = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
            prepared = self._prepared[dialect.name] = str(self._statement.compile(dialect=dialect)), binds
        return prepared


def among(connection: AsyncConnection, column: Column[Value], values: Sequence[Value]) -> ColumnElement[bool]:
    """That a column has one of these values, however many."""
    dialect = connection.dialect
    if dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    texts = orjson.dumps([value if bind is None else bind(value) for value in values]).decode()
    return column.in_(select(func.json_each(texts).table_valued("value").c.value))

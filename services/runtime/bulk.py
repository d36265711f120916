"""BULK: many rows in one statement and many values in one parameter, for what every batch does.

SQLAlchemy makes a dictionary of each row, a parameter of each value, and looks at all of them one by one: that takes
longer than the database does. What is sent, and what comes back, is the same.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from sqlalchemy import ARRAY, Column, ColumnElement, Dialect, Insert, Update, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]
Bind = Callable[[Any], Any] | None
Prepared = tuple[str, Sequence[tuple[int, Bind]], Row]
"""The text; of each of its parameters, whence it comes and what the driver wants of it; what no row gives."""

Value = TypeVar("Value")


class Rows:
    """A statement for many rows that all give the same, in the same order."""

    def __init__(self, statement: Insert | Update, names: Sequence[str] = ()) -> None:
        """`names` are those of the columns or parameters that a row gives: of an INSERT, by itself, every column."""
        self._statement = statement
        self._names = list(names or (column.name for column in statement.table.columns))
        self._prepared: dict[str, Prepared] = {}

    async def write(self, connection: AsyncConnection, rows: Sequence[Row]) -> None:
        """For all of them, in one trip. Raises what `connection.execute(statement, …)` would."""
        if not rows:
            return
        text, places, constants = self._on(connection.dialect)
        columns = [*zip(*rows, strict=True), *([each] * len(rows) for each in constants)]
        if len(columns) != len(self._names) + len(constants):
            raise ValueError(f"a row gives {len(columns) - len(constants)} values for {len(self._names)} names")
        bound = [columns[place] if bind is None else map(bind, columns[place]) for place, bind in places]
        await connection.exec_driver_sql(text, list(zip(*bound, strict=True)))

    def _on(self, dialect: Dialect) -> Prepared:
        """As the driver takes it."""
        prepared = self._prepared.get(dialect.name)
        if prepared is None:
            keys = None if isinstance(self._statement, Update) else self._names
            compiled: Any = self._statement.compile(dialect=dialect, column_keys=keys)
            given = self._names + [name for name in compiled.positiontup if name not in self._names]
            kinds = {name: compiled.binds[name].type.dialect_impl(dialect) for name in compiled.positiontup}
            places = [(given.index(name), kinds[name].bind_processor(dialect)) for name in compiled.positiontup]
            constants = tuple(compiled.params[name] for name in given[len(self._names) :])
            prepared = self._prepared[dialect.name] = str(compiled), places, constants
        return prepared


def among(connection: AsyncConnection, column: Column[Value], values: Sequence[Value]) -> ColumnElement[bool]:
    """That a column has one of these values, however many."""
    dialect = connection.dialect
    if dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    texts = orjson.dumps([value if bind is None else bind(value) for value in values]).decode()
    return column.in_(select(func.json_each(texts).table_valued("value").c.value))

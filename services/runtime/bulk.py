"""BULK: many rows in one statement and many values in one parameter, for what every batch does.

SQLAlchemy makes a dictionary of each row, a parameter of each value, and looks at all of them one by one: that takes
longer than the database does. What is sent, and what comes back, is the same.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    ARRAY,
    ClauseElement,
    Column,
    ColumnElement,
    Dialect,
    Insert,
    Select,
    String,
    Update,
    any_,
    bindparam,
    func,
    literal,
    select,
)
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


class Question:
    """A statement that gives rows and is asked again and again: compiled once, with other values each time."""

    def __init__(self, statement: Callable[[Dialect], ClauseElement]) -> None:
        """Its parameters are what `of` is given; `statement` says how it is asked of that database."""
        self._statement = statement
        self._asked: dict[str, tuple[str, Sequence[tuple[str, Bind]], dict[str, Any]]] = {}

    async def of(self, connection: AsyncConnection, **given: Any) -> Sequence[Row]:
        """Every row as the driver gives it: `Columns` makes Python's values of it. Raises what `execute` would."""
        text, binds, constants = self._on(connection.dialect)
        given = {**constants, **given}
        bound = tuple(given[name] if bind is None else bind(given[name]) for name, bind in binds)
        return [tuple(row) for row in await connection.exec_driver_sql(text, bound)]

    def _on(self, dialect: Dialect) -> tuple[str, Sequence[tuple[str, Bind]], dict[str, Any]]:
        asked = self._asked.get(dialect.name)
        if asked is None:
            compiled: Any = self._statement(dialect).compile(dialect=dialect)
            kinds = ((name, compiled.binds[name].type.dialect_impl(dialect)) for name in compiled.positiontup)
            binds = [(name, kind.bind_processor(dialect)) for name, kind in kinds]
            asked = self._asked[dialect.name] = str(compiled), binds, dict(compiled.params)
        return asked


class Columns:
    """What rows consist of that a `Question` found."""

    def __init__(self, columns: Sequence[Column[Any]]) -> None:
        self._columns = columns
        self._reads: dict[str, list[Bind]] = {}

    def read(self, dialect: Dialect, rows: Sequence[Row]) -> list[Row]:
        """Python's values of them, as `execute` gives them."""
        reads = self._reads.get(dialect.name)
        if reads is None:
            kinds = (column.type.dialect_impl(dialect) for column in self._columns)
            reads = self._reads[dialect.name] = [kind.result_processor(dialect, None) for kind in kinds]
        columns = zip(reads, zip(*rows, strict=True), strict=True) if rows else ()
        return list(zip(*(values if read is None else map(read, values) for read, values in columns), strict=True))


def one_of(dialect: Dialect, column: Column[Any], name: str) -> ColumnElement[bool]:
    """That a column has one of the values of the parameter of this name; they are given as `many` makes them."""
    if dialect.name == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return column.in_(select(func.json_each(bindparam(name, type_=String)).table_valued("value").c.value))


def many(dialect: Dialect, column: Column[Value], values: Sequence[Value]) -> Any:
    """The values for `one_of`."""
    if dialect.name == "postgresql":
        return list(values)
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    return orjson.dumps([value if bind is None else bind(value) for value in values]).decode()


def among(connection: AsyncConnection, column: Column[Value], values: Sequence[Value]) -> ColumnElement[bool]:
    """That a column has one of these values, however many."""
    dialect = connection.dialect
    given = many(dialect, column, values)
    if dialect.name == "postgresql":
        return column == any_(literal(given, ARRAY(column.type)))
    return column.in_(select(func.json_each(given).table_valued("value").c.value))


async def counts(connection: AsyncConnection, of: Mapping[str, Select[Any]]) -> dict[str, int]:
    """How many rows each of these finds, at one moment."""
    numbers = [
        query.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery() for query in of.values()
    ]
    return dict(zip(of, (await connection.execute(select(*numbers))).one(), strict=True))

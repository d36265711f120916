"""Many rows and many values at once mean what they mean one by one."""

from datetime import UTC, datetime, timedelta, timezone
from traceback import format_exception
from typing import Final

import pytest
from sqlalchemy import bindparam, insert, select, update

from services.runtime.bulk import Rows, among
from services.runtime.database import Database, insert_ignore
from services.runtime.database_errors import StatementFailed
from tests.contract.runtime.tables import things

MOMENT: Final = datetime(2026, 3, 2, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
CANARY: Final = "Testpersoon Kanarie"
THINGS: Final = Rows(insert(things))


async def test_rows_are_read_back_as_those_of_a_statement_are(database: Database) -> None:
    """Moments and absent values too."""
    async with database.begin() as connection:
        await connection.execute(insert(things), [{"id": 1, "name": "one", "box": None, "at": MOMENT}])
        await THINGS.write(connection, [(2, "two", None, MOMENT), (3, "three", None, None)])
        await THINGS.write(connection, [])
    async with database.read() as connection:
        rows = (await connection.execute(select(things).order_by(things.c.id))).all()
    at = MOMENT.astimezone(UTC)
    assert [tuple(row) for row in rows] == [(1, "one", None, at), (2, "two", None, at), (3, "three", None, None)]


async def test_of_rows_that_may_be_there_the_first_stands(database: Database) -> None:
    """Whatever the statement says of conflicts holds."""
    async with database.begin() as connection:
        await THINGS.write(connection, [(1, "one", None, None)])
        await Rows(insert_ignore(things)).write(connection, [(1, "again", None, None), (2, "two", None, None)])
        assert (await connection.execute(select(things.c.name).order_by(things.c.id))).scalars().all() == ["one", "two"]


async def test_a_change_is_that_of_a_statement(database: Database) -> None:
    """By parameters in another order than the statement's, one of which no row gives; an absent value too."""
    change = (
        update(things)
        .where(things.c.id == bindparam("b_id"), things.c.id < 3)
        .values(at=bindparam("b_at"), name=bindparam("b_name"))
    )
    async with database.begin() as connection:
        await THINGS.write(connection, [(number, f"old-{number}", None, None) for number in (1, 2, 3)])
        rows = Rows(change, ("b_id", "b_name", "b_at"))
        await rows.write(connection, [(1, "one", MOMENT), (2, "two", None), (3, "three", None)])
        found = (await connection.execute(select(things).order_by(things.c.id))).all()
    at_ = MOMENT.astimezone(UTC)
    assert [tuple(row) for row in found] == [(1, "one", None, at_), (2, "two", None, None), (3, "old-3", None, None)]


async def test_columns_that_no_row_gives_have_what_the_table_says(database: Database) -> None:
    """Those that are named are given, in that order."""
    async with database.begin() as connection:
        await Rows(insert(things), ("name", "id")).write(connection, [("one", 1)])
        assert [tuple(row) for row in await connection.execute(select(things))] == [(1, "one", None, None)]


async def test_a_row_that_is_refused_is_not_told(database: Database) -> None:
    """The error says what is wrong, not with what."""
    with pytest.raises(StatementFailed) as caught:
        async with database.begin() as connection:
            await THINGS.write(connection, [(1, CANARY, None, None), (1, "other", None, None)])
    assert CANARY not in "".join(format_exception(caught.value))


async def test_a_row_with_a_value_too_few_is_an_error(database: Database) -> None:
    """It is not filled up in silence."""
    with pytest.raises(ValueError, match="values"):
        async with database.begin() as connection:
            await THINGS.write(connection, [(1, "one", None)])


async def test_among_any_number_of_values_those_that_are_there_are_found(database: Database) -> None:
    """More than a statement has parameters; and none, which finds nothing."""
    async with database.begin() as connection:
        await THINGS.write(connection, [(number, f"\"{number}'", None, None) for number in range(10)])
        many = among(connection, things.c.id, [*range(5, 100_000)])
        named = among(connection, things.c.name, ["\"3'", "nobody"])
        nothing = among(connection, things.c.id, [])
        found = [
            (await connection.execute(select(things.c.id).where(which).order_by(things.c.id))).scalars().all()
            for which in (many, named, nothing)
        ]
    assert found == [[5, 6, 7, 8, 9], [3], []]

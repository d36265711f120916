"""What a stage may rely on, on SQLite and on PostgreSQL alike."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from traceback import format_exception

import pytest
from sqlalchemy import Executable, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.runtime.database import Database, insert_ignore
from services.runtime.database_errors import StatementFailed
from services.runtime.errors import SeinpaalError, TryLater
from tests.contract.runtime.tables import boxes, things

CANARY = "Testpersoon Kanarie"


async def names(database: Database) -> list[str]:
    """All things, in order."""
    async with database.read() as connection:
        return list((await connection.execute(select(things.c.name).order_by(things.c.id))).scalars())


async def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    """Half a change would be a change nobody decided."""
    twice = [{"id": 1, "name": "one"}, {"id": 1, "name": "again"}]
    with pytest.raises(StatementFailed):
        async with database.begin() as connection:
            await connection.execute(insert(things), twice)
    assert await names(database) == []


async def test_a_block_that_ends_is_seen_by_the_next(database: Database) -> None:
    """A write is there for every reader once its block is over."""
    async with database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": "one"})
    assert await names(database) == ["one"]


async def test_the_first_of_a_replay_stands(database: Database) -> None:
    """Redelivered rows change nothing, and the new ones among them go in."""
    async with database.begin() as connection:
        await connection.execute(insert_ignore(things), [{"id": 1, "name": "one"}])
        await connection.execute(insert_ignore(things), [{"id": 1, "name": "other"}, {"id": 2, "name": "two"}])
    assert await names(database) == ["one", "two"]


async def test_an_insert_tells_which_rows_were_new(database: Database) -> None:
    """A caller must know what it has seen before, over more rows than one statement takes."""
    rows = [{"id": number, "name": f"thing {number}"} for number in range(3000)]
    async with database.begin() as connection:
        await connection.execute(insert_ignore(things), rows[::2])
        told = await connection.execute(insert_ignore(things).returning(things.c.id), rows)
        assert sorted(told.scalars()) == list(range(1, 3000, 2))


async def test_a_read_sees_one_moment(database: Database) -> None:
    """Two queries of one read agree, whatever is written between them."""
    async with database.read() as connection:
        before = await connection.scalar(select(func.count()).select_from(things))
        async with database.begin() as other:
            await other.execute(insert(things), {"id": 1, "name": "one"})
        assert await connection.scalar(select(func.count()).select_from(things)) == before == 0
    assert await names(database) == ["one"]


async def test_a_read_cannot_write(database: Database) -> None:
    """What is called a read changes nothing, by the database's own word."""
    with pytest.raises(TryLater):
        async with database.read() as connection:
            await connection.execute(insert(things), {"id": 1, "name": "one"})
    assert await names(database) == []


async def test_a_broken_constraint_is_told_by_name_alone(database: Database) -> None:
    """PostgreSQL prints the key in its DETAIL; what leaves the block, and all behind it, does not."""
    async with database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": CANARY})
    with pytest.raises(StatementFailed) as caught:
        async with database.begin() as connection:
            await connection.execute(insert(things), {"id": 2, "name": CANARY})
    assert caught.value.constraint in {"shelf_things_name", "shelf_things.name"}
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert CANARY not in "".join(format_exception(caught.value))


async def test_the_drivers_own_error_would_have_told_the_key(database_url: str, database: Database) -> None:
    """The control of the test before: the leak is there on PostgreSQL, so scrubbing is not idle."""
    async with database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": CANARY})
        with pytest.raises(IntegrityError) as caught:
            await connection.execute(insert(things), {"id": 2, "name": CANARY})
        await connection.rollback()
    assert (CANARY in "".join(format_exception(caught.value))) == database_url.startswith("postgresql")


@pytest.mark.parametrize(
    "statement",
    [
        insert(things).values(id=CANARY, name="x"),
        insert(things).values(id=3, name="x", at=datetime(2026, 1, 31)),  # noqa: DTZ001  a time without a zone is the point
        text(f"select * form shelf_things where name = '{CANARY}'"),
        insert(things).values(id=3, name=None),
        insert(things).values(id=3, name="x", box=9),
    ],
    ids=["type", "zone", "syntax", "null", "foreign key"],
)
async def test_what_can_never_work_is_not_tried_again(database: Database, statement: Executable) -> None:
    """A bug that came out as TryLater would be read again for ever, and its text may not hold the value."""
    with pytest.raises(StatementFailed) as caught:
        async with database.begin() as connection:
            await connection.execute(statement)
    assert CANARY not in str(caught.value)


async def test_errors_can_be_caught_inside_the_block(database: Database) -> None:
    """A savepoint and SQLAlchemy's own errors work as ever within."""
    async with database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": "one"})
        with pytest.raises(DBAPIError):
            async with connection.begin_nested():
                await connection.execute(insert(things), {"id": 1, "name": "again"})
        await connection.execute(insert(things), {"id": 2, "name": "two"})
    assert await names(database) == ["one", "two"]


async def test_a_cancelled_block_leaves_no_lock_behind(database: Database) -> None:
    """A service that is stopped in the middle of a write must not block the next one, and its half is not kept."""
    inside = asyncio.Event()

    async def write(number: int) -> None:
        async with database.begin() as connection:
            await connection.execute(insert(things), {"id": number, "name": f"half {number}"})
            inside.set()
            while True:
                await connection.execute(select(things))

    for number in range(5):
        writing = asyncio.ensure_future(write(number))
        await inside.wait()
        inside.clear()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    async with asyncio.timeout(5), database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": "one"})
    assert await names(database) == ["one"]


async def test_errors_of_others_pass_unchanged(database: Database) -> None:
    """What is not the database's is not called so."""
    with pytest.raises(SeinpaalError, match="of another"):
        async with database.begin():
            raise SeinpaalError("of another")


async def test_a_moment_comes_back_in_utc_and_sorts(database: Database) -> None:
    """SQLite knows no zones: noon in Amsterdam must not become noon in UTC."""
    amsterdam = timezone(timedelta(hours=2))
    moments = [datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=amsterdam), datetime(2026, 7, 1, 11, tzinfo=UTC)]
    async with database.begin() as connection:
        rows = [{"id": number, "name": str(number), "at": at} for number, at in enumerate(moments)]
        await connection.execute(insert(things), rows)
        found = list((await connection.execute(select(things.c.at).order_by(things.c.at))).scalars())
        late = await connection.scalar(
            select(things.c.id).where(things.c.at > datetime(2026, 7, 1, 10, 30, tzinfo=UTC))
        )
    assert found == moments
    assert [moment.tzinfo for moment in found] == [UTC, UTC]
    assert late == 1


async def test_foreign_keys_hold(database: Database) -> None:
    """SQLite checks them only when asked."""
    async with database.begin() as connection:
        await connection.execute(insert(boxes), {"id": 1})
        await connection.execute(insert(things), {"id": 1, "name": "one", "box": 1})
    with pytest.raises(StatementFailed):
        async with database.begin() as connection:
            await connection.execute(delete(boxes))

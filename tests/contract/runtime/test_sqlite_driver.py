"""SQLite in a thread of its own: how often it is gone to, and what is locked when."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from services.runtime.database import Database, open_database
from services.runtime.sqlite_driver import WholeConnection
from tests.contract.runtime.tables import things

LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
ONE = {"id": 1, "name": "one"}


@pytest.fixture
async def database(tmp_path: Path, migrations: Path) -> AsyncIterator[Database]:
    """On a file, where others may come too."""
    opened = await open_database(f"sqlite:///{tmp_path}/shelf.db", migrations)
    async with opened.begin() as writing, opened.read() as reading:  # both are connected now
        for each in (writing, reading):
            await each.execute(select(things.c.id))
    yield opened
    await opened.stop()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done in a thread, in order."""
    made: list[str] = []
    execute = WholeConnection._execute  # noqa: SLF001  the one door to the thread

    async def counted(self: WholeConnection, work: Any, *given: Any, **named: Any) -> Any:
        made.append(getattr(work, "__name__", repr(work)))
        return await execute(self, work, *given, **named)  # type: ignore[no-untyped-call]  # it has no types

    monkeypatch.setattr(WholeConnection, "_execute", counted)
    return made


def locked(path: Path) -> bool:
    """Whether another process could not write there now."""
    other = sqlite3.connect(path / "shelf.db", timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False


async def broken_off(database: Database, *, begun: bool) -> None:
    """A block that raises, after a statement or before."""
    async with database.begin() as connection:
        if begun:
            await connection.execute(insert(things), ONE)
        raise ZeroDivisionError


async def test_a_statement_and_its_begin_are_one_trip(database: Database, trips: list[str]) -> None:
    """Cursor, BEGIN, execute, fetch and close together; the commit is another."""
    async with database.begin() as connection:
        await connection.execute(insert(things), ONE)
        assert (await connection.execute(select(things.c.name))).scalars().all() == ["one"]
    assert trips == ["_carry_out", "_carry_out", "_commit"]


async def test_a_transaction_without_a_statement_is_no_trip(database: Database, trips: list[str]) -> None:
    """There is nothing to commit, and nothing to take back."""
    async with database.begin():
        pass
    async with database.read():
        pass
    assert trips == []


async def test_what_is_written_is_locked_from_the_first_statement_to_the_commit(
    database: Database, tmp_path: Path
) -> None:
    """A look that decides what is written counts as one: nobody else may write between the two."""
    async with database.begin() as connection:
        assert not locked(tmp_path)
        await connection.execute(select(things.c.id))
        assert locked(tmp_path)
        await connection.execute(insert(things), ONE)
    assert not locked(tmp_path)


async def test_a_snapshot_lasts_from_the_first_look_to_the_end(database: Database) -> None:
    """What others write meanwhile is not seen, and is seen after."""
    async with database.read() as connection:
        assert (await connection.execute(select(things.c.id))).scalars().all() == []
        async with database.begin() as other:
            await other.execute(insert(things), ONE)
        assert (await connection.execute(select(things.c.id))).scalars().all() == []
    async with database.read() as connection:
        assert (await connection.execute(select(things.c.id))).scalars().all() == [1]


async def test_a_block_that_raises_takes_back_and_the_next_one_begins_anew(database: Database, tmp_path: Path) -> None:
    """Also when it raised before its first statement: no BEGIN is left for the next block."""
    for begun in (True, False):
        with pytest.raises(ZeroDivisionError):
            await broken_off(database, begun=begun)
    assert not locked(tmp_path)
    async with database.begin() as connection:
        assert (await connection.execute(select(things.c.id))).scalars().all() == []
        await connection.execute(insert(things), ONE)


async def test_a_block_that_is_cancelled_in_the_middle_of_a_statement_keeps_no_lock(
    database: Database, tmp_path: Path
) -> None:
    """The thread goes on with its statement; what it began is taken back, and the next block begins anew."""
    begun = asyncio.Event()

    async def long() -> None:
        async with database.begin() as connection:
            await connection.execute(insert(things), ONE)
            begun.set()
            await connection.execute(text(LONG))

    task = asyncio.create_task(long())
    await begun.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.begin() as connection:
        assert (await connection.execute(select(things.c.id))).scalars().all() == []
        await connection.execute(insert(things), ONE)
    assert not locked(tmp_path)

"""A database that is not as we made it: everything waits, with what to do, and no record is at fault."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from services.runtime import database_engine
from services.runtime.database import Database, open_database
from services.runtime.errors import TryLater
from tests.contract.runtime.tables import things

ONE = {"id": 1, "name": "one"}
TWO = {"id": 2, "name": "two"}


@pytest.fixture
async def file(tmp_path: Path, migrations: Path) -> AsyncIterator[tuple[Path, Database]]:
    """A SQLite file with one thing in it, and the database that has it open."""
    path = tmp_path / "shelf.db"
    database = await open_database(f"sqlite:///{path}", migrations)
    await put(database, ONE)
    yield path, database
    await database.stop()


async def put(database: Database, row: dict[str, object]) -> None:
    """One thing more."""
    async with database.begin() as connection:
        await connection.execute(insert(things), row)


async def names(database: Database) -> list[str]:
    """All things, in order."""
    async with database.read() as connection:
        return list((await connection.execute(select(things.c.name).order_by(things.c.id))).scalars())


async def do(database: Database, *statements: str) -> None:
    """In one transaction."""
    async with database.begin() as connection:
        for each in statements:
            await connection.execute(text(each))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM shelf_lost",
        "SELECT lost FROM shelf_things",
        "INSERT INTO shelf_things (lost) VALUES (1)",
        "SELECT * FROM nowhere.shelf_things",
        "SELECT lost(1)",
        "INSERT INTO shelf_things (id, name) VALUES (1, 'x') ON CONFLICT (box) DO NOTHING",
    ],
)
async def test_what_the_tables_lack_is_for_later(database: Database, statement: str) -> None:
    """A table, a column, a schema, a function or an index that is not there would park every record, one by one."""
    with pytest.raises(TryLater, match=r"Tables of ours are not there.*set SHELF_DATABASE_URL \("):
        await do(database, statement)


async def test_who_has_nothing_to_do_finds_out_too(database: Database) -> None:
    """A look writes nothing, and meets what a write would meet."""
    await database.look()
    await do(database, "DROP TABLE alembic_version_shelf")
    with pytest.raises(TryLater, match="Tables of ours"):
        await database.look()


async def test_a_prepared_statement_that_a_pooler_took_away_is_for_later_once(
    postgres_url: str, migrations: Path
) -> None:
    """The connection that lacks it is not used again; by itself it would fail for half an hour."""
    database = await open_database(postgres_url, migrations)
    await put(database, ONE)
    await do(database, "DEALLOCATE ALL")
    with pytest.raises(TryLater, match=r"26000.*pooler.*SHELF_DATABASE_URL .* to PostgreSQL itself"):
        await put(database, TWO)
    await put(database, TWO)
    assert await names(database) == ["one", "two"]
    await database.stop()


async def test_a_plan_that_another_release_changed_is_for_later_once(postgres_url: str, migrations: Path) -> None:
    """The first new instance changes the tables while the old ones read: they ask once more."""
    database, other = [await open_database(postgres_url, migrations) for _ in range(2)]
    every = "SELECT * FROM shelf_things"
    await do(database, every)
    await do(other, "ALTER TABLE shelf_things ADD COLUMN more int")
    with pytest.raises(TryLater, match="0A000"):
        await do(database, every)
    await do(database, every)
    await database.stop()
    await other.stop()


async def test_a_server_that_takes_no_writes_any_more_is_asked_by_new_connections(
    postgres_url: str, migrations: Path
) -> None:
    """Those to a server that was demoted stay open, and the address leads to another by now."""
    database = await open_database(postgres_url, migrations)
    await do(database, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    with pytest.raises(TryLater, match=r"25006.*standby.*SHELF_DATABASE_URL"):
        await database.look()
    await put(database, ONE)
    await database.stop()


async def test_a_damaged_file_is_for_later(file: tuple[Path, Database]) -> None:
    """At the first statement that meets the damage, and at the next start."""
    path, database = file
    await database.stop()
    path.write_bytes(path.read_bytes()[:100] + b"A" * 8000)
    with pytest.raises(TryLater, match=r"SQLITE_CORRUPT.*restore SHELF_DATABASE_URL .*from a backup"):
        await names(database)


async def test_a_file_that_is_no_database_is_for_later(tmp_path: Path, migrations: Path) -> None:
    """Another file at its address is not taken for ours, and not written to."""
    path = tmp_path / "shelf.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(TryLater, match=r"SQLITE_NOTADB.*That is no database"):
        await open_database(f"sqlite:///{path}", migrations)
    assert path.read_bytes() == b"not a database" * 100


def deleted(path: Path) -> None:
    """Nothing stands there."""
    path.unlink()


def replaced(path: Path) -> None:
    """As a backup that is put back: whole, and another file."""
    shutil.copyfile(path, path.with_name("backup.db"))
    path.with_name("backup.db").replace(path)


@pytest.mark.parametrize("lost", [deleted, replaced])
async def test_what_is_written_to_a_file_that_was_lost_is_not_called_written(
    file: tuple[Path, Database], lost: Callable[[Path], None]
) -> None:
    """SQLite goes on in the file that nobody finds: the offsets would be committed, and the records be gone."""
    path, database = file
    lost(path)
    for act in (put(database, TWO), names(database)):
        with pytest.raises(TryLater, match=rf"file that we have open was {lost.__name__}.*SHELF_DATABASE_URL"):
            await act


async def test_a_file_that_is_lost_during_a_transaction_is_noticed_at_its_commit(file: tuple[Path, Database]) -> None:
    """Before the caller hears that it is written."""
    path, database = file

    async def lose_it() -> None:
        async with database.begin() as connection:
            await connection.execute(insert(things), TWO)
            path.unlink()

    with pytest.raises(TryLater, match="was deleted"):
        await lose_it()


async def test_a_file_that_is_put_back_is_gone_on_with(file: tuple[Path, Database]) -> None:
    """The very file: who moved it by mistake needs no restart."""
    path, database = file
    away = path.rename(path.with_name("away.db"))
    with pytest.raises(TryLater):
        await put(database, TWO)
    away.rename(path)
    await put(database, TWO)
    assert await names(database) == ["one", "two"]


async def test_a_log_that_is_lost_beside_the_file_is_noticed(file: tuple[Path, Database]) -> None:
    """What was committed and is not in the file yet would go with the process; stopped in order it is kept."""
    path, database = file
    path.with_name("shelf.db-wal").unlink()
    with pytest.raises(TryLater, match="-wal"):
        await put(database, TWO)
    await database.stop()
    with sqlite3.connect(path) as after:
        assert after.execute("SELECT name FROM shelf_things ORDER BY id").fetchall() == [("one",), ("two",)]


async def test_a_pooler_that_drops_what_we_set_is_not_used(
    postgres_url: str, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PgBouncer does, told to by `ignore_startup_parameters`: then another's statement may answer for one of ours."""
    monkeypatch.setattr(database_engine, "_settings", lambda _: {})
    with pytest.raises(TryLater, match=r"dropped.*set SHELF_DATABASE_URL .* to PostgreSQL itself"):
        await open_database(postgres_url, migrations)

"""What a stage sees when the database is away, busy or comes back."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.runtime import database_engine
from services.runtime.database import Database, open_database
from services.runtime.database_errors import StatementFailed
from services.runtime.errors import Stuck, TryLater
from services.runtime.migration import LOCK_KEY
from tests.contract.runtime.tables import things
from tests.postgres import EmbeddedPostgres

SECONDS = 20

SLOW = '''
"""What takes its time."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("SELECT pg_sleep(0.5)")
'''


async def test_a_server_that_is_not_there_is_for_later(migrations: Path, unused_tcp_port: int) -> None:
    """Nothing listens: that is no fault of the record in hand. The password is in no text."""
    with pytest.raises(TryLater, match="not reachable") as caught:
        await open_database(f"postgresql://us:hidden-word@127.0.0.1:{unused_tcp_port}/x", migrations)
    assert "hidden-word" not in str(caught.value)


async def test_a_database_that_does_not_exist_is_for_later(postgres_url: str, migrations: Path) -> None:
    """It may be made a moment after us; the text tells the code."""
    with pytest.raises(TryLater, match="3D000"):
        await open_database(postgres_url.replace("/t_", "/no_such_"), migrations)


async def test_rights_that_were_not_given_are_for_later(postgres_url: str, migrations: Path) -> None:
    """Tables that were restored as another role: every record would be parked for it, and none is at fault."""
    database = await open_database(postgres_url, migrations)

    async def write() -> None:
        async with database.begin() as connection:
            await connection.execute(text("SET LOCAL ROLE pg_monitor"))
            await connection.execute(insert(things), {"id": 1, "name": "one"})

    with pytest.raises(TryLater, match=r"42501.*the rights on all tables: SHELF_DATABASE_URL"):
        await write()
    await database.stop()


async def test_a_lost_connection_is_for_later_and_the_next_one_works(postgres_url: str, migrations: Path) -> None:
    """After a failover the block in hand comes out as TryLater, and the pool does not hand out dead connections."""
    database = await open_database(postgres_url, migrations)
    with pytest.raises(TryLater):
        async with database.begin() as connection:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": "one"})
    await database.stop()


async def test_a_server_that_crashed_and_came_back_has_what_was_committed(
    own_postgres: EmbeddedPostgres, migrations: Path
) -> None:
    """Every pooled connection is dead then; at most one block each fails, as TryLater."""
    database = await open_database(own_postgres.url.render_as_string(hide_password=False), migrations)
    async with database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": "one"})
    await asyncio.to_thread(own_postgres.crash_and_restart)
    with pytest.raises(TryLater):
        await _ids(database)
    assert await _ids(database) == [1]
    await database.stop()


async def test_of_two_that_wait_for_each_other_one_is_for_later(postgres_url: str, migrations: Path) -> None:
    """A deadlock (40P01) decides nothing about the record: it is read again."""
    database = await open_database(postgres_url, migrations)
    async with database.begin() as connection:
        await connection.execute(insert(things), [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}])
    both_hold_one = asyncio.Barrier(2)

    async def touch(first: int, second: int) -> None:
        async with database.begin() as connection:
            await connection.execute(things.update().where(things.c.id == first).values(box=None))
            await both_hold_one.wait()
            await connection.execute(things.update().where(things.c.id == second).values(box=None))

    ends = await asyncio.gather(touch(1, 2), touch(2, 1), return_exceptions=True)
    assert sorted(str(type(end).__name__) for end in ends) == ["NoneType", "TryLater"]
    await database.stop()


async def test_a_pool_in_use_is_for_later(database_url: str, migrations: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a free connection has an end."""
    monkeypatch.setattr(database_engine, "WAIT_SECONDS", 0.2)
    database = Database(database_url, migrations, connections=1)
    await database.start()
    async with database.begin():
        with pytest.raises(TryLater, match="no connection free"):
            async with database.begin():
                pass
    await database.stop()


async def test_a_process_waits_for_the_migration_of_another(postgres_url: str, migrations: Path) -> None:
    """Two processes that start at once do not make the same tables."""
    holder = await open_database(postgres_url, migrations)
    async with holder.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        starting = asyncio.ensure_future(open_database(postgres_url, migrations))
        async with asyncio.timeout(SECONDS):
            while not await _somebody_waits(holder):
                continue
        assert not starting.done()
    await (await starting).stop()
    await holder.stop()


async def test_a_migration_may_take_longer_than_a_statement(
    postgres_url: str, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index on years of facts is not made in a minute: given up each time, the service would never start again."""
    monkeypatch.setattr(database_engine, "STATEMENT_SECONDS", 0.05)
    (migrations / "0002_slow.py").write_text(SLOW)
    database = await open_database(postgres_url, migrations)
    await database.stop()


async def test_a_migration_whose_process_was_killed_does_not_go_on(
    postgres_url: str, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL would finish an hour's index for nobody, and the process that is started next would wait for it."""
    slow = migrations / "0002_slow.py"
    slow.write_text(SLOW.replace("0.5", "600"))
    looking = Database(postgres_url, migrations)
    opened: list[Any] = []
    made = database_engine.postgres

    def seen(*address: Any, **given: Any) -> AsyncEngine:
        """The usual engine, whose connections we can cut."""
        engine = made(*address, **given)
        event.listen(engine.sync_engine, "connect", lambda connection, _: opened.append(connection.driver_connection))
        return engine

    monkeypatch.setattr(database_engine, "postgres", seen)
    killed = asyncio.ensure_future(open_database(postgres_url, migrations))
    async with asyncio.timeout(SECONDS):
        while not await _asleep(looking):
            continue
    opened[0]._loop.call_soon_threadsafe(opened[0].terminate)  # noqa: SLF001  as a kill does
    with pytest.raises(TryLater):
        await killed
    slow.write_text(SLOW.replace("0.5", "0"))
    async with asyncio.timeout(SECONDS):
        await looking.start()
    await looking.stop()


async def _asleep(database: Database) -> bool:
    """Whether a migration is in its slow statement."""
    query = text("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")
    async with database.read() as connection:
        return (await connection.execute(query)).first() is not None


async def test_a_value_that_fits_no_column_is_a_bug(postgres_url: str, migrations: Path) -> None:
    """The driver finds it before the server does; it is no fault of the connection, so not for later."""
    database = await open_database(postgres_url, migrations)
    with pytest.raises(StatementFailed):
        async with database.begin() as connection:
            await connection.execute(insert(things), {"id": 2**40, "name": "too large"})
    await database.stop()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT pg_sleep(60)", "57014"),
        ("DO $$ BEGIN RAISE EXCEPTION 'cache lookup failed' USING ERRCODE = 'XX000'; END $$", "XX000"),
    ],
)
async def test_a_statement_that_the_server_gives_up_on_is_stuck(
    postgres_url: str, migrations: Path, statement: str, code: str
) -> None:
    """The next one is carried out: it may be the doing of what stood in it."""
    database = await open_database(postgres_url, migrations)

    async def ask() -> None:
        async with database.begin() as connection:
            await connection.execute(text("SET LOCAL statement_timeout = '50ms'"))
            await connection.execute(text(statement))

    with pytest.raises(Stuck, match=code):
        await ask()
    assert await _ids(database) == []
    await database.stop()


async def _somebody_waits(database: Database) -> bool:
    async with database.read() as connection:
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(await connection.scalar(waiting))


async def _ids(database: Database) -> list[int]:
    async with database.read() as connection:
        return list((await connection.execute(select(things.c.id))).scalars())


async def test_a_process_that_stands_still_in_a_transaction_lets_go_of_its_rows(
    postgres_url: str, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for them goes on; the one that stood still is told to do it again, and changed nothing."""
    monkeypatch.setattr(database_engine, "IDLE_SECONDS", 1)
    database = await open_database(postgres_url, migrations)
    change = update(things).where(things.c.id == 1)
    async with database.begin() as connection:
        await connection.execute(insert(things), {"id": 1, "name": "one"})

    async def stand_still() -> None:
        async with database.begin() as still:
            await still.execute(change.values(name="held"))
            async with database.begin() as other:
                await other.execute(change.values(name="two"))

    with pytest.raises(TryLater):
        await stand_still()
    async with database.read() as connection:
        assert (await connection.execute(select(things.c.name))).scalar_one() == "two"
    await database.stop()

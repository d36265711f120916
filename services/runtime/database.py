"""One SQL database, SQLite or PostgreSQL, with the same promises: durable commits, snapshot reads, no data in errors.

    database = await open_database(settings.database_url, Path(__file__).parent / "migrations")
    async with database.begin() as connection:
        await connection.execute(insert_ignore(table), rows)
    async with database.read() as connection:
        found = (await connection.execute(select(table))).all()
    await database.stop()

Inside the block SQLAlchemy's own errors can be caught; what leaves the block is ours, stripped of data.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, NullPool, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas.words import Words, filled
from services.runtime import database_advice as advice
from services.runtime import database_engine as engine
from services.runtime import migration
from services.runtime.database_errors import place, translated
from services.runtime.database_file import DatabaseFile
from services.runtime.errors import Refused

_MIGRATION_SECONDS: Final = 300
"""How long a process waits while another one migrates."""

_MIGRATING_SECONDS: Final = 3600
"""How long one statement of a migration may take: an index on years of facts is not made in a minute."""


class Database:
    """A pool of connections to one database whose tables `migrations` describes."""

    def __init__(self, url: str, migrations: Path, *, connections: int = 5) -> None:
        """`connections` is the most that stay open at once (SQLite: for reading; one more writes).

        `known` is what it is known by: its setting, and where it is.

        Raises Refused for an address we cannot use.
        """
        self._url = engine.parsed(url)
        self._migrations = migrations
        self.known = f"{migrations.parent.name.upper()}_DATABASE_URL ({place(self._url)})"
        self._file = DatabaseFile(str(self._url.database))
        self._writer, self._reader = self._engines(connections)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._url.get_backend_name()

    async def made(self) -> bool:
        """Whether its tables were ever made. Raises TryLater when the database is not there."""
        async with self.read() as connection:
            return await connection.run_sync(migration.made, self._migrations)

    async def start(self) -> None:
        """Bring the tables up to date. Raises TryLater when the database is not there."""
        async with self._without_data():
            await migration.upgrade(self._migrator(), self._migrations)

    async def stop(self) -> None:
        """Close every connection. Safe to call twice."""
        await self._writer.dispose()
        await self._reader.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One write transaction: committed at the end of the block, rolled back when it raises.

        On SQLite there is one writer at a time, in turn, so do not open a second one inside the block. Raises TryLater
        (after a lost commit too: it may or may not have happened, so write what a repetition recognises) and
        StatementFailed.
        """
        async with self._without_data(), self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One read-only snapshot: every query in the block sees the same moment. Raises as `begin` does."""
        async with self._without_data(), self._reader.connect() as connection:
            yield connection

    async def look(self) -> None:
        """Whether it would take a write of ours now. Raises as `begin` does."""
        async with self.begin() as connection:
            await connection.execute(migration.nothing_new(self._migrations))

    @asynccontextmanager
    async def _without_data(self) -> AsyncIterator[None]:
        try:
            yield
        except Exception as error:
            ours = translated(error, self.known)
            if ours is None:
                raise
            try:
                raise ours.with_traceback(error.__traceback__) from None
            finally:
                ours.__context__ = None  # `from None` only hides it: the parameters would still be reachable

    def _engines(self, connections: int) -> tuple[AsyncEngine, AsyncEngine]:
        waiting = {"max_overflow": 0, "pool_timeout": engine.WAIT_SECONDS}
        if self.dialect == "postgresql":
            writer = engine.postgres(self._url, pool_size=connections, **waiting)
            return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return (
            engine.sqlite(self._file, "BEGIN IMMEDIATE", "foreign_keys=ON", pool_size=1, **waiting),
            engine.sqlite(self._file, "BEGIN", "query_only=ON", pool_size=connections, **waiting),
        )

    def _migrator(self) -> AsyncEngine:
        if self.dialect == "postgresql":
            patience = {"lock_seconds": _MIGRATION_SECONDS, "statement_seconds": _MIGRATING_SECONDS}
            return engine.postgres(self._url, **patience, poolclass=NullPool)
        return engine.sqlite(self._file, "BEGIN EXCLUSIVE", "foreign_keys=OFF", poolclass=NullPool)


async def open_database(url: str, migrations: Path) -> Database:
    """A started database; whoever opens it stops it."""
    database = Database(url, migrations)
    await database.start()
    return database


async def look_into(url: str, migrations: Path, setting: str, first: str | Words = "") -> Database:
    """A started database that somebody else made; whoever opens it stops it. Looking must not make an empty one.

    Raises Refused when the SQLite file or the stage's tables are not there; `setting` is the variable that would name
    another, `first` tells how it is made.
    """
    if missing := _missing(engine.parsed(url)):
        raise Refused(filled(advice.NOWHERE, missing, setting, first))
    database = Database(url, migrations)
    try:
        made = await database.made()
        if made:
            await database.start()
    except BaseException:
        await database.stop()
        raise
    if not made:
        await database.stop()
        raise Refused(filled(advice.OTHER_TABLES, place(engine.parsed(url)), setting, first))
    return database


def _missing(url: URL) -> str | None:
    """The SQLite file that is not there."""
    file = url.database or ""
    return file if url.get_backend_name() == "sqlite" and not Path(file).is_file() else None


def insert_ignore(table: Table) -> postgresql.Insert:
    """`INSERT … ON CONFLICT DO NOTHING`, which both dialects compile alike: the first of a replay stands.

    With a list of rows it runs as `executemany`, the fastest way in. Add `.returning(column)` to learn which rows were
    new: how many of a list were new is not told by PostgreSQL.
    """
    return postgresql.insert(table).on_conflict_do_nothing()

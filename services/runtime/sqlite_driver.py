"""SQLite with one trip to its thread a statement, where aiosqlite makes three or four: cursor, execute, fetch, close.

A trip wakes a thread, and then the event loop, and costs more than most statements: with one, a statement takes 0.4 of
the CPU that it took.
"""

import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Self

from aiosqlite import Connection

from services.runtime.database_file import DatabaseFile, FileLost, Inode

Parameters = Sequence[Any]
Creator = Callable[[], Coroutine[Any, Any, Connection]]

_CHUNK = 64  # rows an aiosqlite cursor would read ahead; ours has all of them at once


def creator(file: DatabaseFile, *, timeout: float) -> Creator:
    """What makes connections, for `create_async_engine(async_creator=…)`; `timeout` is SQLite's own, in seconds."""

    def connected() -> sqlite3.Connection:
        """In the connection's own thread. The same file stood there before and after, so it is what was opened."""
        file.stands()
        made = sqlite3.connect(file.path, timeout=timeout)
        try:
            file.stands()
        except FileLost:
            made.close()
            raise
        return made

    async def created() -> Connection:
        """One connection, with a thread that keeps nobody alive."""
        connection = WholeConnection(connected, _CHUNK)
        connection.file = file
        connection._thread.daemon = True  # noqa: SLF001  as SQLAlchemy's dialect does: a thread must not keep us alive
        return await connection

    return created


class WholeConnection(Connection):
    """aiosqlite's connection, with cursors that carry a statement out as a whole.

    BEGIN goes with the statement that follows it: until then a transaction has seen nothing and changed nothing.
    """

    begin: str | None = None
    """What was not carried out yet."""

    file: DatabaseFile
    _log: Inode | None = None

    def cursor(self) -> "WholeCursor":  # type: ignore[override]  # theirs is awaited; SQLAlchemy only enters it
        """A cursor; it costs nothing before it is used."""
        return WholeCursor(self)

    async def commit(self) -> None:
        """The end of what was begun. Raises FileLost when it went into a file that nobody finds."""
        if self._begun():
            await self.within(self._commit)

    async def rollback(self) -> None:
        """Nothing of what was begun."""
        if self._begun():
            await super().rollback()

    async def within(self, work: Callable[..., None], *given: Any) -> None:
        """Have it done in the connection's own thread."""
        await self._execute(work, *given)  # type: ignore[no-untyped-call]  # it has no types

    def _commit(self) -> None:
        """In the connection's own thread. While we are connected SQLite keeps its log, so the first one must stay."""
        self._conn.commit()
        self.file.stands()
        log = self.file.log()
        self._log = self._log or log
        if log != self._log:
            raise FileLost("the log beside the file that we have open (-wal) was deleted or replaced")

    def _begun(self) -> bool:
        self.begin = None
        return self.in_transaction


class WholeCursor:
    """What SQLAlchemy needs of a cursor: the rows are there when the statement has been carried out."""

    def __init__(self, connection: WholeConnection) -> None:
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1
        self._connection = connection
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Parameters = ()) -> Self:
        """Carry it out and take all its rows, in one trip."""
        if statement.startswith("BEGIN"):
            self._connection.begin = statement
            return self
        await self._connection.within(self._carry_out, sqlite3.Cursor.execute, statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Sequence[Parameters]) -> Self:
        """Carry it out for each, in one trip."""
        await self._connection.within(self._carry_out, sqlite3.Cursor.executemany, statement, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """All rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    def _carry_out(self, how: Callable[..., sqlite3.Cursor], statement: str, parameters: Any) -> None:
        """In the connection's own thread."""
        cursor = self._connection._conn.cursor()  # noqa: SLF001  the connection beneath, in its own thread
        try:
            if begin := self._connection.begin:
                self._connection.file.stands()
                cursor.execute(begin)
                self._connection.begin = None
            how(cursor, statement, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

"""SQLAlchemy engines as we want them: durable, patient with other writers, silent about parameters."""

import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, ExceptionContext, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from services.runtime.database_errors import SettingsDropped, anew
from services.runtime.database_file import DatabaseFile
from services.runtime.errors import Refused
from services.runtime.sqlite_driver import creator

WAIT_SECONDS: Final = 10
"""How long we wait for a connection, a free place in the pool, or another process that writes."""

STATEMENT_SECONDS: Final = 60
"""How long we wait for what a statement answers."""

IDLE_SECONDS: Final = 15
"""How long a transaction may stand still. A process that does, in the middle of one, keeps others from its rows."""

_IDLE: Final = "SELECT setting::int FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'"

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_FIX: Final = "Write sqlite:///folder/file.db or postgresql://user:password@host:5432/database"


def parsed(url: str) -> URL:
    """The address with our driver in it. Raises Refused, never with the address: it may hold a password."""
    try:
        address = make_url(url)
    except (SQLAlchemyError, ValueError):
        address = None
    if address is None:
        raise Refused(f"database: the address cannot be read. {_FIX}")
    driver = _DRIVERS.get(address.drivername)
    if driver is None:
        raise Refused(f"database: {address.drivername} is not supported. {_FIX}")
    address = address.set(drivername=driver)
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise Refused(f"database: SQLite needs a file, as its readers and its writer share it. {_FIX}")
    if "sslmode" in address.query:  # libpq's name for what asyncpg calls ssl
        address = address.difference_update_query(["sslmode"]).update_query_dict({"ssl": address.query["sslmode"]})
    return address


def postgres(
    url: URL, *, lock_seconds: int = WAIT_SECONDS, statement_seconds: float | None = None, **pool: Any
) -> AsyncEngine:
    """PostgreSQL through asyncpg. A statement that hangs ends within a minute, a transaction left open much sooner."""
    patience = STATEMENT_SECONDS if statement_seconds is None else statement_seconds
    connect: dict[str, object] = {
        "timeout": WAIT_SECONDS,
        "command_timeout": patience,
        "server_settings": _settings(lock_seconds),
    }
    engine = create_async_engine(url, hide_parameters=True, pool_recycle=1800, connect_args=connect, **pool)

    def connected(connection: Any, entry: ConnectionPoolEntry) -> None:
        """A pooler may drop what we set: then rows of a process that stands still are locked for ever, and more."""
        del entry
        if connection.run_async(lambda ours: ours.fetchval(_IDLE)) != IDLE_SECONDS * 1000:
            raise SettingsDropped

    def failed(context: ExceptionContext) -> None:
        """All connections that are open are closed when a new one may do better."""
        context.is_disconnect = context.is_disconnect or anew(context.original_exception)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "handle_error", failed)
    return engine


def _settings(lock_seconds: int) -> dict[str, str]:
    return {"lock_timeout": f"{lock_seconds}s", "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s"}


def sqlite(file: DatabaseFile, begin: str, *pragmas: str, **pool: Any) -> AsyncEngine:
    """SQLite through aiosqlite, WAL and fsync at every commit; `begin` is the statement that opens a transaction.

    SQLAlchemy emits BEGIN itself (its SQLite page, "Enabling Non-Legacy SQLite Transactional Modes"): the driver would
    begin late and upgrade a read to a write, which fails at once with SQLITE_BUSY if another process wrote between.
    """
    _make_file(Path(file.path))
    whole = creator(file, timeout=WAIT_SECONDS)
    engine = create_async_engine(
        URL.create(_DRIVERS["sqlite"], database=file.path), hide_parameters=True, async_creator=whole, **pool
    )

    def connected(connection: Any, entry: ConnectionPoolEntry) -> None:
        """A new connection begins no transaction by itself."""
        del entry
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def began(connection: Connection) -> None:
        """A transaction begins as we want it to."""
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", began)
    return engine


def _make_file(path: Path) -> None:
    """Readable by us alone; SQLite gives its -wal and -shm files the same mode.

    Beside a new, empty file SQLite deletes the log that it finds, and with it what was committed last.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and not path.exists():
        raise Refused(f"database: {path} is not there, and its log is. Put it back, or to begin anew remove {log} too")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.is_file():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not path.is_file():
            raise Refused(f"database: cannot write {path} (not a folder). Choose a folder we may write") from None
        return  # never open and close it: that drops every lock this process holds on it (sqlite.org/howtocorrupt, 2.2)
    except OSError as error:
        raise Refused(f"database: cannot write {path} ({type(error).__name__}). Choose a folder we may write") from None

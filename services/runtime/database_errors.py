"""What a database's error means for us, told without parameters, keys or the server's DETAIL."""

import re
import sqlite3
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # asyncpg ships no types
from sqlalchemy import URL, exc

from services.runtime.errors import SeinpaalError, TryLater

_LATER_CLASSES: Final = ("08", "28", "40", "53", "57", "58")
"""Connection, sign-in, rolled back (serialization, deadlock), resources, operator, system: PostgreSQL, appendix A."""

_FORBIDDEN: Final = "42501"
_LATER_STATES: Final = (_FORBIDDEN, "25006", "3D000", "55006", "55P03")
"""Rights not given, a standby that is read only, a database not there yet, an object in use, a lock not available."""

_LATER_SQLITE: Final = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip
"""Primary result codes (https://sqlite.org/rescode.html) that say something about the moment, not the statement."""

POSTGRES_PORT: Final = 5432

_PRIMARY: Final = 0xFF
_SQLITE_CONSTRAINT: Final = re.compile(r"(?:UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed: ([\w., ]{1,120})")


class StatementFailed(SeinpaalError):  # noqa: N818  it says what happened, as the three do
    """The database will never carry this statement out: a bug, or data that breaks a constraint.

    `code` is PostgreSQL's SQLSTATE or SQLite's result code, `constraint` the name of what was broken (for SQLite the
    columns, as it tells no name). Neither holds data; the parameters are not kept.
    """

    def __init__(self, code: str, constraint: str = "") -> None:
        super().__init__("statement failed: " + " ".join(part for part in (code, constraint) if part))
        self.code = code
        self.constraint = constraint


def place(url: URL) -> str:
    """Where a database is, without who may enter: for an error's text."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.host or 'localhost'}:{url.port or POSTGRES_PORT}/{url.database or ''}"


def translated(error: Exception, known: str = "the database") -> SeinpaalError | None:
    """Our error for a database's error, with `known` as what it is known by; None for one that is not a database's."""
    ours = _ours(error)
    if not isinstance(ours, TryLater):
        return ours
    state = str(getattr(_root(error) if isinstance(error, exc.DBAPIError) else error, "sqlstate", None) or "")
    return TryLater(f"{ours}. {_fix(state, str(ours)).format(known)}")


def _fix(state: str, ours: str) -> str:
    """What to do about it, by SQLSTATE."""
    if state.startswith("28"):
        return "Check the user and the password in {}"
    if state == _FORBIDDEN:  # tables that were restored as another role: no record is at fault
        return "Give its user the rights on all tables: {}"
    if state == "3D000":
        return "Make that database, or correct {}"
    return "Start it, or correct {}" if "not reachable" in ours else "It is that of {}"


def _ours(error: Exception) -> SeinpaalError | None:
    match error:
        case exc.DBAPIError():
            return _from_driver(error)
        case exc.TimeoutError():
            return TryLater("database: no connection free in the pool in time")
        case exc.SQLAlchemyError():
            return StatementFailed(_driver_name(error))
        case asyncpg.PostgresError():  # while connecting, before SQLAlchemy wraps what is raised
            return _from_postgres(error)
        case OSError() | asyncpg.InterfaceError():
            return TryLater(f"database: not reachable ({type(error).__name__})")
        case _:
            return None


def _from_driver(error: exc.DBAPIError) -> SeinpaalError:
    cause = _root(error)
    if isinstance(cause, asyncpg.PostgresError):
        return _from_postgres(cause)
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause)
    if error.connection_invalidated or isinstance(error, exc.InterfaceError | exc.OperationalError):
        return TryLater(f"database: connection lost ({_driver_name(error)})")
    return StatementFailed(_driver_name(error))


def _from_postgres(cause: asyncpg.PostgresError) -> SeinpaalError:
    state = str(cause.sqlstate or "")
    if state.startswith(_LATER_CLASSES) or state in _LATER_STATES:
        return TryLater(f"database: not now ({state})")
    return StatementFailed(state, str(getattr(cause, "constraint_name", None) or ""))


def _from_sqlite(cause: sqlite3.Error) -> SeinpaalError:
    code: int | None = getattr(cause, "sqlite_errorcode", None)
    name = str(getattr(cause, "sqlite_errorname", type(cause).__name__))
    without_code = code is None and isinstance(cause, sqlite3.OperationalError)
    if without_code or (code is not None and code & _PRIMARY in _LATER_SQLITE):
        return TryLater(f"database: not now ({name})")
    broken = _SQLITE_CONSTRAINT.fullmatch(str(cause))
    return StatementFailed(name, broken[1] if broken else "")


def _root(error: exc.DBAPIError) -> BaseException | None:
    """The driver's own error: SQLAlchemy's asyncpg adapter puts one of its own around it."""
    origin = error.orig
    return (origin.__cause__ if isinstance(origin, BaseException) else None) or origin


def _driver_name(error: Exception) -> str:
    origin = _root(error) if isinstance(error, exc.DBAPIError) else getattr(error, "orig", None)
    return type(origin or error).__name__

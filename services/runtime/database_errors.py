"""What a database's error means for us, told without parameters, keys or the server's DETAIL."""

import re
import sqlite3
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # asyncpg ships no types
from sqlalchemy import URL, exc

from schemas.words import Words, filled
from services.runtime import database_advice as advice
from services.runtime.database_file import FileLost
from services.runtime.errors import SeinpaalError, Stuck, TryLater

_LATER_CLASSES: Final = ("08", "0A", "26", "28", "3D", "3F", "40", "53", "55", "57", "58", "F0", "XX")
"""Connections, a plan or prepared statement that is gone, sign-in, no such database or schema, rolled back, resources,
objects, operator, system, its settings, its insides: PostgreSQL, appendix A."""

_LATER_STATES: Final = frozenset({
    "25006", "25P03", "25P04", "42501", "42703", "42704", "42809", "42883", "42P01", "42P05", "42P10",
})  # fmt: skip
"""A standby that is read only, a transaction that stood still; rights, columns, tables, functions and indexes that are
not there. Our statements are the same for every record, so what the tables lack is the fault of none. Any other error
of syntax (42) is ours, and may be that of one kind of record."""

_ONE_STATEMENT: Final = frozenset({"57014", "XX000"})
"""It took too long or was ended, and a fault inside: what the values of one record can bring about."""

_LATER_SQLITE: Final = frozenset({
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_NOTADB,
})  # fmt: skip
"""Primary result codes (https://sqlite.org/rescode.html) that say something of the database, not of the statement."""

_SQLITE_MISSING: Final = re.compile(
    r"no such (?:table|column|index|view|function|module)\b|has no column named|not match any PRIMARY KEY or UNIQUE"
)
"""SQLite has one code for these and for every error of syntax."""

POSTGRES_PORT: Final = 5432

_BOTH: Final = Words("database: {}. {}", "database: {}. {}")
"""What is the matter, and what to do."""

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


class SettingsDropped(Exception):  # noqa: N818  it says what happened
    """What is between us and PostgreSQL did not tell it what we set for our connection."""


def place(url: URL) -> str:
    """Where a database is, without who may enter: for an error's text."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.host or 'localhost'}:{url.port or POSTGRES_PORT}/{url.database or ''}"


def translated(error: Exception, known: str = "the database") -> SeinpaalError | None:
    """Our error for a database's error, with `known` as what it is known by; None for one that is not a database's."""
    if isinstance(error, exc.DBAPIError):
        return _from_driver(error, known)
    if isinstance(error, asyncpg.PostgresError):  # while connecting, before SQLAlchemy wraps what is raised
        return _from_postgres(error, known)
    if (away := _away(error)) is not None:
        return _later(*away, known)
    return StatementFailed(_driver_name(error)) if isinstance(error, exc.SQLAlchemyError) else None


def _away(error: Exception) -> tuple[Words | str, str] | None:
    """What no server has told, and its code for advice."""
    match error:
        case exc.TimeoutError():
            return advice.NOT_FREE, advice.POOL
        case SettingsDropped():
            return advice.DROPPED, advice.POOLER
        case FileLost():
            return str(error), advice.FILE
        case TimeoutError():
            return advice.NO_ANSWER, advice.SLOW
        case OSError() | asyncpg.InterfaceError():
            return filled(advice.NOT_REACHED, type(error).__name__), advice.AWAY
        case _:
            return None


def anew(error: BaseException | None) -> bool:
    """Whether another connection may see it otherwise: one to a server that was demoted, with a plan that is gone."""
    cause = _root(error) if isinstance(error, exc.DBAPIError) else error
    state = str(getattr(cause, "sqlstate", None) or "")
    return isinstance(cause, TimeoutError) or state == "25006" or state.startswith(("0A", "26", "3F", "42", "XX"))


def _later(what: Words | str, code: str, known: str) -> TryLater:
    kind = Stuck if code in _ONE_STATEMENT else TryLater
    return kind(filled(_BOTH, what, filled(advice.of(code), known)))


def _from_driver(error: exc.DBAPIError, known: str) -> SeinpaalError:
    cause = _root(error)
    if isinstance(cause, asyncpg.PostgresError):
        return _from_postgres(cause, known)
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause, known)
    if error.connection_invalidated or isinstance(error, exc.InterfaceError | exc.OperationalError):
        return _later(filled(advice.LOST, _driver_name(error)), advice.AWAY, known)
    return StatementFailed(_driver_name(error))


def _from_postgres(cause: asyncpg.PostgresError, known: str) -> SeinpaalError:
    state = str(cause.sqlstate or "")
    if state.startswith(_LATER_CLASSES) or state in _LATER_STATES:
        return _later(filled(advice.NOT_NOW, state), state, known)
    return StatementFailed(state, str(getattr(cause, "constraint_name", None) or ""))


def _from_sqlite(cause: sqlite3.Error, known: str) -> SeinpaalError:
    code: int | None = getattr(cause, "sqlite_errorcode", None)
    name = str(getattr(cause, "sqlite_errorname", type(cause).__name__))
    if code == sqlite3.SQLITE_ERROR and _SQLITE_MISSING.search(str(cause)):
        return _later(filled(advice.NOT_NOW, name), advice.TABLES, known)
    without_code = code is None and isinstance(cause, sqlite3.OperationalError)
    if without_code or (code is not None and code & _PRIMARY in _LATER_SQLITE):
        return _later(filled(advice.NOT_NOW, name), name, known)
    broken = _SQLITE_CONSTRAINT.fullmatch(str(cause))
    return StatementFailed(name, broken[1] if broken else "")


def _root(error: exc.DBAPIError) -> BaseException | None:
    """The driver's own error: SQLAlchemy's asyncpg adapter puts one of its own around it."""
    origin = error.orig
    return (origin.__cause__ if isinstance(origin, BaseException) else None) or origin


def _driver_name(error: Exception) -> str:
    origin = _root(error) if isinstance(error, exc.DBAPIError) else getattr(error, "orig", None)
    return type(origin or error).__name__

"""What our engines set, what an address may be, and what an error means, without a server."""

import sqlite3
import stat
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # asyncpg ships no types
import pytest
from sqlalchemy import exc, text

from services.runtime.database import Database
from services.runtime.database_engine import parsed
from services.runtime.database_errors import StatementFailed, translated
from services.runtime.errors import Refused, SeinpaalError, Stuck, TryLater

CANARY = "Testpersoon Kanarie"


def driver_error(kind: type[exc.DBAPIError], cause: Exception) -> exc.DBAPIError:
    """As SQLAlchemy raises it, with a parameter in it."""
    return kind("SELECT", {"name": CANARY}, cause)


def sqlite_error(kind: type[sqlite3.Error], code: int, name: str) -> sqlite3.Error:
    """As SQLite raises it."""
    error = kind(CANARY)
    error.sqlite_errorcode, error.sqlite_errorname = code, name
    return error


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:////tmp/x.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg"),
        ("postgres://u:p@h/d", "postgresql+asyncpg"),
    ],
)
def test_a_plain_address_gets_our_driver(given: str, driver: str) -> None:
    """Operators write what every other tool takes."""
    assert parsed(given).drivername == driver


def test_libpqs_sslmode_is_understood() -> None:
    """Hosted databases give it in their addresses, and asyncpg calls it otherwise."""
    assert dict(parsed("postgresql://h/d?sslmode=verify-full").query) == {"ssl": "verify-full"}


@pytest.mark.parametrize("given", ["sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "u:secret@h", ""])
def test_an_address_we_cannot_use_is_refused_without_repeating_it(given: str) -> None:
    """It may hold a password."""
    with pytest.raises(Refused, match="Write sqlite:///") as caught:
        parsed(given)
    assert "secret" not in str(caught.value)


async def test_sqlite_is_durable_and_ours_alone(tmp_path: Path, migrations: Path) -> None:
    """A committed signal survives a power cut, and other users of the machine cannot read the file."""
    path = tmp_path / "new" / "x.db"
    database = Database(f"sqlite:///{path}", migrations)
    await database.start()
    async with database.begin() as connection:
        found = [await connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
    await database.stop()
    await database.stop()
    assert found == ["wal", 2]
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IRWXU


def test_a_folder_we_may_not_write_is_told(tmp_path: Path, migrations: Path) -> None:
    """At start, with the path and what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match=r"cannot write .*file/x\.db"):
        Database(f"sqlite:///{tmp_path}/file/x.db", migrations)


LATER = [
    driver_error(exc.DBAPIError, asyncpg.SerializationError()),
    driver_error(exc.DBAPIError, asyncpg.DeadlockDetectedError()),
    driver_error(exc.DBAPIError, asyncpg.AdminShutdownError()),
    driver_error(exc.DBAPIError, asyncpg.CannotConnectNowError()),
    driver_error(exc.DBAPIError, asyncpg.TooManyConnectionsError()),
    driver_error(exc.DBAPIError, asyncpg.ConnectionDoesNotExistError()),
    driver_error(exc.DBAPIError, asyncpg.ReadOnlySQLTransactionError()),
    driver_error(exc.DBAPIError, asyncpg.LockNotAvailableError()),
    driver_error(exc.ProgrammingError, asyncpg.InsufficientPrivilegeError(CANARY)),
    driver_error(exc.ProgrammingError, asyncpg.UndefinedTableError(CANARY)),
    driver_error(exc.ProgrammingError, asyncpg.DuplicatePreparedStatementError(CANARY)),
    driver_error(exc.DBAPIError, asyncpg.DataCorruptedError(CANARY)),
    driver_error(exc.InterfaceError, asyncpg.InterfaceError(CANARY)),
    driver_error(exc.OperationalError, sqlite_error(sqlite3.OperationalError, 5, "SQLITE_BUSY")),
    driver_error(exc.OperationalError, sqlite_error(sqlite3.OperationalError, 5 | 2 << 8, "SQLITE_BUSY_SNAPSHOT")),
    driver_error(exc.OperationalError, sqlite_error(sqlite3.OperationalError, 13, "SQLITE_FULL")),
    driver_error(exc.DatabaseError, sqlite_error(sqlite3.DatabaseError, 11, "SQLITE_CORRUPT")),
    driver_error(exc.DatabaseError, sqlite_error(sqlite3.DatabaseError, 26, "SQLITE_NOTADB")),
    driver_error(exc.OperationalError, sqlite3.OperationalError(CANARY)),
    exc.TimeoutError(CANARY),
    asyncpg.InvalidPasswordError(CANARY),
    ConnectionResetError(CANARY),
    TimeoutError(CANARY),
]

NEVER = [
    driver_error(exc.IntegrityError, asyncpg.UniqueViolationError(CANARY)),
    driver_error(exc.DBAPIError, asyncpg.DataError(CANARY)),
    driver_error(exc.ProgrammingError, asyncpg.PostgresSyntaxError(CANARY)),
    driver_error(exc.OperationalError, sqlite_error(sqlite3.OperationalError, 1, "SQLITE_ERROR")),
    driver_error(exc.IntegrityError, sqlite_error(sqlite3.IntegrityError, 1811, "SQLITE_CONSTRAINT_TRIGGER")),
    exc.StatementError(CANARY, "SELECT", {}, ValueError(CANARY)),
    exc.InvalidRequestError(CANARY),
    exc.CompileError(CANARY),
]


@pytest.mark.parametrize("error", LATER, ids=lambda error: type(getattr(error, "orig", error)).__name__)
def test_what_passes_is_for_later(error: Exception) -> None:
    """Read again, not parked: the record is not at fault."""
    assert isinstance(translated(error), TryLater)
    assert CANARY not in str(translated(error))


@pytest.mark.parametrize("error", LATER, ids=lambda error: type(getattr(error, "orig", error)).__name__)
def test_what_the_database_lacks_is_not_taken_for_one_statement_s_fault(error: Exception) -> None:
    """It makes everything wait: nobody looks for the record that did it, as it was none."""
    assert not isinstance(translated(error), Stuck)


@pytest.mark.parametrize("error", [asyncpg.QueryCanceledError(CANARY), asyncpg.InternalServerError(CANARY)])
def test_what_the_database_gives_up_on_may_be_one_record_s(error: asyncpg.PostgresError) -> None:
    """For later, too, and told as that: beside it others may go on."""
    found = translated(driver_error(exc.DBAPIError, error))
    assert isinstance(found, Stuck)
    assert CANARY not in str(found)


@pytest.mark.parametrize("error", NEVER, ids=lambda error: type(getattr(error, "orig", error)).__name__)
def test_what_never_passes_is_not_for_later(error: Exception) -> None:
    """Else the same batch would be read for ever."""
    assert isinstance(translated(error), StatementFailed)
    assert CANARY not in str(translated(error))


@pytest.mark.parametrize("error", [ValueError(CANARY), SeinpaalError("ours"), LookupError()])
def test_what_is_not_the_databases_has_no_translation(error: Exception) -> None:
    """It goes on as it is."""
    assert translated(error) is None

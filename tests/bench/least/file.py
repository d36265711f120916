"""A SQLite file as ours are: WAL, and a commit that survives the machine."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def opened(path: Path, tables: str) -> sqlite3.Connection:
    """With these tables, made where they are not there yet."""
    database = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("PRAGMA wal_autocheckpoint=10000")
    database.executescript(tables)
    return database


@contextmanager
def kept(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction: durable at the end of the block, or nothing of it."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")

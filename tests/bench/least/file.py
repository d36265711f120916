"""A SQLite file as ours are: WAL, and a commit that survives the machine."""

import sqlite3
from pathlib import Path


def opened(path: Path, tables: str) -> sqlite3.Connection:
    """With these tables, made where they are not there yet."""
    database = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("PRAGMA wal_autocheckpoint=10000")
    database.executescript(tables)
    return database

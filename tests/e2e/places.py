"""PLACES: all that a run leaves behind, read whole: every topic of a broker, every table of every database, files."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import URL

from services.runtime.kafka import scan
from services.runtime.kafka.topics import admin
from services.runtime.settings import KafkaSettings

CONTENT = "SELECT * FROM {}"
POSTGRESQL_TABLES = (
    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
    "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
)


async def topics(settings: KafkaSettings) -> dict[str, bytes]:
    """Keys, headers and values of everything in every topic there is, the broker's own included."""
    async with admin(settings) as client:
        names = await client.list_topics()
    return {name: await content(settings, name) for name in names}


async def content(settings: KafkaSettings, topic: str) -> bytes:
    """Keys, headers and values of everything in a topic."""
    parts: list[Any] = []
    async for record in scan(settings, topic):
        parts += [record.key, record.value, *(part for header in record.headers for part in header)]
    return _one_after_the_other(parts)


def sqlite_tables(folder: Path) -> dict[str, bytes]:
    """By database and table."""
    found: dict[str, bytes] = {}
    for database in folder.glob("*.db"):
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                rows = connection.execute(CONTENT.format(f'"{table}"'))
                found[f"{database.name} {table}"] = _one_after_the_other([value for row in rows for value in row])
    return found


async def postgresql_tables(server: URL) -> dict[str, bytes]:
    """By database and table: all that the server has."""
    found: dict[str, bytes] = {}
    for database in await asked(server, "SELECT datname FROM pg_database WHERE datallowconn"):
        for table in await asked(server.set(database=database), POSTGRESQL_TABLES):
            rows = await asked(server.set(database=database), CONTENT.format(table))
            found[f"{database} {table}"] = _one_after_the_other(rows)
    return found


async def asked(server: URL, question: str) -> list[Any]:
    """Every value of every row of the answer."""
    connection = await asyncpg.connect(server.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        return [value for row in await connection.fetch(question) for value in row.values()]
    finally:
        await connection.close()


def files(folder: Path, but: frozenset[str]) -> dict[str, bytes]:
    """Every file below it, but in what is called so at its top."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in but
    }


def _one_after_the_other(values: list[Any]) -> bytes:
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)

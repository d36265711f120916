"""A ledger from before the moves were counted, brought up to date on both databases."""

import shutil
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select

from services.notify.settings import MIGRATIONS
from services.notify.store import NAMES
from services.notify.tables import DELIVERY
from services.runtime.database import open_database
from tests.unit.notify import samples


def columns(connection: Connection) -> set[str]:
    """Of the ledger's table, as it is."""
    return {column["name"] for column in inspect(connection).get_columns(DELIVERY.name)}


async def test_no_fact_of_an_older_ledger_comes_twice(database_url: str, tmp_path: Path) -> None:
    """Facts of parkings were numbered by lease until then: a line begins to count above all it had."""
    older = tmp_path / "notify" / "migrations"
    older.mkdir(parents=True)
    for file in MIGRATIONS.glob("000[12]_[lc]*.py"):
        shutil.copy(file, older)
    line = samples.line(fence=3)
    before = await open_database(database_url, older)
    async with before.begin() as connection:
        there = await connection.run_sync(columns)
        row = {name: getattr(line, name) for name in NAMES if name in there} | {"content": b"{}"}
        await connection.execute(insert(DELIVERY).values(row))
    await before.stop()
    after = await open_database(database_url, MIGRATIONS)
    async with after.read() as connection:
        assert (await connection.execute(select(DELIVERY.c.moves))).scalar_one() > line.fence
    await after.stop()

"""How a stage's tables come to be, on SQLite and on PostgreSQL alike."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from services.runtime.database import Database, open_database
from services.runtime.errors import Refused, TryLater
from services.runtime.migration import drift
from tests.contract.runtime.tables import boxes, metadata, things

SECOND = '''
"""Things have a colour, and must be in a box."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("shelf_boxes") as table:
        table.add_column(sa.Column("colour", sa.Text))
        table.alter_column("id", type_=sa.BigInteger)
    op.execute("INSERT INTO {into} (id) VALUES (77)")
'''

CHILD = """
import asyncio, sys
from pathlib import Path
from sqlalchemy import text
from services.runtime.database import open_database

async def main(url, migrations, number):
    print("ready", flush=True)
    sys.stdin.readline()
    database = await open_database(url, Path(migrations))
    for count in range(25):
        async with database.begin() as connection:
            await connection.execute(text("SELECT count(*) FROM shelf_things"))
            row = {"id": 100 * number + count, "name": f"{number} {count}"}
            await connection.execute(text("INSERT INTO shelf_things (id, name) VALUES (:id, :name)"), row)
    await database.stop()

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


async def test_migrated_tables_are_the_declared_ones(database: Database) -> None:
    """A stage's tables in code and in the database do not drift apart."""
    async with database.read() as connection:
        assert await connection.run_sync(drift, metadata) == []


async def test_drift_is_told(database: Database) -> None:
    """The control of the test before."""
    async with database.begin() as connection:
        await connection.execute(text("ALTER TABLE shelf_boxes ADD COLUMN lid TEXT"))
    async with database.read() as connection:
        assert "lid" in " ".join(await connection.run_sync(drift, metadata))


async def test_a_second_start_keeps_what_is_there(database: Database, database_url: str, migrations: Path) -> None:
    """Starting is not beginning anew."""
    async with database.begin() as connection:
        await connection.execute(insert(boxes), {"id": 1})
    again = await open_database(database_url, migrations)
    async with again.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(boxes)) == 1
    await again.stop()


async def test_a_newer_version_changes_tables_with_rows(
    database: Database, database_url: str, migrations: Path
) -> None:
    """SQLite rebuilds a table to change it; what points to its rows must still do so."""
    async with database.begin() as connection:
        await connection.execute(insert(boxes), {"id": 1})
        await connection.execute(insert(things), {"id": 1, "name": "one", "box": 1})
    (migrations / "0002_colour.py").write_text(SECOND.format(into="shelf_boxes"))
    again = await open_database(database_url, migrations)
    async with again.read() as connection:
        assert list((await connection.execute(text("SELECT id FROM shelf_boxes ORDER BY id"))).scalars()) == [1, 77]
        assert await connection.scalar(select(things.c.box)) == 1
        assert await connection.scalar(text("SELECT version_num FROM alembic_version_shelf")) == "0002"
    await again.stop()


async def test_a_migration_that_fails_changes_nothing(database: Database, database_url: str, migrations: Path) -> None:
    """All of it or none of it: no table is left half changed for the next start to trip over."""
    (migrations / "0002_colour.py").write_text(SECOND.format(into="missing"))
    with pytest.raises(TryLater, match="Tables of ours are not there"):
        await open_database(database_url, migrations)
    async with database.read() as connection:
        assert await connection.run_sync(drift, metadata) == []
        assert await connection.scalar(text("SELECT version_num FROM alembic_version_shelf")) == "0001"


async def test_tables_of_a_newer_program_are_refused_and_left_alone(
    database: Database, database_url: str, migrations: Path
) -> None:
    """An older program would write into them what the newer one does not expect; it tells what to do instead."""
    (migrations / "0002_colour.py").write_text(SECOND.format(into="shelf_boxes"))
    await (await open_database(database_url, migrations)).stop()
    (migrations / "0002_colour.py").unlink()
    with pytest.raises(Refused, match=r"SHELF_DATABASE_URL: a newer .*version 0002; this one knows 0001"):
        await open_database(database_url, migrations)
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version_shelf")) == "0002"


async def test_stages_that_share_a_database_keep_their_own_versions(
    database: Database, database_url: str, migrations: Path, tmp_path: Path
) -> None:
    """One stage's newest version says nothing about another's."""
    other = tmp_path / "rack" / "migrations"
    other.mkdir(parents=True)
    (other / "0001_racks.py").write_text((migrations / "0001_boxes.py").read_text().replace("shelf_", "rack_"))
    opened = await open_database(database_url, other)
    await opened.stop()
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version_rack")) == "0001"
        assert await connection.run_sync(drift, metadata) == []


async def test_a_missing_folder_is_told(database_url: str, tmp_path: Path) -> None:
    """An incomplete installation must not come up with no tables."""
    with pytest.raises(Refused, match="no folder"):
        await open_database(database_url, tmp_path / "nowhere" / "migrations")


async def test_processes_may_start_and_write_at_once(database_url: str, migrations: Path) -> None:
    """None fails on the other's migration or lock, and every write of all of them is there."""
    children = [await _child(database_url, migrations, number) for number in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write(b"\n")
        await child.stdin.drain()
    ends = await asyncio.gather(*(child.communicate() for child in children))
    assert [(child.returncode, errors) for child, (_, errors) in zip(children, ends, strict=True)] == [(0, b"")] * 3
    database = await open_database(database_url, migrations)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(things)) == 75
    await database.stop()


async def _child(url: str, migrations: Path, number: int) -> asyncio.subprocess.Process:
    """A process that has imported everything and waits for a word."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, url, str(migrations), str(number),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    assert await child.stdout.readline() == b"ready\n"
    return child

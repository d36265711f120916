"""A small stage with one table, for what every stage's database must do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.runtime.database import Database, open_database

FIRST = '''
"""Boxes with things in them."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("shelf_boxes", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "shelf_things",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("box", sa.Integer, sa.ForeignKey("shelf_boxes.id")),
        sa.Column("at", Instant),
        sa.UniqueConstraint("name", name="shelf_things_name"),
    )
'''


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """The stage's version files."""
    folder = tmp_path / "shelf" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_boxes.py").write_text(FIRST)
    return folder


@pytest.fixture
async def database(database_url: str, migrations: Path) -> AsyncIterator[Database]:
    """The stage's database, started, on SQLite and on PostgreSQL."""
    opened = await open_database(database_url, migrations)
    yield opened
    await opened.stop()

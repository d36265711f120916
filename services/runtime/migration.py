"""Brings a stage's tables to the newest version, safely when several processes start at once.

A stage keeps `services/<stage>/migrations/` with nothing but version files, tried in the order of `down_revision`.
The first one is `services/<stage>/migrations/0001_<what>.py`:

    \"\"\"The delivery ledger.\"\"\"

    import sqlalchemy as sa
    from alembic import op

    from services.runtime.columns import Instant

    revision = "0001"
    down_revision = None

    def upgrade() -> None:
        op.create_table(
            "notify_lanes",
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("due_at", Instant, nullable=False),
        )

Later ones change tables inside `with op.batch_alter_table("notify_lanes") as table:`, which SQLite needs. Nothing else
is written: no ini file, no env.py. Revisions only go forward; what a table should be stands in the stage's `tables.py`
and `drift` tells where the two differ. Table names start with the stage's name, since stages may share a database;
each keeps its own version in `alembic_version_<stage>`.
"""

import asyncio
import hashlib
import threading
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Update, column, false, inspect, table, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.runtime.errors import Refused

_ENVIRONMENT: Final = Path(__file__).parent / "migrations"
LOCK_KEY: Final = int.from_bytes(hashlib.sha256(b"seinpaal/migrations").digest()[:8], "big", signed=True)
"""Of the advisory lock a process holds while it migrates, on PostgreSQL."""

_WATCHED: Final = text(
    "SELECT set_config('client_connection_check_interval', '1s', true) WHERE version() ~ '(linux|darwin|bsd|illumos)'"
)
"""PostgreSQL ends the statement of a process that was killed; by itself it finishes it, and who comes next waits.

Elsewhere it knows no such thing (its manual, client_connection_check_interval).
"""

_one_at_a_time = threading.Lock()
"""Alembic's `op` and `context` are global to the process."""


async def upgrade(engine: AsyncEngine, migrations: Path) -> None:
    """Run what is missing of `migrations`, in one transaction: all of it or none of it.

    `engine` must open its connections anew (NullPool), as the work is done in a thread with an event loop of its own.
    On SQLite it must begin with BEGIN IMMEDIATE and leave foreign keys off (https://sqlite.org/lang_altertable.html).

    Raises:
        Refused: when a newer program made the tables; nothing was changed then.
    """
    await asyncio.to_thread(_in_a_thread, engine, migrations)


def _in_a_thread(engine: AsyncEngine, migrations: Path) -> None:
    if not migrations.is_dir():
        raise Refused(f"migrations: no folder {migrations}. Reinstall: the package is incomplete")
    with _one_at_a_time:
        asyncio.run(_upgrade(engine, migrations))


async def _upgrade(engine: AsyncEngine, migrations: Path) -> None:
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(_WATCHED)
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        await connection.run_sync(_to_head, migrations)
        if connection.dialect.name == "sqlite":
            broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise Refused(f"migrations: rows of {broken[0]} would point to nothing. Nothing was changed")


def _to_head(connection: Connection, migrations: Path) -> None:
    config = Config()
    for option, folder in (("script_location", _ENVIRONMENT), ("version_locations", migrations)):
        config.set_main_option(option, str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, version_table=_version_table(migrations))
    _check_known(connection, migrations, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")


def _check_known(connection: Connection, migrations: Path, ours: ScriptDirectory) -> None:
    """Whether this program knows the tables that are there; it could not write into them as a newer one meant it."""
    context = MigrationContext.configure(connection, opts={"version_table": _version_table(migrations)})
    strange = set(context.get_current_heads()) - {each.revision for each in ours.walk_revisions()}
    if strange:
        stage, newest = migrations.parent.name, ", ".join(ours.get_heads())
        raise Refused(
            f"{stage.upper()}_DATABASE_URL: a newer seinpaal made the tables of {stage} there (version "
            f"{', '.join(sorted(strange))}; this one knows {newest}). Nothing was changed: start the newer one, or put "
            "everything back to before it, as deploy/README.md tells"
        )


def made(connection: Connection, migrations: Path) -> bool:
    """Whether these were ever run there. For `await connection.run_sync(made, migrations)`."""
    return inspect(connection).has_table(_version_table(migrations))


def nothing_new(migrations: Path) -> Update:
    """A write that changes nothing. A standby refuses it too, and a schema whose tables are gone."""
    version = table(_version_table(migrations), column("version_num"))
    return update(version).where(false()).values(version_num=version.c.version_num)


def _version_table(migrations: Path) -> str:
    return f"alembic_version_{migrations.parent.name}"


def drift(connection: Connection, tables: MetaData) -> list[str]:
    """What a migrated database lacks or has too much compared with `tables`; other tables are not looked at.

    For `await connection.run_sync(drift, metadata)` in a stage's tests: it must be empty on both databases.
    """

    def ours(name: str | None, kind: str, parents: object) -> bool:
        """Of tables, only those of this stage."""
        del parents
        return kind != "table" or name in tables.tables

    context = MigrationContext.configure(connection, opts={"include_name": ours, "compare_type": True})
    return [str(difference) for difference in compare_metadata(context, tables)]

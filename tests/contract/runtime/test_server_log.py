"""PostgreSQL's own log holds nothing of a row that it refused, with the flags that we deploy it with."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
import yaml
from sqlalchemy import insert, text
from structlog.testing import capture_logs

from services.audit import service as audit
from services.audit.service import AuditService
from services.audit.settings import AuditSettings
from services.runtime.database import Database, open_database
from services.runtime.database_errors import StatementFailed
from services.runtime.errors import TryLater
from services.runtime.first_start import start_with
from services.runtime.server_log import warn_of_server_log
from services.runtime.settings import KafkaSettings
from tests.contract.runtime.tables import things
from tests.postgres import EmbeddedPostgres, embedded

CANARY: Final = "Kanarievogel"
COMPOSE: Final = Path(__file__).parents[3] / "deploy" / "compose.yaml"
SERVERS: Final = ("postgres", "keyring-db")


def deployed(server: str) -> list[str]:
    """The flags of this server, as name=value."""
    command: list[str] = yaml.safe_load(COMPOSE.read_text())["services"][server]["command"]
    return [word for before, word in pairwise(command) if before == "-c"]


def address(postgres: EmbeddedPostgres) -> str:
    """As a setting has it."""
    return postgres.url.render_as_string(hide_password=False)


async def logged(migrations: Path, flags: list[str]) -> str:
    """What the server wrote while it refused rows of ours with a name in them, and a statement with one."""
    with embedded(flags=flags) as postgres:
        database = await open_database(address(postgres), migrations)
        async with database.begin() as connection:
            await connection.execute(insert(things), {"id": 1, "name": CANARY})
        for row in (
            {"id": 2, "name": CANARY},
            {"id": None, "name": f"{CANARY} 2"},
            {"id": 3, "name": CANARY, "box": 9},
        ):
            with pytest.raises(StatementFailed):
                async with database.begin() as connection:
                    await connection.execute(insert(things).inline(), row)
        with pytest.raises(StatementFailed):
            async with database.begin() as connection:
                await connection.execute(text(f"INSERT INTO shelf_things VALUES (4, '{CANARY}', 8)"))  # noqa: S608
        await database.stop()
        return postgres.log.read_text()


@pytest.mark.parametrize("server", SERVERS)
async def test_nothing_of_a_refused_row_is_in_the_servers_log(migrations: Path, server: str) -> None:
    """That it refused, and by which constraint, is: without that nobody could mend anything."""
    log = await logged(migrations, deployed(server))
    assert log.count('violates unique constraint "shelf_things_name"') >= 2
    assert "violates not-null constraint" in log
    assert CANARY not in log


@pytest.mark.parametrize("left_out", ["log_error_verbosity", "log_min_error_statement"])
async def test_each_of_these_flags_is_needed(migrations: Path, left_out: str) -> None:
    """Without one of them the log holds a name, and the test above can fail."""
    flags = [each for each in deployed("postgres") if not each.startswith(left_out)]
    assert len(flags) == len(deployed("postgres")) - 1
    assert CANARY in await logged(migrations, flags)


@pytest.mark.parametrize("left_out", [None, "log_error_verbosity", "log_min_error_statement"])
async def test_a_service_says_at_its_start_which_flag_is_missing(migrations: Path, left_out: str | None) -> None:
    """By name and value; of a server as we deploy it, nothing."""
    flags = deployed("postgres")
    missing = [each for each in flags if left_out and each.startswith(left_out)]
    with embedded(flags=[each for each in flags if each not in missing]) as postgres, capture_logs() as lines:
        database = Database(address(postgres), migrations)
        await start_with(database, KafkaSettings(), {})
        await database.stop()
    assert [line["why"].partition("Set ")[2].removesuffix(" there") for line in lines] == missing


async def test_audit_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks at its database before it looks for a broker."""

    async def away(*_: object) -> None:
        raise TryLater("no broker")

    monkeypatch.setattr(audit, "ensure_topics", away)
    with embedded() as postgres, capture_logs() as lines:
        settings = AuditSettings(database_url=address(postgres), parking_key=f"k:{'09' * 32}")
        with pytest.raises(TryLater, match="no broker"):
            await AuditService(settings, KafkaSettings()).start()
    assert [line["event"] for line in lines] == ["database.server_log"]


async def test_sqlite_has_no_log_of_its_own(tmp_path: Path, migrations: Path) -> None:
    """So nothing is said of it."""
    database = await open_database(f"sqlite:///{tmp_path}/x.db", migrations)
    with capture_logs() as lines:
        await warn_of_server_log(database)
    await database.stop()
    assert lines == []

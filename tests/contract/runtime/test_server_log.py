"""PostgreSQL's own log holds nothing of a row that it refused, with the flags that we deploy it with."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
import yaml
from sqlalchemy import insert, text

from services.runtime.database import open_database
from services.runtime.database_errors import StatementFailed
from tests.contract.runtime.tables import things
from tests.postgres import embedded

CANARY: Final = "Kanarievogel"
COMPOSE: Final = Path(__file__).parents[3] / "deploy" / "compose.yaml"
SERVERS: Final = ("postgres", "keyring-db")


def deployed(server: str) -> list[str]:
    """The flags of this server, as name=value."""
    command: list[str] = yaml.safe_load(COMPOSE.read_text())["services"][server]["command"]
    return [word for before, word in pairwise(command) if before == "-c"]


async def logged(migrations: Path, flags: list[str]) -> str:
    """What the server wrote while it refused rows of ours with a name in them, and a statement with one."""
    with embedded(flags=flags) as postgres:
        database = await open_database(postgres.url.render_as_string(hide_password=False), migrations)
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

"""Events from before replays, brought up to date on both databases."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, select

from services.router import recorded_events
from services.router.tables import EVENT
from services.runtime.database import open_database
from tests.contract.router.conftest import MIGRATIONS
from tests.contract.router.test_memory import kept
from tests.unit.router.samples import NOW, signal


@pytest.fixture
def model() -> None:
    """An older release made the tables."""


async def test_events_of_an_older_release_are_found_by_household(database_url: str, tmp_path: Path) -> None:
    """Whose facts they are is read out of the facts: they are replayed, and forgotten in time, as later ones are."""
    older = tmp_path / "router" / "migrations"
    older.mkdir(parents=True)
    for file in MIGRATIONS.glob("000[123]_*.py"):
        shutil.copy(file, older)
    home, other = "a1" * 16, "0" * 32
    homes = (kept(signal("1", household=home), 0), kept(signal("2", after=1, household=other), 1))
    rows = [one._asdict() for one in homes]
    rows[1]["revision"] = 2
    before = await open_database(database_url, older)
    async with before.begin() as connection:
        there = await connection.run_sync(lambda sync: {each["name"] for each in inspect(sync).get_columns(EVENT.name)})
        assert "household" not in there
        older_rows = [{name: value for name, value in each.items() if name in there} for each in rows]
        await connection.execute(insert(EVENT), older_rows)
    await before.stop()
    after = await open_database(database_url, MIGRATIONS)
    async with after.read() as connection:
        found = await connection.execute(select(EVENT.c.household, EVENT.c.facts).order_by(EVENT.c.revision))
        assert found.all() == [(home, rows[0]["facts"]), (other, rows[1]["facts"])]
        since, until = NOW - timedelta(days=1), NOW + timedelta(days=1)
        events = [
            one
            async for group in recorded_events.groups(connection, since, until)
            async for page in group.pages
            for one in page
        ]
    await after.stop()
    assert [event.facts.household for event in events] == [home, other]

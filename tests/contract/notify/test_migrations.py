"""A ledger from before the moves were counted, brought up to date on both databases."""

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, column, inspect, select, table

from services.notify import reach_store
from services.notify.settings import MIGRATIONS
from services.notify.store import NAMES
from services.notify.tables import COMMAND, DELIVERY, PARTNER
from services.runtime.database import open_database
from tests.unit.notify import samples

A_PARTNER = {"partner": "p", "breaker": "closed", "failures": 0, "slots": "[]", "wait": 0.0, "redriving": False}


def columns(connection: Connection) -> set[str]:
    """Of the ledger's table, as it is."""
    return {column["name"] for column in inspect(connection).get_columns(DELIVERY.name)}


@pytest.fixture
def model() -> None:
    """An older release made the tables."""


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
        await connection.execute(DELIVERY.insert().values(row))
    await before.stop()
    after = await open_database(database_url, MIGRATIONS)
    async with after.read() as connection:
        assert (await connection.execute(select(DELIVERY.c.moves))).scalar_one() > line.fence
    await after.stop()


async def test_a_partner_that_was_failing_goes_on_from_its_last_warning(database_url: str, tmp_path: Path) -> None:
    """Of an older ledger nobody knows the gaps between its faults: what people were told of is what counts."""
    older = tmp_path / "notify" / "migrations"
    older.mkdir(parents=True)
    for file in MIGRATIONS.glob("00*.py"):
        if file.name < "0014":
            shutil.copy(file, older)
    before = await open_database(database_url, older)
    async with before.begin() as connection:
        row = A_PARTNER | {"failing_since": samples.AT, "warned": 70, "changes": 3}
        as_it_was = table(PARTNER.name, *(column(name, PARTNER.c[name].type) for name in row))
        await connection.execute(as_it_was.insert().values(row))
    await before.stop()
    after = await open_database(database_url, MIGRATIONS)
    async with after.read() as connection:
        stands = (await reach_store.read(connection))["p"]
    await after.stop()
    assert (stands.failing_for, stands.failed_at, stands.warned) == (timedelta(hours=84), None, 70)


async def test_what_a_person_said_of_an_older_ledger_stands(database_url: str, tmp_path: Path) -> None:
    """Its commands tell who let it go; a command that was refused, or is about something else, says nothing."""
    older = tmp_path / "notify" / "migrations"
    older.mkdir(parents=True)
    for file in MIGRATIONS.glob("00*.py"):
        if file.name < "0019":
            shutil.copy(file, older)
    lines = [samples.line(f"T-{number}", moves=2) for number in range(4)]
    said = [(lines[0], "redrive", None), (lines[1], "redrive", "is-pending"), (lines[2], "cancel", None)]
    before = await open_database(database_url, older)
    async with before.begin() as connection:
        there = await connection.run_sync(columns)
        for line in lines:
            row = {name: getattr(line, name) for name in NAMES if name in there} | {"content": b"{}"}
            await connection.execute(DELIVERY.insert().values(row))
        for line, action, refusal in said:
            row = {"id": uuid4(), "target": line.referral, "at": samples.AT, "action": action, "refusal": refusal}
            await connection.execute(COMMAND.insert().values(row))
    await before.stop()
    after = await open_database(database_url, MIGRATIONS)
    async with after.read() as connection:
        decided = (await connection.execute(select(DELIVERY.c.referral).where(DELIVERY.c.decided))).scalars().all()
    await after.stop()
    assert decided == [lines[0].referral]

"""The PostgreSQL that tests run on: real, empty for each test, and durable when it crashes."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from tests.postgres import EmbeddedPostgres, fresh_database

seen: set[str] = set()


@pytest.mark.parametrize("nth", [1, 2])
async def test_every_test_has_an_empty_database_of_its_own(nth: int, postgres_url: str) -> None:
    """What one test writes is never met by another."""
    engine = create_async_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.execute(text("create table letter (nth integer)"))
        await connection.execute(text("insert into letter values (:nth)"), {"nth": nth})
        found = (await connection.execute(text("select nth, current_database() from letter"))).all()
    await engine.dispose()
    assert [row[0] for row in found] == [nth]
    assert found[0][1] not in seen
    seen.add(found[0][1])


async def test_a_database_goes_away_with_its_test(own_postgres: EmbeddedPostgres) -> None:
    """A session leaves no databases behind, not even when a connection was left open."""
    async with fresh_database(own_postgres.url) as url:
        left_open = create_async_engine(url)
        connection = await left_open.connect()
        await connection.execute(text("select 1"))
    with pytest.raises(DBAPIError):
        await connection.execute(text("select 1"))
    await connection.invalidate()
    await connection.close()
    await left_open.dispose()
    engine = create_async_engine(own_postgres.url)
    async with engine.connect() as administrator:
        names = (await administrator.execute(text("select datname from pg_database where datname like 't\\_%'"))).all()
    await engine.dispose()
    assert names == []


async def test_a_crash_keeps_what_was_committed_and_nothing_else(own_postgres: EmbeddedPostgres) -> None:
    """An acknowledged commit survives the server; an open transaction does not."""
    async with fresh_database(own_postgres.url) as url:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text("create table letter (body text)"))
            await connection.execute(text("insert into letter values ('committed')"))
        open_one = await engine.connect()
        await open_one.execute(text("insert into letter values ('not committed')"))
        await asyncio.to_thread(own_postgres.crash_and_restart)
        await open_one.invalidate()
        await open_one.close()
        async with engine.connect() as connection:
            found = (await connection.execute(text("select body from letter"))).scalars().all()
        await engine.dispose()
    assert found == ["committed"]

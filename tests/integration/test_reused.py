"""Databases that tests use one after the other: none meets what another left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest
from sqlalchemy import URL, make_url

from tests.postgres import fresh_database
from tests.reused import Reused

TABLES = """
create table letter (id bigint generated always as identity primary key, body text);
create table stamp (price integer);
insert into stamp values (1);
"""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """By the driver alone."""
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def reused(postgres_server: URL) -> AsyncIterator[Reused]:
    """Of a model with a table that is empty and one that is not."""
    async with fresh_database(postgres_server) as model:
        async with connected(model) as connection:
            await connection.execute(TABLES)
        yield Reused(postgres_server, str(make_url(model).database))


async def test_the_next_one_finds_what_the_model_has(reused: Reused) -> None:
    """Rows, changes of the model's own rows and numbers given out are gone."""
    async with reused.lent() as url, connected(url) as connection:
        await connection.execute("insert into letter (body) values ('one'), ('two'); update stamp set price = 2")
    async with reused.lent() as again, connected(again) as connection:
        assert again == url
        assert await connection.fetchval("insert into letter (body) values ('one') returning id") == 1
        assert [row["price"] for row in await connection.fetch("select price from stamp")] == [1]


@pytest.mark.parametrize(
    "changed",
    [
        "alter table letter add column sent boolean",
        "drop table stamp",
        "create index by_body on letter (body)",
        "alter table letter drop constraint letter_pkey",
        "create schema attic",
    ],
)
async def test_one_of_another_shape_is_not_lent_again(reused: Reused, changed: str) -> None:
    """A test that changes tables or indexes changes them for itself."""
    async with reused.lent() as url, connected(url) as connection:
        await connection.execute(changed)
    async with reused.lent() as other:
        assert other != url


async def test_who_is_still_connected_writes_nothing_into_the_next_test(reused: Reused) -> None:
    """A connection that a test left open ends with it, and what it had not committed."""
    async with reused.lent() as url:
        left = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
        transaction = left.transaction()
        await transaction.start()
        await left.execute("insert into letter (body) values ('late')")
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await left.execute("commit")
    async with reused.lent() as again, connected(again) as connection:
        assert again == url
        assert await connection.fetchval("select count(*) from letter") == 0


async def test_two_at_a_time_are_two(reused: Reused) -> None:
    """Nobody shares one."""
    async with reused.lent() as one, reused.lent() as other:
        assert one != other

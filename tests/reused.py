"""PostgreSQL databases that tests use one after the other: to make one takes longer than most tests do."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import URL

from tests.postgres import created, dropped

OTHERS: Final = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
"""Whoever is still connected writes nothing here any more."""

SHAPE: Final = """
select (select string_agg(a::text, '' order by attrelid, attnum) from pg_attribute a where attrelid >= 16384),
  (select string_agg(c::text, '' order by oid) from pg_constraint c where oid >= 16384),
  (select string_agg(t::text, '' order by oid) from pg_trigger t where not tgisinternal),
  (select string_agg(s::text, '') from pg_db_role_setting s),
  (select string_agg(n::text, '' order by oid) from pg_namespace n where nspname !~ '^pg_')
"""
"""Of everything that is not the server's own (ids from 16384 on), all but the rows. A copy has the ids of its model."""

WRITTEN: Final = """
select oid::regclass::text from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0
"""
"""The tables into which anything was ever written since they were emptied, be it rolled back."""


@dataclass(slots=True)
class Reused:
    """Copies of one model. `shape` and `rows` are those of the model: what a copy is brought back to."""

    server: URL
    model: str
    free: list[str] = field(default_factory=list)
    shape: object = None
    rows: dict[str, Sequence[Any]] = field(default_factory=dict)

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[str]:
        """One as its model is, for one test: `postgresql+asyncpg://…`. It is dropped when more than rows changed."""
        if self.shape is None:
            await self._learn()
        name = self.free.pop() if self.free else await created(self.server, self.model)
        try:
            yield self.server.set(database=name).render_as_string(hide_password=False)
        finally:
            if await self._restored(name):
                self.free.append(name)
            else:
                await dropped(self.server, name)

    async def _learn(self) -> None:
        async with self._connected(self.model) as connection:
            self.shape = await connection.fetchrow(SHAPE)
            for (table,) in await connection.fetch(WRITTEN):
                self.rows[table] = await connection.fetch(f"select * from {table}")  # noqa: S608  the names are its own

    async def _restored(self, name: str) -> bool:
        async with self._connected(name) as connection:
            await connection.execute(OTHERS)
            if await connection.fetchrow(SHAPE) != self.shape:
                return False
            if written := [table for (table,) in await connection.fetch(WRITTEN)]:
                await connection.execute(f"truncate {', '.join(written)} restart identity cascade")
            for table, rows in self.rows.items():
                await connection.copy_records_to_table(table, records=rows)
            return True

    @asynccontextmanager
    async def _connected(self, name: str) -> AsyncIterator[Any]:
        address = self.server.set(drivername="postgresql", database=name)
        connection = await asyncpg.connect(address.render_as_string(hide_password=False))
        try:
            yield connection
        finally:
            await asyncio.shield(connection.close())

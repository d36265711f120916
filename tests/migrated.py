"""Databases whose tables are there at once: what a stage's migrations make is made once a session."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL

from services.runtime.database import open_database
from tests.postgres import administer, dropped
from tests.reused import Reused


class Files:
    """On SQLite: each test has a copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._models: dict[Path, Path] = {}

    async def copy(self, migrations: Path, target: Path) -> None:
        """A database at `target`."""
        if migrations not in self._models:
            file = self._folder / f"{migrations.parent.name}.db"
            await _made(f"sqlite:///{file}", migrations)
            self._models[migrations] = file
        await asyncio.to_thread(shutil.copyfile, self._models[migrations], target)


class Lending:
    """On a PostgreSQL server: tests use them one after the other."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._models: dict[Path, Reused] = {}

    @asynccontextmanager
    async def lent(self, migrations: Path) -> AsyncIterator[str]:
        """One for one test, by its address."""
        if migrations not in self._models:
            name = f"model_{migrations.parent.name}_{uuid4().hex}"
            await administer(self._server, f"create database {name}")
            self._models[migrations] = Reused(self._server, name)
            await _made(self._server.set(database=name).render_as_string(hide_password=False), migrations)
        async with self._models[migrations].lent() as url:
            yield url

    async def end(self) -> None:
        """Nothing is left on the server."""
        for reused in self._models.values():
            for name in (*reused.free, reused.model):
                await dropped(self._server, name)


async def _made(url: str, migrations: Path) -> None:
    database = await open_database(url, migrations)
    await database.stop()

"""Databases whose tables are there at once: what a stage's migrations make is made once a session, and copied."""

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL

from services.runtime.database import open_database
from tests.postgres import administer


class Models:
    """What copies are made of, by the folder of migrations that made it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Path, Path] = {}
        self._names: dict[Path, str] = {}

    async def copy(self, migrations: Path, target: Path) -> None:
        """An SQLite database at `target`."""
        if migrations not in self._files:
            file = self._folder / f"{migrations.parent.name}.db"
            await _made(f"sqlite:///{file}", migrations)
            self._files[migrations] = file
        await asyncio.to_thread(shutil.copyfile, self._files[migrations], target)

    async def named(self, migrations: Path, server: URL) -> str:
        """The name of a database on that PostgreSQL server, to which nobody is connected."""
        if migrations not in self._names:
            name = f"model_{migrations.parent.name}_{uuid4().hex}"
            await administer(server, f"create database {name}")
            await _made(server.set(database=name).render_as_string(hide_password=False), migrations)
            self._names[migrations] = name
        return self._names[migrations]


async def _made(url: str, migrations: Path) -> None:
    database = await open_database(url, migrations)
    await database.stop()

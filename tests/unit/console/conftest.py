"""A log in a file that grows while a console looks at it."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from schemas.audit import AuditEntry
from services.audit.append import read
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.audit.tables import ENTRY, POSITION
from services.runtime.database import Database, open_database
from tests.unit.audit.samples import record


class Growing:
    """A log that takes in entries when a test says so."""

    def __init__(self, database: Database, url: str) -> None:
        self.url = url
        self.log = AuditLog(database)
        self.database = database
        self._size = 0

    async def take(self, entries: Sequence[AuditEntry]) -> None:
        """As the audit stage does."""
        arrivals = [read(record(entry, self._size + place)) for place, entry in enumerate(entries)]
        await AuditStore(self.database).append(("audit.v1", 0), self._size, self._size + len(entries), arrivals)
        self._size += len(entries)

    async def put_back(self, entries: int) -> None:
        """As it was before the last so many: from a backup, or on a standby that had not got them."""
        self._size -= entries
        async with self.database.begin() as connection:
            await connection.execute(delete(ENTRY).where(ENTRY.c.index >= self._size))
            await connection.execute(update(POSITION).values(next_offset=self._size))


@pytest.fixture
async def growing(tmp_path: Path) -> AsyncIterator[Growing]:
    """An empty log."""
    url = f"sqlite:///{tmp_path}/audit.db"
    database = await open_database(url, MIGRATIONS)
    yield Growing(database, url)
    await database.stop()

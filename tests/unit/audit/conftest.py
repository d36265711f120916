"""A log in a file, for the commands that read it."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from schemas.audit import AuditEntry
from services.audit.append import read
from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.runtime.database import open_database
from tests.unit.audit.samples import record

Fill = Callable[[Sequence[AuditEntry]], None]


@pytest.fixture
def fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fill:
    """`fill(entries)` makes the log that the commands find."""
    url = f"sqlite:///{tmp_path}/audit.db"
    monkeypatch.setenv("AUDIT_DATABASE_URL", url)

    async def write(entries: Sequence[AuditEntry]) -> None:
        database = await open_database(url, MIGRATIONS)
        arrivals = [read(record(entry, offset)) for offset, entry in enumerate(entries)]
        await AuditStore(database).append(("audit.v1", 0), 0, len(arrivals), arrivals)
        await database.stop()

    return lambda entries: asyncio.run(write(entries))

"""The audit stage, run for a test, and what it is given."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from schemas.audit import AuditEntry
from services.audit.log import AuditLog
from services.audit.service import AuditService
from services.audit.settings import MIGRATIONS, AuditSettings
from services.runtime.database import Database
from services.runtime.settings import KafkaSettings
from tests.unit.audit.samples import story
from tests.waiting import until

PARKING_KEY = "house:" + "9c" * 32
GROUP = "audit"


@asynccontextmanager
async def running(kafka: KafkaSettings, url: str) -> AsyncIterator[AuditLog]:
    """The stage, started; what it keeps can be read."""
    service = AuditService(AuditSettings(database_url=url, parking_key=PARKING_KEY, max_records=7), kafka)
    database = Database(url, MIGRATIONS)
    await service.start()
    try:
        yield AuditLog(database)
    finally:
        await service.stop()
        await database.stop()


async def size_is(log: AuditLog, expected: int) -> None:
    """Wait until the log has so many lines."""

    async def reached() -> bool:
        return await log.size() >= expected

    await until(reached, f"{expected} lines are in the log")
    assert await log.size() == expected


def stories(numbers: Sequence[int]) -> list[AuditEntry]:
    """Five entries a signal."""
    return [entry for number in numbers for entry in story(number)]

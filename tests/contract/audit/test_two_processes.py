"""A log that several processes look at while one writes it."""

import asyncio
import sys

from services.audit.append import read
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.runtime.database import Database, open_database
from tests.unit.audit.samples import accepted, record

LOOK = """
import asyncio, sys
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS
from services.runtime.database import open_database

async def look():
    database = await open_database(sys.argv[1], MIGRATIONS)
    print(await AuditLog(database).size())
    await database.stop()

asyncio.run(look())
"""


async def test_a_process_that_looks_and_leaves_takes_nothing_away(database_url: str, database: Database) -> None:
    """Stage and console share the file in one process; a command in another one opens it, reads and goes."""
    log, store = AuditLog(database), AuditStore(database)
    for number in range(3):
        await store.append(("audit.v1", 0), number, number + 1, [read(record(accepted(number), number))])
        also_here = await open_database(database_url, MIGRATIONS)
        assert await AuditLog(also_here).size() == await looked(database_url) == await log.size() == number + 1
        await also_here.stop()


async def looked(url: str) -> int:
    """How many lines another process sees."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", LOOK, url, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    return int(said)

"""A migrated ledger on each of the two databases."""

from collections.abc import AsyncIterator

import pytest

from services.notify.settings import MIGRATIONS
from services.runtime.database import Database, open_database
from tests.contract.notify.ledger import Ledger


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Its tables are there."""
    opened = await open_database(database_url, MIGRATIONS)
    yield opened
    await opened.stop()


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[Ledger]:
    """Empty. Whatever a test does to it, at its end the tally is what counting every line finds."""
    ledger = Ledger(database)
    yield ledger
    assert await ledger.tally() == await ledger.counted()

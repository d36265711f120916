"""A log in a database of its own, on either kind of database."""

from pathlib import Path

import pytest

from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.runtime.database import Database


@pytest.fixture
def model() -> Path:
    """Tables are there."""
    return MIGRATIONS


@pytest.fixture
def store(database: Database) -> AuditStore:
    """An empty log."""
    return AuditStore(database)

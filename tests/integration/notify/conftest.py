"""What the integration tests of notify ask for by name."""

from pathlib import Path

import pytest

from services.notify.settings import MIGRATIONS
from services.runtime.settings import KafkaSettings
from tests.integration.notify.house import House


@pytest.fixture
def model() -> Path:
    """A ledger's tables are there."""
    return MIGRATIONS


@pytest.fixture
def house(bootstrap: str, database_url: str, tmp_path: Path) -> House:
    """A ledger on each of the two databases in turn, on the shared broker."""
    return House(tmp_path, KafkaSettings(bootstrap=bootstrap), database_url)

"""What the integration tests of notify ask for by name."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from services.notify.settings import MIGRATIONS
from services.runtime import log
from services.runtime.settings import KafkaSettings
from tests.integration.notify.house import House


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """What runs beside a command in one process writes its lines elsewhere, not between what the command prints."""
    was = structlog.get_config()
    log.configure(stream=sys.__stderr__)
    yield
    structlog.configure(**was)


@pytest.fixture
def model() -> Path:
    """A ledger's tables are there."""
    return MIGRATIONS


@pytest.fixture
def house(bootstrap: str, database_url: str, tmp_path: Path) -> House:
    """A ledger on each of the two databases in turn, on the shared broker."""
    return House(tmp_path, KafkaSettings(bootstrap=bootstrap), database_url)

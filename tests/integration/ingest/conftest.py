"""What these tests ask for by name."""

from pathlib import Path

import pytest

from services.runtime.settings import KafkaSettings
from tests.begun import begun
from tests.integration.ingest.door import Door


@pytest.fixture
async def door(bare_kafka: KafkaSettings, tmp_path: Path, database_url: str) -> Door:
    """A broker, a keyring and a configuration for one test alone: the topics have the names they have in production."""
    folder = tmp_path / "config"
    folder.mkdir()
    made = Door(folder, bare_kafka, database_url)
    await begun(made.keys)
    return made

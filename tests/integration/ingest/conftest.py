"""What these tests ask for by name."""

from pathlib import Path

import pytest

from services.runtime.settings import KafkaSettings
from services.sandbox.kafka import EmbeddedKafka
from tests.begun import begun
from tests.integration.ingest.door import Door


@pytest.fixture
async def door(own_kafka: EmbeddedKafka, tmp_path: Path, database_url: str) -> Door:
    """A broker, a keyring and a configuration for one test alone: the topics have the names they have in production."""
    folder = tmp_path / "config"
    folder.mkdir()
    made = Door(folder, KafkaSettings(bootstrap=own_kafka.bootstrap), database_url)
    await begun(made.keys)
    return made

"""What these tests ask for by name."""

from pathlib import Path

import pytest

from services.runtime.settings import KafkaSettings
from services.sandbox.kafka import EmbeddedKafka
from tests.integration.ingest.door import Door


@pytest.fixture
def door(own_kafka: EmbeddedKafka, tmp_path: Path, database_url: str) -> Door:
    """A broker, a keyring and a configuration for one test alone: the topics have the names they have in production."""
    folder = tmp_path / "config"
    folder.mkdir()
    return Door(folder, KafkaSettings(bootstrap=own_kafka.bootstrap), database_url)

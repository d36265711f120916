"""What these tests ask for by name."""

from pathlib import Path

import pytest

from services.runtime.settings import KafkaSettings
from tests.integration.router.desk import Desk


@pytest.fixture
def desk(bare_kafka: KafkaSettings, tmp_path: Path) -> Desk:
    """A broker, a memory and a policy for one test alone: the topics have the names they have in production."""
    return Desk(tmp_path, bare_kafka)

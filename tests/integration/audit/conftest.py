"""What the other stages write through."""

from collections.abc import AsyncIterator

import pytest

from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings


@pytest.fixture
async def sink(bare_kafka: KafkaSettings) -> AsyncIterator[Sink]:
    """What the other stages write through."""
    opened = Sink(bare_kafka, client_id="test")
    await opened.start()
    yield opened
    await opened.stop()

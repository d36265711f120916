"""A rig for each test: topics nobody else has, and everything stopped at the end."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings
from tests.broker import MakeTopic
from tests.integration.runtime.rig import Rig

MakeRig = Callable[[int], Awaitable[Rig]]


@pytest.fixture
async def make_rig(bootstrap: str, topic: MakeTopic) -> AsyncIterator[MakeRig]:
    """Awaited with a number of partitions, it gives a rig whose `source` has as many."""
    rigs: list[Rig] = []

    async def make(partitions: int) -> Rig:
        settings = KafkaSettings(bootstrap=bootstrap)
        feed = Sink(settings, client_id="feed")
        await feed.start()
        rig = Rig(settings, source=await topic(partitions), target=await topic(), feed=feed)
        rigs.append(rig)
        return rig

    yield make
    for rig in rigs:
        await rig.stop()


@pytest.fixture
async def rig(make_rig: MakeRig) -> Rig:
    """A rig with one partition: everything is in order."""
    return await make_rig(1)

"""Who is told to end while it opens a client to Kafka leaves no connection behind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.protocol.metadata import MetadataRequest

from services.runtime.ending import end
from services.runtime.kafka import Sink, TopicSpec, ensure_topics, offsets
from tests.integration.runtime.rig import Rig


async def _ensures(rig: Rig) -> None:
    await ensure_topics(rig.settings, [TopicSpec("nothing.v1", 1)])


async def _looks(rig: Rig) -> None:
    await offsets(rig.settings, "nobody", [])


async def _sends(rig: Rig) -> None:
    sink = Sink(rig.settings, client_id="cut")
    try:
        await sink.start()
    finally:
        await sink.stop()


async def _joins(rig: Rig) -> None:
    await (await rig.hop(sink=rig.feed)).stop()


Way = Callable[[Rig], Awaitable[None]]
WAYS: list[Way] = [_ensures, _looks, _sends, _joins]


class Interrupted:
    """Ends a task at its nth question who the brokers are, and knows every connection on which one was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self._at, self._ask = at, AIOKafkaConnection.send
        self.connections: list[Any] = []
        self.task: asyncio.Task[None] | None = None
        monkeypatch.setattr(AIOKafkaConnection, "send", self._send())

    def _send(self) -> Callable[..., Any]:
        def send(connection: Any, request: Any, **how: Any) -> Any:
            answer = self._ask(connection, request, **how)
            if isinstance(request, MetadataRequest):
                self.connections.append(connection)
                if len(self.connections) == self._at and self.task is not None:
                    self.task.cancel()
            return answer

        return send


@pytest.mark.parametrize("way", WAYS, ids=["admin", "consumer", "producer", "hop"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
async def test_no_connection_is_left(rig: Rig, monkeypatch: pytest.MonkeyPatch, way: Way, at: int) -> None:
    """However far the opening was, what it had opened is closed when its task is over."""
    interrupted = Interrupted(monkeypatch, at)

    async def working() -> None:
        await way(rig)

    interrupted.task = asyncio.create_task(working())
    await asyncio.wait({interrupted.task}, timeout=10)
    await end(interrupted.task)
    assert interrupted.connections
    assert [one for one in interrupted.connections if one.connected()] == []

"""Who is told to end while it opens a client to Kafka leaves no connection behind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.protocol.metadata import MetadataRequest

from services.runtime.ending import end
from services.runtime.kafka import Sink, TopicSpec, ensure_topics, offsets
from services.runtime.settings import KafkaSettings
from tests.integration.runtime.rig import Rig


async def _ensures(settings: KafkaSettings) -> None:
    await ensure_topics(settings, [TopicSpec("nothing.v1", 1)])


async def _looks(settings: KafkaSettings) -> None:
    await offsets(settings, "nobody", [])


async def _sends(settings: KafkaSettings) -> None:
    sink = Sink(settings, client_id="cut")
    try:
        await sink.start()
    finally:
        await sink.stop()


WAYS: list[Callable[[KafkaSettings], Awaitable[None]]] = [_ensures, _looks, _sends]


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


@pytest.mark.parametrize("way", WAYS, ids=["admin", "consumer", "producer"])
@pytest.mark.parametrize("at", [1, 2, 3])
async def test_no_connection_is_left(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, way: Callable[[KafkaSettings], Awaitable[None]], at: int
) -> None:
    """However far the opening was, what it had opened is closed when its task is over."""
    interrupted = Interrupted(monkeypatch, at)

    async def working() -> None:
        await way(rig.settings)

    interrupted.task = asyncio.create_task(working())
    await asyncio.wait({interrupted.task}, timeout=10)
    await end(interrupted.task)
    assert interrupted.connections
    assert [one for one in interrupted.connections if one.connected()] == []

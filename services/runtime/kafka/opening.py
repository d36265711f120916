"""OPENING: a client that is told to end while it opens leaves no connection behind."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from services.runtime.ending import end

PATIENCE: Final = 2.0  # seconds to come to an end, once told


async def opened(opening: Coroutine[Any, Any, None]) -> None:
    """Returns when it is; who is cancelled meanwhile first lets it come to its end, and can then close the client.

    Cancelled while it asks who the brokers are, aiokafka's `AIOKafkaClient.bootstrap` forgets the connection it asks
    through: nobody closes that any more, and it stays with the broker until one of the two processes ends.
    """
    task = asyncio.ensure_future(opening)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=PATIENCE)
        await end(task)
        _ = task.cancelled() or task.exception()  # whatever it was, nobody waits for it any more
        raise

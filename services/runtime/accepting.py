"""ACCEPTING: takes connections from a socket that listens. Each has its place before it may begin to speak TLS."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Final

from services.runtime.connections import Connections, Place
from services.runtime.log import get_logger
from services.runtime.web_connection import HEAD_SECONDS

AGAIN_SECONDS: Final = 1.0
"""How long nobody is taken when the system gives no more files, as asyncio's own servers do."""

log = get_logger(__name__)


async def accept(
    listening: socket.socket,
    tls: ssl.SSLContext | None,
    connections: Connections,
    make: Callable[[Place], asyncio.Protocol],
) -> None:
    """Until it is cancelled. Who finds no place is hung up on, and waits for nothing."""
    loop = asyncio.get_running_loop()
    listening.settimeout(0)  # as the loop wants it
    async with asyncio.TaskGroup() as opening:
        while True:
            try:
                accepted, address = await loop.sock_accept(listening)
            except OSError as error:
                log.warning("web.accept_failed", error=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            place = connections.enter(address[0])
            if place is None:
                accepted.close()
            else:
                opening.create_task(_opened(accepted, tls, place, make))


async def _opened(
    accepted: socket.socket, tls: ssl.SSLContext | None, place: Place, make: Callable[[Place], asyncio.Protocol]
) -> None:
    loop, patience = asyncio.get_running_loop(), None if tls is None else HEAD_SECONDS
    opening = asyncio.current_task()
    place.hang_up = None if opening is None else opening.cancel
    try:
        await loop.connect_accepted_socket(lambda: make(place), accepted, ssl=tls, ssl_handshake_timeout=patience)
    except OSError:  # no handshake, or none in time: a stranger's, of which there is nothing to tell
        place.leave()
    except BaseException:
        place.leave()
        raise

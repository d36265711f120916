"""Ports on this machine that stay ours while we are down."""

import secrets
import socket
from collections.abc import Collection
from typing import Final

HOST: Final = "127.0.0.1"
PORTS: Final = range(20_000, 30_000)
"""Below those the system lends to outgoing connections (from 32768): one of those could sit on ours while we are down,
even a client's own that keeps dialling us (a TCP self-connect)."""


def free(port: int) -> bool:
    """Whether nobody listens there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may linger
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def another(besides: Collection[int]) -> int:
    """A port that is free now, and none of these."""
    candidates = iter(lambda: secrets.choice(PORTS), None)
    return next(port for port in candidates if port not in besides and free(port))

"""Who answers at a port: the id of the Kafka cluster there. A hundred bytes, as a start asks many times a second."""

import asyncio
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

from services.sandbox.ports import HOST

ANSWERS_WITHIN: Final = 2.0  # seconds
MOST: Final = 1_000_000  # bytes; whoever else listens there may say anything

_METADATA_2: Final = struct.pack(">hhih8si", 3, 2, 1, 8, b"seinpaal", 0)
"""Key, version, correlation id, client id and no topics (Kafka protocol, Metadata request, version 2)."""


def cluster_of(meta: Path) -> str:
    """The id that Kafka's own tool gave the storage, as its meta.properties tells it."""
    lines = dict(line.split("=", 1) for line in meta.read_text().splitlines() if "=" in line)
    return lines["cluster.id"]


async def cluster_at(port: int) -> str | None:
    """The id of the cluster of the broker that answers there and is ready to create topics; None without one."""
    with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, struct.error, UnicodeDecodeError):
        async with asyncio.timeout(ANSWERS_WITHIN):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(struct.pack(">i", len(_METADATA_2)) + _METADATA_2)
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                return _cluster(await reader.readexactly(size)) if 0 <= size <= MOST else None
            finally:
                writer.close()
    return None


def _cluster(answer: bytes) -> str | None:
    """Past the brokers, each with id, host, port and rack; a broker that names none is not ready yet."""
    _correlation, brokers = struct.unpack_from(">ii", answer)
    at = 8
    for _ in range(brokers):
        _host, at = _text(answer, at + 4)
        _rack, at = _text(answer, at + 4)
    cluster, _at = _text(answer, at)
    return cluster if brokers >= 1 else None


def _text(answer: bytes, at: int) -> tuple[str | None, int]:
    """A nullable string, and where the next field begins."""
    (length,) = struct.unpack_from(">h", answer, at)
    end = at + 2 + max(length, 0)
    return (answer[at + 2 : end].decode() if length >= 0 else None), end

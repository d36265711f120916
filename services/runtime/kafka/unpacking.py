"""UNPACKING: how much a packed batch may become, and how much of a partition is taken at once.

A broker weighs batches as they are packed: six kilobytes of zstd are 200 MB, and whoever may write to one topic would
end every process that reads it. What is beyond these bounds is no batch to us: its partition stands still, and no
other one.
"""

import struct
import sys
from collections.abc import Callable
from gzip import GzipFile
from io import BytesIO
from typing import Any, Final

import cramjam
from aiokafka import codec
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.legacy_records import LegacyRecordBatch
from aiokafka.record.util import decode_varint

MOST: Final = 32 * 1024 * 1024
"""Bytes of one batch, unpacked: 32 times what a broker takes of one as Kafka ships it."""

TOGETHER: Final = 4 * 1024 * 1024
"""Bytes after which no more records of a partition are taken in one go."""

WALKED: Final = 1024 * 1024
"""Bytes from which on it is looked how many headers the records of a batch have: each costs memory, and two bytes."""

HEADERS: Final = 1000
"""Of one record."""

RECORDS: Final = 100_000
"""Of one batch of more than `WALKED` bytes: none has so many, and each takes a moment to be looked at."""

HEADER_BYTES: Final = 100
"""What a header costs us beside its value."""

_XERIAL: Final = b"\x82SNAPPY\0"
_XERIAL_HEAD: Final = 16
_USUAL_RATIO: Final = 16
_BLOCK: Final = struct.Struct(">i")

Unpack = Callable[[Any], bytes]


class TooPacked(ValueError):  # noqa: N818  it says what the batch is
    """It holds more than any batch of a tenant system."""


def gzip(packed: Any) -> bytes:
    """As aiokafka's own, within the bounds. Raises TooPacked, and what that raises."""
    with GzipFile(fileobj=BytesIO(packed)) as file:
        return _within(file.read(MOST + 1))


def snappy(packed: Any) -> bytes:
    """The same. Each block says how long it becomes, and no more is made of it than that."""
    if sum(map(cramjam.snappy.decompress_raw_len, _blocks(bytes(packed)))) > MOST:
        raise TooPacked
    return bytes(codec.snappy_decode(packed))


def lz4(packed: Any) -> bytes:
    """The same."""
    return _into_room(cramjam.lz4.decompress_into, bytes(packed))


def zstd(packed: Any) -> bytes:
    """The same."""
    return _into_room(cramjam.zstd.decompress_into, bytes(packed))


def _into_room(decompress_into: Callable[[bytes, bytearray], int], packed: bytes) -> bytes:
    """Into more and more room, as neither format has to say how much it takes, and what it says may be a lie."""
    room = len(packed) * _USUAL_RATIO
    while True:
        out = bytearray(min(room, MOST))
        try:
            return bytes(memoryview(out)[: decompress_into(packed, out)])
        except cramjam.DecompressionError:
            if room >= MOST:
                raise TooPacked from None
        room *= _USUAL_RATIO


def _blocks(packed: bytes) -> list[bytes]:
    """As snappy's Java streams write them, one after the other; or all of it as one."""
    if not packed.startswith(_XERIAL):
        return [packed]
    found, place = [], _XERIAL_HEAD
    while place < len(packed):
        (size,) = _BLOCK.unpack_from(packed, place)
        if size <= 0:
            raise TooPacked
        found.append(packed[place + _BLOCK.size : place + _BLOCK.size + size])
        place += _BLOCK.size + size
    return found


def _within(unpacked: bytes) -> bytes:
    if len(unpacked) > MOST:
        raise TooPacked
    return unpacked


def few_headers(unpacked: bytes) -> bytes:
    """The records of a batch, unless they or their headers are too many. Raises TooPacked, and more of a broken one."""
    place, number = 0 if len(unpacked) > WALKED else len(unpacked), 0
    while place < len(unpacked):
        number += 1
        length, place = decode_varint(unpacked, place)
        following = place + length
        place += 1  # its attributes
        for _ in range(2):  # its time and its offset
            _, place = decode_varint(unpacked, place)
        for _ in range(2):  # its key and its value
            size, place = decode_varint(unpacked, place)
            place += max(size, 0)
        if length <= 0 or number > RECORDS or decode_varint(unpacked, place)[0] > HEADERS:
            raise TooPacked
        place = following
    return unpacked


class Portion(fetcher.FetchResult):  # type: ignore[misc]  # aiokafka has no types
    """What was fetched of a partition, handed out by how much it is, and not by how many records alone."""

    _partition_records: Any

    def getall(self, max_records: int | None = None) -> list[Any]:
        """As aiokafka's, and no more after `TOGETHER` bytes; what is left comes the next time."""
        if not self.check_assignment(self._topic_partition) or not self.has_more():
            return []
        taken: list[Any] = []
        size = 0
        for record in self._partition_records:
            taken.append(record)
            size += len(record.value or b"") + len(record.key or b"") + _of_headers(record)
            if len(taken) == max_records or size >= TOGETHER:
                self._update_position()
                return taken
        self._update_position()
        self._partition_records = None
        return taken


def _of_headers(record: Any) -> int:
    return sum(len(value or b"") + HEADER_BYTES for _, value in record.headers)


_OURS: Final[dict[str, Unpack]] = {
    "gzip_decode": gzip,
    "snappy_decode": snappy,
    "lz4_decode": lz4,
    "zstd_decode": zstd,
}


def _bounded(batch: type, after: Unpack) -> None:
    """Its module, compiled or not, looks its decoders up by name whenever it unpacks."""
    module = sys.modules[batch.__module__]
    for name, ours in _OURS.items():
        if hasattr(module, name):
            setattr(module, name, _then(ours, after))


def _then(unpack: Unpack, after: Unpack) -> Unpack:
    return lambda packed: after(unpack(packed))


_bounded(DefaultRecordBatch, few_headers)
_bounded(LegacyRecordBatch, bytes)
fetcher.FetchResult = Portion

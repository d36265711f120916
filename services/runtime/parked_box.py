"""What is sealed of a parked record: all of it, or of one that is too large to be kept, what it is known by."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import orjson

from schemas.parked import Coordinates
from schemas.record import Captured, Record

LARGEST_BOX: Final = 983_040
"""Characters of base64 that fit a record of 1 MB (`message.max.bytes` as Kafka ships it), with 64 KiB to spare.

A command that redrives has to hold the parked record whole, and goes through Kafka too.
"""

_ADDED: Final = 48
"""Bytes that sealing adds: the encapsulated key (32) and the tag (16)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Not kept: it stands where it stood. `digest` is the SHA-256, in hex, of what would have been sealed."""

    digest: str

    def is_of(self, record: Record) -> bool:
        """Whether this is the record that was left there. A topic that was made anew has others at the same offsets."""
        return digest(whole(record)) == self.digest


def whole(record: Record) -> bytes:
    """Key, value and headers, byte for byte."""
    return orjson.dumps(
        {
            "key": _text(record.key),
            "value": _text(record.value),
            "headers": [[name, _text(value)] for name, value in record.headers],
        }
    )


def fits(plain: bytes) -> bool:
    """Whether the topic of parked records takes it once sealed."""
    return 4 * -(-(len(plain) + _ADDED) // 3) <= LARGEST_BOX


def pointer(record: Record) -> bytes:
    """What is sealed instead of a record that does not fit. In the clear a digest would tell whose guess is right."""
    return orjson.dumps({"digest": digest(whole(record))})


def digest(plain: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(plain).hexdigest()


def read(plain: bytes, origin: Coordinates, timestamp: int) -> Captured | Standing:
    """What `whole` or `pointer` wrote."""
    said = orjson.loads(plain)
    if "digest" in said:
        return Standing(said["digest"])
    return Captured(
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        timestamp=timestamp,
        key=_bytes(said["key"]),
        value=_bytes(said["value"]),
        headers=[(name, _bytes(value)) for name, value in said["headers"]],
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)

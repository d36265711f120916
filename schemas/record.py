"""A Kafka record as we read it, and one as we write it: bytes and coordinates, nothing decoded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Record(Protocol):
    """What every reader hands over; aiokafka's ConsumerRecord fits as it is, so nothing is copied.

    `timestamp` is in milliseconds since 1970, as the broker or the producer stamped it.
    """

    @property
    def topic(self) -> str:
        """Topic it was read from."""

    @property
    def partition(self) -> int:
        """Partition it was read from."""

    @property
    def offset(self) -> int:
        """Its place in the partition."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970."""

    @property
    def key(self) -> bytes | None:
        """The key's bytes."""

    @property
    def value(self) -> bytes | None:
        """The value's bytes; None is a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Names and raw values; other clients write null values too."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A record outside a broker: a sample file, a test, a redriven parking."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()
    partition: int = 0
    offset: int = 0
    timestamp: int = 0


class Output(NamedTuple):
    """A record to be written. The partition follows from the key, as Kafka's default partitioner does (murmur2)."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Sequence[tuple[str, bytes]] = ()

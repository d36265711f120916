"""Which partition a key belongs to, as Kafka's own clients decide it."""

from functools import lru_cache
from struct import unpack_from
from typing import Final

SEED: Final = 0x9747B28C
MIX: Final = 0x5BD1E995
MASK: Final = 0xFFFFFFFF
KEYS_REMEMBERED: Final = 65_536


def murmur2(data: bytes) -> int:
    """The 32-bit hash of a key, unsigned (Kafka 4.1, org.apache.kafka.common.utils.Utils.murmur2)."""
    length = len(data)
    words = length // 4
    mixed = SEED ^ length
    for word in unpack_from(f"<{words}I", data):
        word = word * MIX & MASK  # noqa: PLW2901  the algorithm's own variable
        mixed = (mixed * MIX & MASK) ^ ((word ^ word >> 24) * MIX & MASK)
    if tail := data[words * 4 :]:
        mixed = (mixed ^ int.from_bytes(tail, "little")) * MIX & MASK
    mixed = (mixed ^ mixed >> 13) * MIX & MASK
    return mixed ^ mixed >> 15


@lru_cache(maxsize=KEYS_REMEMBERED)
def place(key: bytes, partitions: int) -> int:
    """The partition of `key` among `partitions`, as BuiltInPartitioner.partitionForKey of the Java client.

    Remembered, because the same households and cases come back and the hash costs microseconds in Python.
    """
    return (murmur2(key) & 0x7FFFFFFF) % partitions

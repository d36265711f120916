"""BATCHES: record batches as Kafka has them on the wire (v2), packed by a codec, as large as a test wants."""

from collections.abc import Iterable, Sequence
from typing import Final

from aiokafka.record.default_records import DefaultRecordBatchBuilder

PLAIN, GZIP, SNAPPY, LZ4, ZSTD = range(5)
CODECS: Final = (PLAIN, GZIP, SNAPPY, LZ4, ZSTD)
PACKED: Final = (GZIP, SNAPPY, LZ4, ZSTD)
"""By Kafka's numbers of them."""

Headers = Sequence[tuple[str, bytes | None]]


def batch(records: Iterable[tuple[bytes, Headers]], codec: int = PLAIN) -> bytearray:
    """One batch of these values, each with its headers."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=2**31 - 1,
    )
    for offset, (value, headers) in enumerate(records):
        builder.append(offset, 0, None, value, list(headers))
    return bytearray(builder.build())

"""Putting a record aside: numbers we may not keep go first, and what is too large to keep stays where it stood."""

from datetime import datetime
from typing import Final

from schemas.codes import Stage
from schemas.record import Captured, Output, Record
from services.ingest import bsn
from services.ingest.facts import bsn_removed, place_of
from services.ingest.normalise import Intake
from services.runtime.errors import Unreadable
from services.runtime.parking import parked
from services.runtime.trail import recorded

LARGEST: Final = 500_000
"""Bytes of key, value and headers that still fit a Kafka record once sealed (base64 twice: 16/9 of the size)."""

_LEFT_BEHIND: Final = "too large to be kept here: it stands in its topic, at that offset, as long as that keeps it"


def put_aside(record: Record, error: Exception, intake: Intake, at: datetime) -> list[Output]:
    """The parked record and its fact, and one fact more when numbers were taken out."""
    corporation, key = intake.corporation, intake.parking_key
    if _size(record) > LARGEST:
        empty = Captured(record.topic, None, None, (), record.partition, record.offset, record.timestamp)
        return parked(empty, _left_behind(error), stage=Stage.INGEST, corporation=corporation.id, at=at, key=key)
    kept, removed = keepable(record, corporation.country)
    outputs = parked(kept, error, stage=Stage.INGEST, corporation=corporation.id, at=at, key=key)
    if removed:
        outputs.append(recorded(bsn_removed(place_of(record), removed, corporation.id, at)))
    return outputs


def keepable(record: Record, country: bsn.Country) -> tuple[Captured, int]:
    """The record without the numbers, and how many were taken out of key, value and headers."""
    removed = 0

    def masked(raw: bytes | None) -> bytes | None:
        """Without the numbers, which are counted."""
        nonlocal removed
        if raw is None:
            return None
        left, found = bsn.masked(raw, country)
        removed += found
        return left

    kept = Captured(
        topic=record.topic,
        value=masked(record.value),
        key=masked(record.key),
        headers=[(name, masked(value)) for name, value in record.headers],
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
    )
    return kept, removed


def _left_behind(error: Exception) -> Unreadable:
    if isinstance(error, Unreadable):
        return Unreadable(error.reason, field=error.field, fix=_LEFT_BEHIND)
    return Unreadable(f"unexpected-{type(error).__name__}", fix=_LEFT_BEHIND)


def _size(record: Record) -> int:
    headers = sum(len(name) + len(value or b"") for name, value in record.headers)
    return len(record.value or b"") + len(record.key or b"") + headers

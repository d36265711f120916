"""Putting a record aside: numbers we may not keep go first, and what is too large to keep stays where it stood."""

from datetime import datetime

from schemas.codes import Stage
from schemas.record import Captured, Output, Record
from services.ingest import bsn
from services.ingest.facts import bsn_removed, place_of
from services.ingest.normalise import Intake
from services.runtime.parking import keeps, parked
from services.runtime.trail import recorded


def put_aside(record: Record, error: Exception, intake: Intake, at: datetime) -> list[Output]:
    """The parked record and its fact, and one fact more when numbers were taken out of what is kept."""
    corporation, key = intake.corporation, intake.parking_key
    kept, removed = keepable(record, corporation.country)
    outputs = parked(kept, error, stage=Stage.INGEST, corporation=corporation.id, at=at, key=key, stands=record)
    if removed and keeps(kept, error):
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

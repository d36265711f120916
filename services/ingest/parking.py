"""Putting a record aside: numbers we may not keep go first, and what is too large to keep stays where it stood."""

from datetime import datetime
from typing import NamedTuple

from schemas.codes import Stage
from schemas.record import Captured, Output, Record
from services.ingest import bsn
from services.ingest.event import LARGEST
from services.ingest.facts import bsn_removed, place_of
from services.ingest.normalise import Intake, guard_of
from services.runtime.parking import ParkingKey, keeps, parked, weight
from services.runtime.trail import recorded


def put_aside(record: Record, error: Exception, intake: Intake, at: datetime) -> list[Output]:
    """The parked record and its fact, and one fact more when numbers were taken out of what is kept."""
    return _put_aside(record, error, guard_of(intake), Owner(intake.corporation.id, intake.parking_key), at)


def command_put_aside(record: Record, error: Exception, house: ParkingKey, at: datetime) -> list[Output]:
    """The same for what stands among the commands: it is nobody's in particular, and held to Dutch law."""
    return _put_aside(record, error, bsn.Guard("NL", None), Owner(None, house), at)


class Owner(NamedTuple):
    """Whose record it is, if anybody's, and under which key it is sealed."""

    corporation: str | None
    key: ParkingKey


def _put_aside(record: Record, error: Exception, guard: bsn.Guard, owner: Owner, at: datetime) -> list[Output]:
    kept, removed = keepable(record, guard) if weight(record) <= LARGEST else (record, 0)  # which is never kept
    corporation, key = owner
    outputs = parked(kept, error, stage=Stage.INGEST, corporation=corporation, at=at, key=key, stands=record)
    if removed and keeps(kept, error):
        outputs.append(recorded(bsn_removed(place_of(record), removed, corporation, at)))
    return outputs


def keepable(record: Record, guard: bsn.Guard) -> tuple[Captured, int]:
    """The record without the numbers, and how many were taken out of key, value and headers."""
    cleaning = bsn.Cleaning(guard)
    kept = Captured(
        topic=record.topic,
        value=cleaning.record(record.value),
        key=cleaning.line(record.key),
        headers=cleaning.headers(record.headers),
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
    )
    return kept, cleaning.removed

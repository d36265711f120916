"""What ingest tells the trail: one fact that accounts for each record, and one more when numbers were taken out."""

from datetime import datetime
from uuid import UUID

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.command import Command
from schemas.parked import Coordinates
from schemas.record import Record
from services.ingest.normalise import Accepted


def place_of(record: Record) -> UUID:
    """Which record it is, as the cause of every fact about it: a replay makes the same entries."""
    return ids.record_id(record.topic, record.partition, record.offset, record.timestamp)


def coordinates(record: Record) -> Coordinates:
    """The same, to be read."""
    return Coordinates(topic=record.topic, partition=record.partition, offset=record.offset)


def signal_accepted(
    place: UUID, accepted: Accepted, corporation: str, at: datetime, *, trace: str, account: Coordinates | None
) -> AuditEntry:
    """The record became a revision of a signal. `account` is absent where parking accounted for the record before."""
    return AuditEntry(
        id=ids.entry_id(place, Fact.SIGNAL_ACCEPTED),
        at=at,
        stage=Stage.INGEST,
        fact=Fact.SIGNAL_ACCEPTED,
        corporation=corporation,
        signal=accepted.signal,
        event=accepted.event,
        input=account,
        trace=trace,
    )


def event_ignored(
    place: UUID, reason: str, corporation: str, at: datetime, *, account: Coordinates | None
) -> AuditEntry:
    """The record is no signal, and nothing of it is kept."""
    return AuditEntry(
        id=ids.entry_id(place, Fact.EVENT_IGNORED),
        at=at,
        stage=Stage.INGEST,
        fact=Fact.EVENT_IGNORED,
        corporation=corporation,
        event=place,
        input=account,
        reason=reason,
    )


def bsn_removed(
    place: UUID, count: int, corporation: str | None, at: datetime, *, accepted: Accepted | None = None
) -> AuditEntry:
    """How many numbers were taken out of the record; never which."""
    return AuditEntry(
        id=ids.entry_id(place, Fact.BSN_REMOVED),
        at=at,
        stage=Stage.INGEST,
        fact=Fact.BSN_REMOVED,
        corporation=corporation,
        signal=accepted.signal if accepted else None,
        event=accepted.event if accepted else place,
        count=count,
    )


def record_redriven(
    command: Command, corporation: str | None, at: datetime, *, reason: str, accepted: Accepted | None = None
) -> AuditEntry:
    """A person had a parked record tried again and it is done with; `reason` says what became of it."""
    return AuditEntry(
        id=ids.entry_id(command.id, Fact.RECORD_REDRIVEN),
        at=at,
        stage=Stage.INGEST,
        fact=Fact.RECORD_REDRIVEN,
        corporation=corporation,
        signal=accepted.signal if accepted else None,
        event=command.target,
        message=command.id,
        reason=reason,
        actor=command.actor,
    )


def command_refused(command: Command, at: datetime, *, reason: str, field: str = "") -> AuditEntry:
    """What a person asked for cannot be done, and why. A record that is still unreadable goes on waiting."""
    return AuditEntry(
        id=ids.entry_id(command.id, Fact.COMMAND_REFUSED),
        at=at,
        stage=Stage.INGEST,
        fact=Fact.COMMAND_REFUSED,
        event=command.target,
        message=command.id,
        reason=reason,
        field=field or None,
        actor=command.actor,
    )

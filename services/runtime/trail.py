"""The trail: a fact becomes an audit entry, its exact bytes and a salt become a record of `audit.v1`."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from schemas import cloudevents, ids
from schemas.audit import SALT_BYTES, AuditEntry, Fact
from schemas.cloudevents import Attributes
from schemas.codes import Stage
from schemas.command import Command
from schemas.parked import Coordinates
from schemas.record import Output, Record
from schemas.topics import AUDIT


def recorded(
    entry: AuditEntry,
    *,
    draw: Callable[[int], bytes] = os.urandom,
) -> Output:
    """The entry as it goes to `audit.v1`: serialised once, and those bytes are stored and hashed for ever.

    The salt is drawn by the producer, so that the log is a function of the topic alone; a replayed entry has the same
    id and another salt, and the first one stands.
    """
    return cloudevents.event(
        AUDIT,
        id=entry.id,
        time=entry.at,
        key=_key(entry.signal),
        value=entry.write(),
        traceparent=entry.trace,
        extra=(("salt", draw(SALT_BYTES)),),
    )


def written(entry: bytes, of: Attributes, key: bytes | None, draw: Callable[[int], bytes] = os.urandom) -> Output:
    """The same, of an entry that is written already."""
    return cloudevents.written(AUDIT, of, key, entry, (("salt", draw(SALT_BYTES)),))


def command_taken(record: Record, command: Command, stage: Stage) -> Output:
    """The fact that accounts for a record of `commands.v1`; what came of it, facts beside it tell.

    A command that is given twice is carried out once, and each of its records is accounted for. It has the record's own
    moment: read again after a crash, it is told in the same bytes.
    """
    entry = AuditEntry(
        id=ids.entry_id(ids.input_id(record.topic, record.partition, record.offset), Fact.COMMAND_TAKEN),
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        stage=stage,
        fact=Fact.COMMAND_TAKEN,
        event=command.id,
        input=Coordinates(topic=record.topic, partition=record.partition, offset=record.offset),
        reason=command.action,
        actor=command.actor,
    )
    return recorded(entry)


def _key(signal: UUID | None) -> str | None:
    return None if signal is None else str(signal)

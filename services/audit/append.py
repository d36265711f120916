"""Appends: which of the records that arrived are new to the log, and at which place each goes."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from hashlib import sha256
from typing import Final
from uuid import UUID

from schemas import cloudevents
from schemas.audit import COMMITMENT_TAG, SALT_BYTES, AuditEntry
from schemas.message import Malformed
from schemas.record import Record
from services.runtime.errors import Unreadable

LARGEST: Final = 2**63 - 1
_LARGEST_PARTITION: Final = 2**31 - 1
_TOPIC: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")
"""Kafka 4.1, org.apache.kafka.common.internals.Topic."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One readable record of `audit.v1`: what it says, and the exact bytes that say it."""

    entry: AuditEntry
    body: bytes
    salt: bytes
    offset: int


@dataclass(frozen=True, slots=True)
class Appended:
    """One new line of the log. `commitment` is what the log promises about it and gives nothing away."""

    index: int
    arrival: Arrival
    commitment: bytes


def read(record: Record) -> Arrival:
    """The entry a record holds.

    Raises:
        Unreadable: no entry, not our schema, a time without a zone, or no salt of 32 bytes.
    """
    if record.value is None:
        raise Unreadable("entry-absent", fix="an audit record carries an entry as its value")
    salt = cloudevents.salt(record)
    if salt is None or len(salt) != SALT_BYTES:
        raise Unreadable("salt-unusable", field="salt", fix=f"the header `salt` holds {SALT_BYTES} bytes")
    try:
        entry = AuditEntry.read(record.value)
    except Malformed as error:
        fix = "see schemas/json/audit-entry.json"
        raise Unreadable("entry-malformed", field=error.fields[0].partition(":")[0], fix=fix) from None
    if entry.at.tzinfo is None:
        raise Unreadable("time-without-zone", field="at", fix="write the time with its offset from UTC")
    if entry.at.year in {MINYEAR, MAXYEAR}:  # in UTC it may lie in a year that there is not
        raise Unreadable("time-out-of-range", field="at", fix="write the moment at which it was recorded")
    if not _fits(entry):
        raise Unreadable("value-out-of-range", field="input", fix="give coordinates and counts as Kafka has them")
    return Arrival(entry, record.value, salt, record.offset)


def _fits(entry: AuditEntry) -> bool:
    """Whether both databases can hold it: what one of them refused would make another log there."""
    place, count = entry.input, entry.count or 0
    if abs(count) > LARGEST:
        return False
    if place is None:
        return True
    return place.offset <= LARGEST and place.partition <= _LARGEST_PARTITION and bool(_TOPIC.fullmatch(place.topic))


def commitment(salt: bytes, body: bytes) -> bytes:
    """SHA-256 of tag, salt and the exact bytes: binding by the hash, hiding by the salt."""
    return sha256(COMMITMENT_TAG + salt + body).digest()


def append(arrivals: Iterable[Arrival], *, known: AbstractSet[UUID], size: int) -> list[Appended]:
    """The new lines, in the topic's order. The first occurrence of an id stands; `known` are those already in the log.

    With `known` complete for these arrivals and `size` the log's length, the index of every entry follows from the
    topic alone: how the records were cut into batches, and how often they were read, makes no difference.
    """
    seen = set(known)
    new: list[Appended] = []
    for arrival in arrivals:
        if arrival.entry.id not in seen:
            seen.add(arrival.entry.id)
            new.append(Appended(size + len(new), arrival, commitment(arrival.salt, arrival.body)))
    return new

"""The trail: a fact becomes an audit entry, its exact bytes and a salt become a record of `audit.v1`."""

import os
from collections.abc import Callable
from uuid import UUID

from schemas import cloudevents
from schemas.audit import SALT_BYTES, AuditEntry
from schemas.record import Output
from schemas.topics import AUDIT


def recorded(
    entry: AuditEntry,
    *,
    source: str = cloudevents.OUR_SOURCE,
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
        source=source,
        traceparent=entry.trace,
        extra=(("salt", draw(SALT_BYTES)),),
    )


def _key(signal: UUID | None) -> str | None:
    return None if signal is None else str(signal)

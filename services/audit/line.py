"""One line of the log, as readers see it."""

from dataclasses import dataclass

from schemas.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class Line:
    """The entry at a place of the log, and its exact bytes. `index` counts from 0, without gaps."""

    index: int
    entry: AuditEntry
    body: bytes

"""REFUSED REPORTS: what a partner says against its own word is audited once a day of each kind, and once written.

A system that repeats itself, or a partner that is asked every minute, fills neither the outbox nor a topic.
"""

from datetime import date, datetime
from uuid import UUID

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.progress import Progress
from services.notify.line import Line


def refused(line: Line, partner: str, reason: str, status: Progress, at: datetime) -> AuditEntry:
    """Who said what of which revision. Of several instances that write it on one day, the log keeps the first."""
    return AuditEntry(
        id=ids.entry_id(ids.derived(line.referral, partner, reason, status, at.date()), Fact.PROGRESS_REFUSED),
        at=at,
        stage=Stage.NOTIFY,
        fact=Fact.PROGRESS_REFUSED,
        corporation=line.corporation,
        signal=line.signal,
        referral=line.referral,
        revision=line.revision,
        partner=partner,
        reason=reason,
        progress=status,
        trace=line.traceparent,
    )


class Refusals:
    """Which of them this instance wrote today."""

    def __init__(self) -> None:
        self._day = date.min
        self._written: set[UUID] = set()

    def wrote(self, entry: AuditEntry) -> bool:
        """Whether it stands already."""
        return entry.id in self._written

    def written(self, entry: AuditEntry) -> None:
        """It does, now that its transaction has ended."""
        if (day := entry.at.date()) != self._day:
            self._day, self._written = day, set()
        self._written.add(entry.id)

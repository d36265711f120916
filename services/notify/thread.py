"""THREAD: how far a partner is with a referral over all its revisions, as the ledger keeps it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from schemas.progress import Milestone, Progress, Rejection
from schemas.referral import ReferralChange
from services.notify.line import Line
from services.notify.progress import Standing


@dataclass(frozen=True, slots=True)
class Thread:
    """One row; what each field means is told in `progress_tables.py`."""

    thread: UUID
    referral: UUID
    partner: str
    withdrawn: bool
    standing: Standing
    version: int
    since: datetime
    changed_at: datetime
    look_at: datetime | None = None
    late: frozenset[Milestone] = frozenset()
    left: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row with these columns, perhaps with more."""
        rejection = Rejection(row.rejection) if row.rejection else None
        standing = Standing(row.revision, Progress(row.status), row.at, rejection, row.business)
        late = frozenset(Milestone(name) for name in row.late.split(",") if name)
        return cls(
            row.thread, row.referral, row.partner, row.withdrawn, standing, row.version, row.since, row.changed_at,
            row.look_at, late, row.left,
        )  # fmt: skip

    @classmethod
    def begun(cls, line: Line, at: datetime) -> Self:
        """The partner got this revision: everything about it is still to come."""
        withdrawn = line.change is ReferralChange.WITHDRAWAL
        return cls(line.thread, line.referral, line.partner or "", withdrawn, Standing(line.revision), 1, at, at, at)

    def to(self, standing: Standing, at: datetime) -> "Thread":
        """It stands so now; its milestones are looked at again."""
        return replace(self, standing=standing, version=self.version + 1, changed_at=at, look_at=at)

    def let_go(self) -> "Thread":
        """The partner turned it down: whoever gets it next begins anew."""
        return replace(self, left=True, look_at=None)

    @property
    def row(self) -> dict[str, Any]:
        """What stands of it in the ledger, by the name of the column."""
        standing = self.standing
        return {
            "thread": self.thread,
            "referral": self.referral,
            "partner": self.partner,
            "revision": standing.revision,
            "withdrawn": self.withdrawn,
            "status": standing.status,
            "rejection": standing.rejection,
            "business": standing.business,
            "at": standing.at,
            "version": self.version,
            "since": self.since,
            "changed_at": self.changed_at,
            "look_at": self.look_at,
            "late": ",".join(sorted(self.late)),
            "left": self.left,
        }

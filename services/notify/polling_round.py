"""POLLING ROUND: how a partner stands with being asked, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.thread import Thread


@dataclass(frozen=True, slots=True)
class Round:
    """How a partner stands with being asked; what each field means is told in `progress_tables.py`."""

    partner: str
    due_at: datetime
    leased_until: datetime | None = None
    fence: int = 0
    failures: int = 0
    fault: str | None = None
    answered_at: datetime | None = None
    subscription: str | None = None
    subscribed_until: datetime | None = None
    renew_at: datetime | None = None
    unsubscribed: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A thread to be asked about, with what only asking knows of it."""

    thread: Thread
    task: str | None
    asked_at: datetime | None
    noticed: int

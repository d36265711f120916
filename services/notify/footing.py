"""FOOTING: what everything stands on that changes the ledger; and how long what looks after it may rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.notify.directory import Directory
from services.runtime.clock import Clock
from services.runtime.database import Database

POLL: Final = 5.0
"""Seconds at most between two looks at what falls due."""


@dataclass(frozen=True, slots=True)
class Footing:
    """One ledger, whom it knows, and the time. `committed` is called after every commit: there is something to do.

    To publish, and where referrals may have become due, to send.
    """

    database: Database
    directory: Directory
    clock: Clock
    committed: Callable[[], None]


def rest(due: datetime | None, now: datetime) -> float:
    """Seconds until then, or until the next look when that is sooner; 0 when it is due now. `due` None: nothing is."""
    if due is None:
        return POLL
    return min(POLL, max(0.0, (due - now).total_seconds()))

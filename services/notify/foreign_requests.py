"""FOREIGN REQUESTS: who asks for another partner's referral, or reports on it, is audited, and learns no more of it.

It is noted in memory and written afterwards: an answer that came later for what exists would tell that it does.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from schemas import ids
from schemas.audit import Fact
from schemas.record import Output
from services.notify import outbox
from services.notify.facts import fact
from services.notify.footing import POLL, Footing
from services.notify.line import Line
from services.runtime.errors import TryLater

FOREIGN: Final = "foreign"
MOST: Final = 100
"""Referrals in an hour that are told of one partner: who tries more has shown enough."""

_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Tried:
    """This partner, or a person there, asked for this line at that time; `what` is the fact of it."""

    what: Fact
    line: Line
    partner: str
    actor: str | None
    at: datetime


class ForeignRequests:
    """Of one instance. Of two that tell the same the log keeps the first: an hour, partner and referral make the id."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing
        self._hour = 0
        self._seen: set[tuple[Fact, str, UUID]] = set()
        self._told: Counter[str] = Counter()
        self._waiting: list[Tried] = []

    def note(self, line: Line, partner: str, actor: str | None, what: Fact = Fact.CONTENT_REFUSED) -> None:
        """At once, without a word to the ledger; the first time in an hour it will be told."""
        at = self._footing.clock()
        if (hour := _hour_of(at)) != self._hour:
            self._hour, self._seen, self._told = hour, set(), Counter()
        if (what, partner, line.referral) in self._seen or self._told[partner] == MOST:
            return
        self._seen.add((what, partner, line.referral))
        self._told[partner] += 1
        self._waiting.append(Tried(what, line, partner, actor, at))

    async def step(self) -> float:
        """Write what was noted; returns when to look again, in seconds. What could not be written waits."""
        if not self._waiting:
            return POLL
        tried = tuple(self._waiting)
        async with self._footing.database.begin() as connection:
            await outbox.put(connection, [_refused(each) for each in tried])
        del self._waiting[: len(tried)]
        self._footing.committed()
        return 0.0

    async def drain(self) -> None:
        """Before the end: what is left. Without the ledger it is lost with this process, and nothing was shown."""
        with suppress(TryLater):
            await self.step()


def _hour_of(at: datetime) -> int:
    return int(at.timestamp()) // _HOUR


def _refused(tried: Tried) -> Output:
    asked = replace(tried.line, partner=tried.partner)
    cause = ids.derived(asked.referral, tried.partner, _hour_of(tried.at))
    return fact(asked, tried.what, tried.at, cause=cause, reason=FOREIGN, actor=tried.actor)

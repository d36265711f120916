"""GAUGES: how much stands in the ledger, and how each partner does, for Prometheus. Nothing counts the ledger."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from schemas.delivery import DeliveryState
from services.notify import calls, early_store, held, reach_store, state_counts
from services.notify.breaker import Breaker, Closed, Open, Probing
from services.notify.conclusion import Conclusion
from services.notify.oldest import OPEN_STATES, Oldest, oldest
from services.notify.reach import Reaches
from services.notify.state_counts import Sum
from services.runtime import metric_catalogue as catalogue
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.metric_catalogue import ATTEMPT_SECONDS, ATTEMPTS, OLDEST_SECONDS, REFERRALS, REFERRALS_OVERDUE
from services.runtime.metrics import Metrics

EVERY: Final = 10.0
"""Seconds between two looks."""

NOBODY: Final = "nobody"
"""What has no partner yet."""


class Gauges:
    """What is open, late and old, by state and by partner; how each partner does; whom people must call."""

    def __init__(self, database: Database, metrics: Metrics, clock: Clock) -> None:
        self._database = database
        self._metrics = metrics
        self._clock = clock
        self._shown: set[tuple[str, DeliveryState]] = set()

    async def step(self) -> float:
        """Tell what is now; returns when to look again, in seconds."""
        async with self._database.read() as connection:
            sums = [each for each in await state_counts.sums(connection) if each.state in OPEN_STATES]
            waiting = await oldest(connection, {each.partner for each in sums})
            reaches = await reach_store.read(connection)
            many = await state_counts.many(connection)
            due, escalated = await calls.ages(connection, self._clock()), await held.escalated(connection)
            decisions = await early_store.ages(connection, self._clock())
        if many:
            async with self._database.begin() as connection:
                await state_counts.folded(connection)
        self._tell_states(sums, waiting)
        self._tell_partners(sums, waiting)
        self._tell_reaches(reaches)
        self._metrics.set(catalogue.ESCALATED, escalated)
        for age, number in due.items():
            self._metrics.set(catalogue.CALLS, number, age)
        for age, number in decisions.items():
            self._metrics.set(catalogue.EARLY_DECISIONS, number, age)
        return EVERY

    def _tell_states(self, sums: Sequence[Sum], waiting: Oldest) -> None:
        now = self._clock()
        for state in OPEN_STATES:
            mine = [each for each in sums if each.state is state]
            since = min((at for (_, of), at in waiting.items() if of is state), default=now)
            self._metrics.set(REFERRALS, sum(each.lines for each in mine), state)
            self._metrics.set(REFERRALS_OVERDUE, sum(each.lines for each in mine if each.overdue), state)
            self._metrics.set(OLDEST_SECONDS, (now - since).total_seconds(), state)

    def _tell_partners(self, sums: Sequence[Sum], waiting: Oldest) -> None:
        now = self._clock()
        lines: Counter[tuple[str, DeliveryState]] = Counter(dict.fromkeys(self._shown, 0))
        for each in sums:
            lines[each.partner or NOBODY, each.state] += each.lines
        self._shown = set(lines)
        for (partner, state), number in lines.items():
            since = waiting.get((None if partner == NOBODY else partner, state), now)
            self._metrics.set(catalogue.PARTNER_REFERRALS, number, partner, state)
            self._metrics.set(catalogue.PARTNER_OLDEST_SECONDS, (now - since).total_seconds(), partner, state)

    def _tell_reaches(self, reaches: Reaches) -> None:
        for name, each in reaches.items():
            self._metrics.set(catalogue.PARTNER_BREAKER, _share_shut(each.breaker), name)
            self._metrics.set(catalogue.PARTNER_DISABLED, int(each.disabled is not None), name)
            self._metrics.set(catalogue.PARTNER_WARNED, each.warned, name)


def _share_shut(breaker: Breaker) -> float:
    match breaker:
        case Closed():
            return 0.0
        case Probing():
            return 0.5
        case Open():
            return 1.0


def counted(metrics: Metrics, conclusions: Sequence[Conclusion]) -> None:
    """Each attempt by partner and outcome, and how long it took."""
    for each in conclusions:
        if each.attempt is not None:
            partner = each.line.partner or NOBODY
            metrics.add(ATTEMPTS, 1, partner, each.attempt.outcome)
            metrics.observe(ATTEMPT_SECONDS, each.attempt.seconds, partner)

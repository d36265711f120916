"""GAUGES: how much stands in the ledger, for Prometheus. Looked at once a minute, never at every scrape."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Integer, cast, func, select

from schemas.delivery import FINAL, DeliveryState
from services.notify.conclusion import Conclusion
from services.notify.tables import DELIVERY
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.metric_catalogue import ATTEMPT_SECONDS, ATTEMPTS, OLDEST_SECONDS, REFERRALS, REFERRALS_OVERDUE
from services.runtime.metrics import Metrics

EVERY: Final = 60.0
"""Seconds between two looks: a count reads every open line."""

OPEN: Final = tuple(state for state in DeliveryState if state not in FINAL)
_COUNT: Final = (
    select(
        DELIVERY.c.state,
        func.count().label("lines"),
        func.sum(cast(DELIVERY.c.overdue, Integer)).label("overdue"),
        func.min(DELIVERY.c.queued_at).label("oldest"),
    )
    .where(DELIVERY.c.state.in_(OPEN))
    .group_by(DELIVERY.c.state)
)


class Gauges:
    """What is open, late and old, by state; and what attempts came to, by partner."""

    def __init__(self, database: Database, metrics: Metrics, clock: Clock) -> None:
        self._database = database
        self._metrics = metrics
        self._clock = clock

    async def step(self) -> float:
        """Count; returns when to count again, in seconds."""
        async with self._database.read() as connection:
            found = {row.state: row for row in await connection.execute(_COUNT)}
        now = self._clock()
        for state in OPEN:
            row = found.get(state)
            age = (now - row.oldest).total_seconds() if row else 0.0
            self._metrics.set(REFERRALS, row.lines if row else 0, state)
            self._metrics.set(REFERRALS_OVERDUE, row.overdue if row else 0, state)
            self._metrics.set(OLDEST_SECONDS, age, state)
        return EVERY


def counted(metrics: Metrics, conclusions: Sequence[Conclusion]) -> None:
    """Each attempt by partner and outcome, and how long it took."""
    for each in conclusions:
        if each.attempt is not None:
            partner = each.line.partner or "nobody"
            metrics.add(ATTEMPTS, 1, partner, each.attempt.outcome)
            metrics.observe(ATTEMPT_SECONDS, each.attempt.seconds, partner)

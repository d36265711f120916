"""By when a referral must be final: what the rules ask, and never later than the signal's urgency allows."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from schemas.codes import Urgency

LATEST: Final[Mapping[Urgency, timedelta]] = MappingProxyType(
    {
        Urgency.EMERGENCY: timedelta(minutes=15),
        Urgency.ACUTE: timedelta(hours=1),
        Urgency.URGENT: timedelta(hours=24),
        Urgency.ROUTINE: timedelta(hours=72),
    }
)
"""What holds where no rule says. For all but routine signals it is also the latest a rule may say."""


def within(urgency: Urgency, asked: Iterable[timedelta | None]) -> timedelta:
    """The shortest of what is asked, of `LATEST` where nothing is, and of what the urgency allows."""
    latest = LATEST[urgency]
    shortest = min((time for time in asked if time is not None), default=latest)
    return shortest if urgency is Urgency.ROUTINE else min(shortest, latest)

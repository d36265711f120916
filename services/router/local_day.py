"""LOCAL DAY: which day it is where a signal comes from: contracts and municipalities end at its midnight, not at UTC's.

Both countries change their clocks at 01:00 UTC on the last Sundays of March and October, as their laws and the
European Union's say; a machine without a time-zone database decides alike.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from schemas.legal import Country

_WINTER: Final = MappingProxyType({"NL": timedelta(hours=1), "GB": timedelta()})
_SUMMER: Final = timedelta(hours=1)


def day_in(country: Country, now: datetime) -> date:
    """The day on which that moment falls there."""
    begins, ends = _summer(now.year)
    local = now.astimezone(UTC) + _WINTER[country]
    return (local + _SUMMER if begins <= now < ends else local).date()


@lru_cache(maxsize=8)
def _summer(year: int) -> tuple[datetime, datetime]:
    return _last_sunday(year, 3), _last_sunday(year, 10)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)

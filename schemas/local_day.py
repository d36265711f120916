"""LOCAL DAY: day and clock where a signal comes from. Contracts and areas end at its midnight, not at UTC's."""

from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from schemas.legal import Country

_ZONES: Final = MappingProxyType({"NL": ZoneInfo("Europe/Amsterdam"), "GB": ZoneInfo("Europe/London")})


def in_utc(country: Country, clock: datetime) -> datetime:
    """The moment at which the clocks there show that: of an hour that comes twice in autumn the first."""
    return clock.replace(tzinfo=_ZONES[country]).astimezone(UTC)


def day_in(country: Country, now: datetime) -> date:
    """The day on which that moment falls there."""
    return now.astimezone(_ZONES[country]).date()


def clock_in(country: Country, at: datetime) -> str:
    """That moment to the minute, as people there read it who act by it: `2026-03-02 21:45 CET`."""
    return f"{at.astimezone(_ZONES[country]):%Y-%m-%d %H:%M %Z}"

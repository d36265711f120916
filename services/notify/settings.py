"""How notify is set up."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.notify.breaker import USUAL, Limits
from services.notify.reception.settings import ReceptionSettings
from services.notify.retry import LADDER_SECONDS, STANDARD, Schedule

MIGRATIONS: Final = Path(__file__).parent / "migrations"


class NotifySettings(ReceptionSettings):
    """Read from variables that begin with NOTIFY_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFY_", frozen=True, extra="ignore")

    config: Path = Field(default=Path("deploy/config"), description="Folder with partners.yaml and sources.yaml")
    database_url: str = Field(default="sqlite:///.state/notify.db", description="The delivery ledger")
    secrets: Path | None = Field(default=None, description="Directory of mounted secrets: what mounted:NAME is in")
    group: str = Field(default="notify", description="Consumer group all instances share")
    instance: str = Field(default="1", description="Lasting name of this process within the group")
    max_records: int = Field(default=500, ge=1, le=10_000, description="Referrals taken in one transaction")
    ladder: tuple[float, ...] = Field(
        default=LADDER_SECONDS, min_length=1, description="Seconds before attempts 1, 2, 3, …; the last one repeats"
    )
    max_age_hours: float = Field(
        default=STANDARD.max_age / timedelta(hours=1),
        gt=0,
        description="How long a referral is tried before it is parked",
    )
    lease_seconds: float = Field(default=60, ge=10, description="How long an attempt may take before another begins")

    breaker_seconds: float = Field(
        default=30, gt=0, description="How long a failing partner is left alone at first; doubles, to thirty times that"
    )

    @property
    def breaker(self) -> Limits:
        """When a partner that fails is left alone, and for how long."""
        first = timedelta(seconds=self.breaker_seconds)
        return replace(USUAL, first=first, longest=first * (USUAL.longest // USUAL.first))

    @property
    def schedule(self) -> Schedule:
        """When to try again."""
        return Schedule.of_seconds(self.ladder, timedelta(hours=self.max_age_hours))

    @property
    def lease(self) -> timedelta:
        """How long a claimed line is nobody else's."""
        return timedelta(seconds=self.lease_seconds)

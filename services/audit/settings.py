"""Settings of the audit stage."""

from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIGRATIONS: Final = Path(__file__).parent / "migrations"


class AuditSettings(BaseSettings):
    """From the environment, `AUDIT_…`."""

    model_config = SettingsConfigDict(env_prefix="AUDIT_", frozen=True, extra="ignore")

    database_url: str = Field(default="sqlite:///.state/audit.db", description="SQLite file or PostgreSQL database")
    parking_key: str = Field(
        default="", description="Public parking key, kid:hex, as `seinpaal keys parking` prints it"
    )
    group: str = Field(default="seinpaal-audit", description="Kafka consumer group")
    instance: str = Field(default="1", description="This process among the members of the group")
    batch: int = Field(default=2000, ge=1, le=10_000, description="Records in one transaction, at most")

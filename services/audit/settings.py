"""Settings of the audit stage."""

from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIGRATIONS: Final = Path(__file__).parent / "migrations"


class AuditSettings(BaseSettings):
    """From the environment, `AUDIT_…`."""

    model_config = SettingsConfigDict(env_prefix="AUDIT_", frozen=True, extra="ignore")

    database_url: str = Field(default="sqlite:///.state/audit.db", description="The log")
    parking_key: str = Field(
        default="",
        description="Public key to park under, kid:hex, as `seinpaal keys parking` prints it; not for reading",
    )
    group: str = Field(default="audit", description="Consumer group of the one writer and those who stand by")
    instance: str = Field(default="1", description="Lasting name of this process within the group")
    max_records: int = Field(default=2000, ge=1, le=10_000, description="Facts taken in in one transaction")

"""Where ingest's configuration is, and which process of it this is."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class IngestSettings(BaseSettings):
    """Read from variables that begin with INGEST_."""

    model_config = SettingsConfigDict(env_prefix="INGEST_", frozen=True, extra="ignore")

    config: Path = Field(default=Path("deploy/config"), description="Folder with sources.yaml and areas/")
    group: str = Field(default="ingest", description="Consumer group all instances share")
    instance: str = Field(default="1", description="Lasting name of this process within the group")
    max_records: int = Field(default=500, ge=1, le=10_000, description="Records normalised in one go")

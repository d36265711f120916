"""Where the router's policy and memory are."""

from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

CONFIG: Final = Path("deploy/config")


class RouterSettings(BaseSettings):
    """Read from variables that begin with ROUTER_."""

    model_config = SettingsConfigDict(env_prefix="ROUTER_", frozen=True, extra="ignore")

    config: Path = Field(default=CONFIG, description="Folder with rules/, areas/ and partners.yaml")
    database_url: str = Field(default="sqlite:///.state/router.db", description="What is remembered of signals")
    parking_key: str = Field(description="Public key to park under, kid:hex, as `seinpaal keys parking` prints it")
    group: str = Field(default="router", description="Consumer group all instances share")
    instance: str = Field(default="1", description="Lasting name of this process within the group")
    max_records: int = Field(default=500, ge=1, le=10_000, description="Signals decided in one transaction")
    household_days: int = Field(
        default=400, ge=1, le=400, description="How long signals add up; a rule that looks further back sees no more"
    )
    retention_days: int = Field(
        default=400,
        ge=8,
        le=3650,
        description="How long the facts of an event are kept after it was decided; replays look back no further",
    )
    reload_seconds: float = Field(default=5.0, ge=0, description="How often the folder is looked at; 0: never")

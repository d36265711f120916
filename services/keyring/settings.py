"""Where the keys are."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class KeyringSettings(BaseSettings):
    """The keyring's own database, and the file with the key-encryption keys, which must lie elsewhere."""

    model_config = SettingsConfigDict(env_prefix="KEYRING_", frozen=True, extra="ignore")

    database_url: str = Field(default="sqlite:///.state/keyring.db", description="A database of its own")
    kek_file: Path = Field(default=Path(".state/keyring.kek"), description="Lines `id:hex`, the last one wraps")

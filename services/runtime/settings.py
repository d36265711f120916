"""Settings every service shares: typed, frozen, from the environment, checked as a whole."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.cloudevents import OUR_SOURCE, Source
from services.runtime.settings_check import load

__all__ = ["KafkaSettings", "load"]


class KafkaSettings(BaseSettings):
    """Where the broker is, how to sign in there, and who we are. Names follow Kafka's own client settings."""

    model_config = SettingsConfigDict(env_prefix="KAFKA_", frozen=True, extra="ignore", populate_by_name=True)

    bootstrap: str = Field(default="localhost:9092", description="host:port, several with commas")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(default="PLAINTEXT")
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(default="SCRAM-SHA-512")
    username: str | None = Field(default=None, description="SASL user")
    password: SecretStr | None = Field(default=None, description="SASL password")
    cafile: Path | None = Field(default=None, description="PEM of the authority that signed the broker's certificate")
    certfile: Path | None = Field(default=None, description="PEM of our own certificate, for mTLS")
    keyfile: Path | None = Field(default=None, description="PEM of our own key, for mTLS")
    source: Source = Field(
        default=OUR_SOURCE, validation_alias="SEINPAAL_SOURCE", description="who we are: source of every CloudEvent"
    )
    replication: int = Field(default=1, ge=1, le=9, description="Replicas of the topics we make; 3 in production")

"""Settings of the reception, read with those of notify."""

from pathlib import Path
from typing import Final

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.connections import Limits
from services.runtime.errors import Refused
from services.runtime.loopback import is_loopback
from services.runtime.web_server import Listen

MOST: Final = 500
"""Connections at once, in all."""


class ReceptionSettings(BaseSettings):
    """Read from variables that begin with NOTIFY_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFY_", frozen=True, extra="ignore")

    listen: str = Field(
        default="",
        pattern=r"^$|^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$",
        description="host:port where partners reach us; empty: nowhere",
    )
    listen_certificate: Path | None = Field(default=None, description="Our certificate chain there, a PEM file")
    listen_key: Path | None = Field(default=None, description="Its private key, a PEM file")
    exposed_because: str = Field(
        default="", description="Why it may listen beyond this machine without a certificate: who speaks TLS before it"
    )
    public_url: HttpUrl | None = Field(default=None, description="How partners write our address, when it is another")
    listen_rate: float = Field(default=20, gt=0, description="Requests a second of one partner, over a longer time")

    listen_per_address: int = Field(
        default=50, ge=1, le=MOST, description="Connections from one address at once; a proxy's is one, too"
    )

    @property
    def reached_at(self) -> str | None:
        """How partners write our address; None when they cannot reach us."""
        return str(self.public_url) if self.public_url is not None else None

    @property
    def listens(self) -> Listen | None:
        """Where, or None when partners cannot reach us.

        Raises:
            Refused: it would speak without TLS beyond this machine and nobody said why that is safe.
        """
        if not self.listen:
            return None
        host, _, port = self.listen.rpartition(":")
        host = host.strip("[]")
        if (self.listen_certificate is None) != (self.listen_key is None):
            raise Refused("NOTIFY_LISTEN_CERTIFICATE and NOTIFY_LISTEN_KEY go together: give both, or neither")
        if self.listen_certificate is None and not self.exposed_because and not is_loopback(host):
            raise Refused(
                f"NOTIFY_LISTEN={self.listen}: partners' tokens would travel in the clear. Give "
                "NOTIFY_LISTEN_CERTIFICATE and NOTIFY_LISTEN_KEY, or say who speaks TLS: "
                "NOTIFY_EXPOSED_BECAUSE='the proxy does'"
            )
        return Listen(host, int(port), self.listen_certificate, self.listen_key, Limits(MOST, self.listen_per_address))

"""Settings of the console."""

from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.errors import Refused
from services.runtime.loopback import is_loopback

LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class ConsoleSettings(BaseSettings):
    """From the environment, `CONSOLE_…`."""

    model_config = SettingsConfigDict(env_prefix="CONSOLE_", frozen=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8470, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    exposed_because: str = Field(
        default="", description="Why it may listen beyond this machine, as it has no sign-in: who keeps strangers out"
    )
    names: tuple[str, ...] = Field(default=(), description='Host names it answers to besides its own: ["seinpaal.lan"]')
    poll_seconds: float = Field(default=0.5, ge=0.05, le=60, description="Between two looks at the log, while watched")
    audience: int = Field(default=200, ge=1, description="Live pages open at once, at most")

    def checked(self) -> "ConsoleSettings":
        """Itself.

        Raises:
            Refused: it would listen beyond this machine and nobody said why that is safe.
        """
        if not self.exposed_because and not is_loopback(self.host):
            raise Refused(
                f"CONSOLE_HOST={self.host}: the console has no sign-in, so it listens on 127.0.0.1 only. If something "
                "before it keeps strangers out, say so: CONSOLE_EXPOSED_BECAUSE='the proxy signs people in'"
            )
        return self

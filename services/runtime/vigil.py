"""When a service that is not alive has had time enough to come back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.runtime.service import Health


@dataclass(slots=True)
class Vigil:
    """Remembers since when each service is not alive. Times are seconds of one monotonic clock."""

    patience: float
    unwell: dict[str, float] = field(default_factory=dict)

    def look(self, healths: Mapping[str, Health], now: float) -> str | None:
        """What is wrong, once a service has not been alive for `patience` seconds without a break; else None."""
        for name, health in healths.items():
            if health.alive:
                self.unwell.pop(name, None)
                continue
            silent = now - self.unwell.setdefault(name, now)
            if silent >= self.patience:
                return f"{name} has not been alive for {silent:.0f} s: {health.why or 'it does not say why'}"
        return None

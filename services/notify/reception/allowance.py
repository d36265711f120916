"""ALLOWANCE: how many requests one caller may make: a bucket that fills with time."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Allowance:
    """`rate` requests a second over a longer time, `most` at once; `left` at the moment `at`, in seconds."""

    rate: float
    most: float
    left: float
    at: float

    def take(self, at: float) -> "Allowance | float":
        """What is left after one more, or how many seconds to wait for it."""
        left = min(self.most, self.left + max(0.0, at - self.at) * self.rate)
        if left < 1:
            return (1 - left) / self.rate
        return replace(self, left=left - 1, at=at)

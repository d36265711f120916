"""ESCALATION: who is asked about what waits for a person, and who is asked next when nobody answers in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from schemas.codes import Urgency

AGAIN: Final[Mapping[Urgency, timedelta]] = MappingProxyType(
    {
        Urgency.EMERGENCY: timedelta(minutes=15),
        Urgency.ACUTE: timedelta(minutes=30),
        Urgency.URGENT: timedelta(hours=4),
        Urgency.ROUTINE: timedelta(hours=24),
    }
)
"""How long each person after the first has, before the next one is asked."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where one question stands: whose it is, how often it was put before somebody else, and when it will be again.

    `assigned_to` None: the first person's, as nobody gave it to another. `next_at` None: not by the clock any more.
    """

    assigned_to: str | None = None
    step: int = 0
    next_at: datetime | None = None

    def whose(self, asked: Sequence[str]) -> str | None:
        """Who must answer now; None when nobody is named."""
        return self.assigned_to or next(iter(asked), None)


def escalated(waiting: Waiting, asked: Sequence[str], urgency: Urgency, at: datetime) -> Waiting:
    """Nobody answered in time: before the next person who is not the one that let it pass.

    When there is nobody else, it stays with whom it was, and the step alone is told.
    """
    now = waiting.whose(asked)
    others = [person for person in (*asked[waiting.step + 1 :], *asked[: waiting.step + 1]) if person != now]
    step = waiting.step + 1
    more = step + 1 < len(asked)
    return Waiting(
        assigned_to=others[0] if others else waiting.assigned_to,
        step=step,
        next_at=at + AGAIN[urgency] if more else None,
    )


def reassigned(waiting: Waiting, person: str) -> Waiting:
    """A person gave it to another; the clock goes on."""
    return replace(waiting, assigned_to=person)

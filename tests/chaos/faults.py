"""FAULTS: what befalls a campaign, and when: at marks of progress, not of a clock, drawn by its seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

MOSTLY = 0.8
"""So many kills meet an instance at work, the others perhaps one that starts."""


@dataclass(frozen=True, slots=True)
class KillNotify:
    """SIGKILL to an instance, mostly while it works, else at any moment; it is started again at once."""

    instance: str
    at_work: bool = True


@dataclass(frozen=True, slots=True)
class FreezeNotify:
    """An instance stands still in the middle of attempts, until others have brought them to an end; then it goes on.

    None is whichever has something in its hands first.
    """

    instance: str | None = None


@dataclass(frozen=True, slots=True)
class RestartDatabase:
    """Every process of the server ends at once, and it comes back through recovery."""


@dataclass(frozen=True, slots=True)
class KillPartner:
    """SIGKILL; it is started again once it is left alone, and so many more attempts were spent all the same."""

    partner: str
    spent: int = 0


@dataclass(frozen=True, slots=True)
class FreezePartner:
    """It takes connections and answers nothing, until it is left alone; then it goes on with what it was sent."""

    partner: str


@dataclass(frozen=True, slots=True)
class LoseAnswers:
    """It keeps what comes, and the connection closes without an answer, until it is left alone."""

    partner: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """It refuses, until some are parked; then it behaves, and two operators send all of them again at one time."""

    partner: str


@dataclass(frozen=True, slots=True)
class Retry:
    """An operator sends what waits for its next attempt now; each command is written twice."""


Fault = KillNotify | FreezeNotify | RestartDatabase | KillPartner | FreezePartner | LoseAnswers | Refuse | Retry


def drawn(seed: int, instances: Sequence[str], partners: Sequence[str]) -> list[tuple[float, Fault]]:
    """Every kind of fault, most of them several times: each with the share of the referrals at rest when it begins."""
    dice = Random(seed)  # noqa: S311  the same faults again for the same seed
    faults: list[Fault] = [
        *(KillNotify(dice.choice(instances), dice.random() < MOSTLY) for _ in range(10)),
        FreezeNotify(dice.choice(instances)),
        *(RestartDatabase() for _ in range(3)),
        *(KillPartner(partner) for partner in partners),
        *(FreezePartner(partner) for partner in dice.sample(list(partners), 2)),
        *(LoseAnswers(partner) for partner in partners),
        *(Refuse(partner) for partner in dice.sample(list(partners), 2)),
        *(Retry() for _ in range(3)),
    ]
    dice.shuffle(faults)
    marks = sorted(dice.uniform(0.02, 0.9) for _ in faults)
    return list(zip(marks, faults, strict=True))

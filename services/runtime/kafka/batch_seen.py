"""BATCH SEEN: what is told of one batch once it is over."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["committed", "moved", "later"]


@dataclass(frozen=True, slots=True)
class BatchSeen:
    """One batch, for metrics and logs: no content, only counts, seconds and names of our own.

    `parked` counts every record that was put aside, `failed` those of them that only a fault of ours explains.
    `outcome` is `committed`; `moved` when its partitions went to another member before the commit, so that its records
    come again there; or `later` when nothing was decided and it is read again. `why` is then the class of the error.
    """

    name: str
    records: int
    parked: int
    failed: int
    seconds: float
    outcome: Outcome
    why: str = ""


def unseen(_batch: BatchSeen) -> None:
    """Nobody looks."""

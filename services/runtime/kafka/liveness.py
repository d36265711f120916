"""Whether a hop lives: by what it got done, never by a ping."""

from dataclasses import dataclass

from services.runtime.kafka.timing import Timing
from services.runtime.service import Health


@dataclass(frozen=True, slots=True)
class Progress:
    """What a hop has done so far. All times are seconds of one monotonic clock."""

    partitions: int | None
    """How many are ours; None until the group has told."""

    polled: float
    """When the poll loop last came round."""

    taken: float | None
    """Since when a batch is in hand; None when none is."""

    behind: float | None
    """Since when records wait without a batch being finished; None when we are up to date."""


def judge(progress: Progress, now: float, timing: Timing) -> Health:
    """Alive when something moved within the time allowed; ready once the group has given us our partitions."""
    trouble = _trouble(progress, now, timing)
    if trouble:
        return Health(alive=False, ready=False, why=trouble)
    match progress.partitions:
        case None:
            return Health(alive=True, ready=False, why="waiting for partitions")
        case 0:
            return Health(alive=True, ready=True, why="standing by: the other members have all partitions")
        case _:
            return Health(alive=True, ready=True)


def _trouble(progress: Progress, now: float, timing: Timing) -> str:
    if progress.taken is not None and now - progress.taken > timing.batch:
        return f"one batch has been in hand for {now - progress.taken:.0f} s"
    if progress.taken is None and now - progress.polled > timing.stuck:
        return f"the poll loop has not come round for {now - progress.polled:.0f} s"
    if progress.behind is not None and now - progress.behind > timing.stuck:
        return f"records wait, and no batch was finished for {now - progress.behind:.0f} s"
    return ""

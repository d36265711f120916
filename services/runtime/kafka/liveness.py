"""Whether a hop lives: by what it got done, never by a ping."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.runtime.kafka.positions import Partition
from services.runtime.kafka.timing import Timing
from services.runtime.service import Health


@dataclass(frozen=True, slots=True)
class Reading:
    """One partition at one moment, while no batch is in hand."""

    position: int | None
    """The offset read next; None while the consumer does not know it."""

    end: int | None
    """Where the partition ended, when the broker last told; None when it never did."""

    told: int | None
    """When it last told, in any unit: only a change counts."""

    @property
    def left(self) -> int:
        """Offsets still to be read, as far as the broker has told."""
        return 0 if self.position is None or self.end is None else max(0, self.end - self.position)


@dataclass(frozen=True, slots=True)
class Moved:
    """One partition's last progress: how it was, and when."""

    reading: Reading
    at: float


@dataclass(frozen=True, slots=True)
class Progress:
    """What a hop has done so far. All times are seconds of one monotonic clock."""

    joined: bool
    """The group has told us which partitions are ours."""

    polled: float
    """When the poll loop last came round."""

    taken: float | None
    """Since when a batch is in hand; None when none is."""

    moved: Mapping[Partition, Moved] = field(default_factory=dict)
    """Every partition that is ours, with its last progress."""

    undecoded: frozenset[Partition] = frozenset()
    """Those that stand before what cannot be read, mostly as it cannot be decoded, while others can."""


def moved(before: Moved | None, reading: Reading, now: float) -> Moved:
    """A partition has moved when records were finished, or when the broker says anew that there are no more."""
    if before is None:
        return Moved(reading, now)
    if reading.position is None:
        return before
    position = before.reading.position
    if position is None or reading.position > position:
        return Moved(reading, now)
    caught_up = reading.end is not None and reading.end <= reading.position
    if caught_up and reading.told != before.reading.told:
        return Moved(reading, now)
    return Moved(reading, before.at) if reading.position < position else before  # the log was cut: count from there


@dataclass(frozen=True, slots=True)
class Wait:
    """What the last batch waits for, in words. `named`: by who needs it (TryLater), and not by what was raised."""

    why: str
    named: bool


def judge(progress: Progress, now: float, timing: Timing, wait: Wait | None = None) -> Health:
    """Alive when everything of ours moved within the time allowed; ready once the group gave us our partitions.

    With a batch that waits it is not ready, and has more time when it says for what. Nor is it with a partition that
    alone cannot be read: no new process could do that either, and all others would stand still for its start.
    """
    trouble = _trouble(progress, now, timing, timing.patient if wait and wait.named else timing.stuck)
    if trouble:
        return Health(alive=False, ready=False, why=f"{trouble}: {wait.why}" if wait else trouble)
    if wait:
        return Health(alive=True, ready=False, why=wait.why)
    if not progress.joined:
        return Health(alive=True, ready=False, why="waiting for partitions")
    if progress.undecoded:
        topic, partition = min(progress.undecoded)
        return Health(alive=True, ready=False, why=f"{topic} {partition} has not moved: it cannot be read")
    return Health(alive=True, ready=True)


def _trouble(progress: Progress, now: float, timing: Timing, stuck: float) -> str:
    if progress.taken is not None:
        held = now - progress.taken
        return f"one batch has been in hand for {held:.0f} s" if held > timing.batch else ""
    if now - progress.polled > timing.stuck:
        return f"the poll loop has not come round for {now - progress.polled:.0f} s"
    for where, last in progress.moved.items():
        if now - last.at > stuck and where not in progress.undecoded:
            return f"{where[0]} {where[1]} has not moved for {now - last.at:.0f} s"
    return ""

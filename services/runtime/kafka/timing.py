"""How long a hop waits for what, and how long it may be silent before it counts as dead."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds. `drain` and the longest backoff stay below `rebalance`, or a slow batch costs the membership."""

    session: float = 10.0
    """A member that has not been heard of for so long is dead, and its partitions move."""

    rebalance: float = 35.0
    """How long a rebalance waits for every member to let go. Below aiokafka's request timeout of 40 s."""

    drain: float = 25.0
    """How long we hold a rebalance up to finish the batch in hand."""

    commit: float = 15.0
    """How long one commit may take."""

    stop: float = 30.0
    """How long `stop` waits for the batch in hand."""

    stuck: float = 90.0
    """Without a round of the poll loop, or behind without a finished batch, for so long: not alive."""

    patient: float = 300.0
    """The same for a hop that says what it waits for: a new process would wait for that too, and start more slowly."""

    batch: float = 120.0
    """A batch in hand for so long: not alive."""

    anew: float = 5.0
    """How often it is asked whether a topic was deleted and made anew."""


USUAL: Final = Timing()

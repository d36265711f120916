"""How long to wait before the same records are read again."""

from typing import Final

FIRST: Final = 0.1
LONGEST: Final = 10.0
ENOUGH: Final = 16  # doublings: beyond it every wait is the longest


def pause(failures: int, dice: float, *, first: float = FIRST, longest: float = LONGEST) -> float:
    """Seconds to wait after `failures` failures in a row: exponential, bounded, full jitter.

    `dice` is in [0, 1). `longest` stays well below the group's rebalance timeout, so that a waiting member is never put
    out of its group. Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    return min(longest, first * 2.0 ** min(failures, ENOUGH)) * dice

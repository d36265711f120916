"""ENDINGS: attempts that have ended and are not written yet. They wait a little, so that one commit does for many."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from services.notify.conclusion import Conclusion
from services.notify.retry import Done

GATHER: Final = 0.025
"""Seconds for others to end, when one went well and its partner has more under way.

What hangs at another partner is not waited for, and whatever arrives meanwhile does not wait either.
"""

LINGER: Final = 0.25
"""The same for what did not go well: nobody waits for that, and partners that hang give up in numbers.

Its place stays taken until it is written. So a breaker opens that much later, and nothing more is sent for it.
"""


class Endings:
    """Of one worker."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._waiting: list[Conclusion] = []
        self._since: dict[bool, float] = {}  # when the first of those waiting ended that went well, or did not
        self._changed = asyncio.Event()
        self._arrived = False

    def add(self, conclusion: Conclusion) -> None:
        """One more has ended."""
        self._waiting.append(conclusion)
        well = isinstance(conclusion.step, Done)
        if well and well not in self._since:
            self._changed.set()  # what waits for failures only would wait too long now
        self._since.setdefault(well, self._ticks())

    def arrived(self) -> None:
        """Something else is to be done at once."""
        self._arrived = True
        self._changed.set()

    def back(self, conclusions: Sequence[Conclusion]) -> None:
        """They could not be written: first of all next time."""
        self._waiting = [*conclusions, *self._waiting]
        self._since[True] = -math.inf

    def everything(self) -> list[Conclusion]:
        """Take all there is, at once."""
        taken, self._waiting, self._since = self._waiting, [], {}
        return taken

    @property
    def places(self) -> Counter[str]:
        """How many of each partner's places they still take."""
        return Counter(each.line.partner or "" for each in self._waiting)

    def patience(self, under_way: Mapping[str, int]) -> float:
        """Seconds until what waits is written; infinite when nothing waits, zero when nothing more can come."""
        if not self._waiting:
            return math.inf
        if not any(under_way[each.line.partner or ""] for each in self._waiting):
            return 0.0
        ends = [since + (GATHER if well else LINGER) for well, since in self._since.items()]
        return max(0.0, min(ends, default=0.0) - self._ticks())

    async def gathered(self, under_way: Mapping[str, int]) -> list[Conclusion]:
        """What is written now, after waiting for others. With an arrival, what did not go well waits on.

        What went well is waited with from now on: while others were written a few may have ended, and more are to come.
        """
        if self._since.get(True, -math.inf) > -math.inf:
            self._since[True] = self._ticks()
        while not self._arrived and 0.0 < (wait := self.patience(under_way)) < math.inf:
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), wait)
        hurried, self._arrived = self._arrived, False
        if hurried and True not in self._since and self.patience(under_way) > 0.0:
            return []
        return self.everything()

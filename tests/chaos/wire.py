"""WIRE: the one way between two networks of a test: late, lossy, or cut in one direction or both.

It carries IP packets in this process, so that every kernel can do it alike and a seed says which are lost; `tc netem`
is missing in many kernels. What is lost, TCP must notice and send again: no program on either side is in the know.
"""

import os
import select
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random
from typing import Final

PACKET: Final = 65_536
BOTH: Final = frozenset({"there", "back"})


@dataclass(frozen=True, slots=True)
class Weather:
    """Each packet waits `delay` seconds, a share `loss` never comes; in the directions `cut`, none does."""

    delay: float = 0.0
    loss: float = 0.0
    cut: Collection[str] = ()


class Wire:
    """Between two TUN devices. `carried` and `lost` count packets."""

    def __init__(self, near: int, far: int, seed: int) -> None:
        self.weather = Weather()
        self.carried = 0
        self.lost = 0
        self._ends = {near: ("there", far), far: ("back", near)}
        self._dice = Random(seed)  # noqa: S311  the same losses again for the same seed
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._carry, daemon=True)

    def start(self) -> None:
        """From now on packets go."""
        self._thread.start()

    def stop(self) -> None:
        """No packet goes any more."""
        os.write(self._stopped, b".")
        self._thread.join()
        os.close(self._stop)
        os.close(self._stopped)

    def _carry(self) -> None:
        due: list[tuple[float, int, int, bytes]] = []
        number = 0
        while True:
            wait = max(0.0, due[0][0] - time.monotonic()) if due else None
            ready, _, _ = select.select([*self._ends, self._stop], [], [], wait)
            if self._stop in ready:
                return
            for end in ready:
                packet = os.read(end, PACKET)
                direction, other = self._ends[end]
                number += 1
                if self._passes(direction):
                    heappush(due, (time.monotonic() + self.weather.delay, number, other, packet))
                else:
                    self.lost += 1
            while due and due[0][0] <= time.monotonic():
                *_, other, packet = heappop(due)
                os.write(other, packet)
                self.carried += 1

    def _passes(self, direction: str) -> bool:
        weather = self.weather
        return direction not in weather.cut and self._dice.random() >= weather.loss

"""Memory and idle CPU of `seinpaal up`, without the broker, once some signals have gone through."""

import asyncio
import time
from re import findall
from typing import Final

import psutil  # type: ignore[import-untyped]  # it ships no types

from tests.bench.figures import Figure, Goal
from tests.bench.place import Place
from tests.bench.programs import Program, running

SIGNALS: Final = 60
SETTLE: Final = 12.0
"""Seconds after the last line that told of something under way."""

PARTS: Final = 3
SECONDS: Final = 10.0
MEGABYTE: Final = 1e6


async def measure(place: Place) -> list[Figure]:
    """It has its own broker, as a laptop has; what that uses is not counted."""
    state = place.folder / "state"
    arguments = ("up", "--state", str(state), "--port", "0", "--signals", str(SIGNALS), "--rate", "20")
    program = Program("services.cli", *arguments, folder=place.folder)
    with running([program]):
        place.tell("signals", 1, PARTS + 1)
        await _at_rest(program)
        process = psutil.Process(program.pid)
        shares: list[float] = []
        for _ in place.steps("idle", PARTS):
            before, began = process.cpu_times(), time.monotonic()
            await asyncio.sleep(SECONDS)
            after = process.cpu_times()
            used = after.user + after.system - before.user - before.system
            shares.append(used / (time.monotonic() - began) * 100)
        memory = process.memory_full_info()
    return [
        Figure(
            "memory of `seinpaal up`, broker apart",
            "MB",
            [memory.rss / MEGABYTE],
            Goal(250),
            {"PSS MB": memory.pss / MEGABYTE},
        ),
        Figure("idle CPU of `seinpaal up`, broker apart", "% of a core", shares, Goal(3)),
    ]


async def _at_rest(program: Program, within: float = 120.0) -> None:
    """Wait until it tells that all were written and nothing is in progress any more, and a while longer."""
    deadline = time.monotonic() + within
    while not any(rests(line) for line in program.said()):
        program.check()
        if time.monotonic() > deadline:
            raise TimeoutError("seinpaal up does not come to rest")
        await asyncio.sleep(0.5)
    await asyncio.sleep(SETTLE)


def rests(line: str) -> bool:
    """A line of numbers: what was written comes first, what is under way last."""
    numbers = [int(number) for number in findall(r"\b\d+\b", line)]
    return line.rstrip().endswith("in progress: 0") and numbers[0] >= SIGNALS

"""Rounds of one hop and its base, one after the other on the same broker and the same records."""

import gc
from collections.abc import Awaitable, Callable
from typing import Final

from services.runtime.run import settle
from services.runtime.service import Service
from tests.bench.figures import Goal, Round
from tests.bench.passthrough import Pace, pass_through
from tests.bench.place import Place

ROUNDS: Final = 7
GOAL: Final = Goal(0.40, at_least=True)

Hop = Callable[[int], Awaitable[Pace]]
"""Carries all records once. It is given a number that no run before it had."""


async def paced(service: Service, pace: Pace, records: int) -> Pace:
    """Run the service until it has committed so many."""
    await service.start()
    settle()  # as `run` does
    try:
        await pace.until(records)
    finally:
        gc.unfreeze()
        await service.stop()
    return pace


async def rounds(place: Place, variant: Hop, *, source: str, target: str, records: int) -> list[Round]:
    """Beside bytes passed through by hand."""

    async def base(number: int) -> Pace:
        return await pass_through(place.kafka.bootstrap, source, target, f"base-{number}", records)

    return await versus(place, variant, base)


async def versus(place: Place, variant: Hop, base: Hop) -> list[Round]:
    """Each is given the number of the round; every other round the base goes first."""
    found: list[Round] = []
    for step in place.steps("rounds", ROUNDS + 1):
        if step % 2:
            ours = await variant(step)
            beside = await base(step)
        else:
            beside = await base(step)
            ours = await variant(step)
        if step > 1:  # the first one warms up broker, caches and interpreter
            found.append(Round(ours.rate, beside.rate, ours.cpu, beside.cpu))
    return found

"""Rounds of one hop and its base, one after the other on the same broker and the same records."""

import gc
from collections.abc import Awaitable, Callable
from typing import Final

from services.runtime.service import Service
from tests.bench.figures import Goal, Round
from tests.bench.passthrough import Pace, pass_through
from tests.bench.place import Place

ROUNDS: Final = 7
GOAL: Final = Goal(0.40, at_least=True)


async def paced(service: Service, pace: Pace, records: int) -> Pace:
    """Run the service until it has committed so many."""
    gc.collect()
    await service.start()
    try:
        await pace.until(records)
    finally:
        await service.stop()
    return pace


async def rounds(
    place: Place, variant: Callable[[int], Awaitable[Pace]], *, source: str, target: str, records: int
) -> list[Round]:
    """`variant` is given the number of the round; every other round the base goes first."""
    found: list[Round] = []
    for step in place.steps("rounds", ROUNDS + 1):
        group = f"base-{step}"
        if step % 2:
            ours = await variant(step)
            base = await pass_through(place.kafka.bootstrap, source, target, group, records)
        else:
            base = await pass_through(place.kafka.bootstrap, source, target, group, records)
            ours = await variant(step)
        if step > 1:  # the first one warms up broker, caches and interpreter
            found.append(Round(ours.rate, base.rate, ours.cpu, base.cpu))
    return found

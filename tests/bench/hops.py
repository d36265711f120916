"""Rounds of one hop, the least one and its base, one after the other on the same broker and the same records."""

import gc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from services.runtime.garbage import settle
from services.runtime.service import Service
from tests.bench.figures import Goal, Round
from tests.bench.least.wire import Work, carry
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


async def by_hand(place: Place, topic: str, group: str, work: Work, records: int) -> Pace:
    """A least program, so many records."""
    pace = Pace()
    settle()  # as `paced` does
    try:
        await carry(place.kafka.bootstrap, topic, group, work, landed=pace.add, records=records)
    finally:
        gc.unfreeze()
    return pace


async def rounds(place: Place, variant: Hop, least: Hop, *, source: str, target: str, records: int) -> list[Round]:
    """Beside the least program, and beside bytes passed through by hand."""

    async def base(number: int) -> Pace:
        return await pass_through(place.kafka.bootstrap, source, target, f"base-{number}", records)

    return await versus(place, variant, base, least)


async def versus(place: Place, variant: Hop, base: Hop, least: Hop | None = None) -> list[Round]:
    """Each is given the number of the round; who goes first changes from round to round."""
    runners = [variant, base] if least is None else [variant, base, least]
    found: list[Round] = []
    for step in place.steps("rounds", ROUNDS + 1):
        first = step % len(runners)
        turns = [*range(first, len(runners)), *range(first)]
        paces = {turn: await runners[turn](step) for turn in turns}
        if step > 1:  # the first one warms up broker, caches and interpreter
            found.append(_round(*(paces[turn] for turn in sorted(paces))))
    return found


def _round(ours: Pace, base: Pace, least: Pace | None = None) -> Round:
    known = Round(ours.rate, base.rate, ours.cpu, base.cpu)
    return known if least is None else replace(known, least=least.rate, least_cpu=least.cpu)

"""The whole street on one broker: tenant topic, stages as processes, and a partner that notes what it gets."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from schemas.record import Output
from schemas.topics import AUDIT
from services.runtime.kafka import offsets
from tests.bench.house import House, traffic
from tests.bench.partner import Partner
from tests.bench.place import Place
from tests.bench.programs import Program, first_line, running

STAGES: Final = ("audit", "notify", "router", "ingest")
ALONE: Final = tuple((stage,) for stage in STAGES)
"""One process a stage, as in production."""

TOGETHER: Final = (STAGES,)
"""All stages in one process, as `seinpaal up` has them."""

FIRST: Final = 50
"""Signals before any clock runs: connections are opened, code is warm."""


@dataclass(slots=True)
class Street:
    """What a measurement needs to know of it. `programs` by the stages in them."""

    place: Place
    house: House
    partner: Partner
    programs: dict[tuple[str, ...], Program]
    sent: int = 0

    async def write(self, count: int) -> None:
        """So many new signals into the tenant's topic, at once."""
        await self.place.write(self.made(count))

    def made(self, count: int) -> list[Output]:
        """So many new signals, to be written now."""
        first, self.sent = self.sent + 1, self.sent + count
        return list(traffic(first, count))

    async def received(self, within: float = 120.0) -> None:
        """Wait until the partner has one referral for each. Raises at once when a process ended meanwhile."""
        async with asyncio.timeout(within):
            while await self.partner.count() < self.sent:
                self.check()
                await asyncio.sleep(0.05)

    async def audited(self) -> bool:
        """Whether the log holds every fact there is."""
        found = await offsets(self.place.kafka, "audit", [AUDIT.name])
        return all(each.lag == 0 for each in found.values())

    def check(self) -> None:
        """Raises when a process ended by itself."""
        for program in self.programs.values():
            program.check()


@asynccontextmanager
async def street(
    place: Place, kind: str, processes: Sequence[Sequence[str]], environment: dict[str, str] | None = None
) -> AsyncIterator[Street]:
    """Open and warm. `kind` is the channel, `processes` which stages share one."""
    await place.topics()
    with ExitStack() as ended:
        partner = await open_partner(place, ended)
        channel: dict[str, Any] = {"type": kind, "url": f"{partner.url}/{kind}"}
        house = await place.house().furnish(channel)
        given = {**house.environment, **(environment or {})}
        programs = {
            tuple(stages): Program("tests.bench.stages", *stages, folder=house.folder, environment=given)
            for stages in processes
        }
        ended.enter_context(running(list(programs.values())))
        opened = Street(place, house, partner, programs)
        await opened.write(FIRST)
        await opened.received()
        yield opened


async def open_partner(place: Place, ended: ExitStack) -> Partner:
    """One more, in a process of its own, until the stack is closed."""
    program = Program("tests.bench.partner", folder=place.folder)
    ended.enter_context(running([program]))
    return Partner(await first_line(program))

"""STORM: carries out the faults of a campaign, each at its mark, and ends each by what happened, not by a clock."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from aiohttp import ClientError

from tests.chaos.faults import (
    Fault,
    FreezeNotify,
    FreezePartner,
    KillNotify,
    KillPartner,
    LoseAnswers,
    Refuse,
    RestartDatabase,
    Retry,
)
from tests.chaos.operators import Operators
from tests.chaos.partners import Care
from tests.chaos.program import Program
from tests.chaos.standing import Ledger, Standing

LOOK = 0.1
BOUND = 30.0
"""Seconds after which a fault ends although what it waits for did not happen: its partner may have nothing to get."""

CATCH = 90.0
"""The same of one that must not be missed: on a busy machine an instance that was killed starts for long."""

ENOUGH = 5
"""So many referrals that were refused are worth an operator's while."""


@dataclass(slots=True)
class Storm:
    """Everything that can be hit. `restart` crashes the database and brings it back."""

    ledger: Ledger
    instances: Mapping[str, Program]
    partners: Mapping[str, Care]
    operators: Operators
    restart: Callable[[], None]
    began: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    """What began and met nobody: its campaign has not shown what it should."""
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _restarting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def rage(self, faults: Sequence[tuple[float, Fault]], total: int) -> None:
        """All of them, each once so much of the total is at rest; a fault does not wait for the one before to end."""
        for mark, fault in faults:
            await self._still(round(mark * total))
            self.began.append(type(fault).__name__)
            task = asyncio.create_task(self._conduct(fault))
            self._under_way.add(task)
        await asyncio.gather(*self._under_way)

    async def _conduct(self, fault: Fault) -> None:
        match fault:
            case KillNotify(instance=name, at_work=at_work):
                await self._kill_instance(self.instances[name], at_work=at_work)
            case FreezeNotify(instance=instance):
                await self._freeze_instance([instance] if instance else list(self.instances))
            case RestartDatabase():
                async with self._restarting:
                    await asyncio.to_thread(self.restart)
            case KillPartner(partner=name, spent=spent):
                await self._kill_partner(self.partners[name], spent)
            case FreezePartner(partner=name):
                await self._freeze_partner(self.partners[name])
            case LoseAnswers(partner=name):
                await self._misbehave(name, "lost-after", lambda now: now.rid_of(name))
            case Refuse(partner=name):
                await self._misbehave(name, "several-matches", lambda now: now.states["parked"] >= ENOUGH)
                await self.operators.redrive_all()
            case Retry():
                await self.operators.retry()

    async def _kill_instance(self, program: Program, *, at_work: bool) -> None:
        """Whatever it had in its hands stays leased until it is back."""
        if at_work:
            await self._when(lambda: program.works)
        program.kill()
        program.start()

    async def _freeze_instance(self, names: Sequence[str]) -> None:
        """One of them, in the middle of attempts; it goes on once others have brought what it held to an end."""
        caught: dict[str, frozenset[UUID]] = {}
        before = Standing()

        async def one_is_caught() -> bool:
            nonlocal before
            now = await self.ledger.look() or Standing()
            for name in names:
                if now.held_by(name) & before.held_by(name) and self.instances[name].works:
                    self.instances[name].freeze()
                    then = await self.ledger.look() or Standing()
                    if under_way := then.held_by(name) & before.held_by(name):
                        caught[name] = under_way
                        return True
                    self.instances[name].thaw()
            before = now
            return False

        await self._until(one_is_caught, CATCH)
        if not caught:
            self.missed.append(FreezeNotify.__name__)
        for name, under_way in caught.items():
            await self._brought_to_an_end(under_way)
            self.instances[name].thaw()

    async def _brought_to_an_end(self, referrals: frozenset[UUID]) -> None:
        async def ended() -> bool:
            return not await self.ledger.waits(referrals)

        await self._until(ended)

    async def _kill_partner(self, partner: Care, spent: int) -> None:
        await self._when(lambda: partner.program.works)
        partner.program.kill()
        await self._left_alone(partner.kind.name)
        if spent and (now := await self.ledger.look()):
            await self._reached(lambda later: later.attempts >= now.attempts + spent)
        partner.program.start()

    async def _freeze_partner(self, partner: Care) -> None:
        await self._when(lambda: partner.program.works)
        partner.program.freeze()
        await self._left_alone(partner.kind.name)
        partner.program.thaw()

    async def _left_alone(self, name: str) -> None:
        await self._reached(lambda now: now.rid_of(name))

    async def _misbehave(self, name: str, mischief: str, enough: Callable[[Standing], bool]) -> None:
        await self._play(name, mischief)
        await self._reached(enough)
        await self._play(name)

    async def _play(self, name: str, *mischief: str) -> None:
        """One that was killed or stands still is told once it is back."""

        async def told() -> bool:
            with suppress(ClientError, TimeoutError, OSError):
                await self.partners[name].play(*mischief)
                return True
            return False

        await self._until(told)

    async def _reached(self, condition: Callable[[Standing], bool]) -> None:
        async def reached() -> bool:
            now = await self.ledger.look()
            return now is not None and condition(now)

        await self._until(reached)

    async def _still(self, count: int) -> None:
        await self._reached(lambda now: now.still >= count)

    async def _when(self, condition: Callable[[], bool]) -> None:
        async def holds() -> bool:
            return condition()

        await self._until(holds)

    async def _until(self, condition: Callable[[], Awaitable[bool]], seconds: float = BOUND) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if await condition():
                return
            await asyncio.sleep(LOOK)

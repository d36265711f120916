"""POLLER: asks partners how their Tasks stand, each in its own time, through the door that referrals take.

A partner that hangs or fails is asked again later. Nobody else waits for it, and nothing that is to be delivered does:
what a question comes to moves no breaker and is no attempt.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.feedback import SubscriptionFeedback
from services.notify import polling_store, reach, reach_store
from services.notify.directory import Directory
from services.notify.loop import Loop
from services.notify.newest_entry import Newer
from services.notify.poll import Poll
from services.notify.polling import Asked, asked_of, ready_at
from services.notify.polling_round import Round
from services.notify.reach import Reach
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.ending import end
from services.runtime.log import get_logger

log = get_logger(__name__)

POLL: Final = 2.0
"""Seconds at most between two looks."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question to one partner that is ours to ask, not before `at`. `round` has our fence."""

    how: Asked
    round: Round
    at: datetime


class Poller:
    """One of any number on one ledger. Each partner's turn is leased: two never ask the same at once."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        poll: Poll,
        clock: Clock,
        *,
        lease: timedelta,
        newer: Newer | None = None,
    ) -> None:
        """`newer`: whom we leave to another instance."""
        partners = directory.partners.values()
        self._database = database
        self._poll = poll
        self._clock = clock
        self._lease = lease
        self._newer = newer or Newer()
        self._asked = {each.id: how for each in partners if (how := asked_of(each)) is not None}
        self._rates = {each.id: each.rate for each in partners}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self.loop: Final = Loop("poller", self.step)

    async def begin(self) -> None:
        """Before the first step: everybody who is asked has a round."""
        async with self._database.begin() as connection:
            await polling_store.begin(connection, self._asked, self._clock())

    async def step(self) -> float:
        """Begin every turn that is due and may go; returns when to look again, in seconds."""
        now = self._clock()
        notified = [name for name, how in self._asked.items() if isinstance(how, SubscriptionFeedback)]
        async with self._database.read() as connection:
            rounds = await polling_store.rounds(connection)
            fresh = await polling_store.never_asked(connection, notified)
            reaches = await reach_store.read(connection)
        waits = []
        for name in sorted(rounds.keys() & self._asked.keys() - self._under_way.keys() - self._newer.left):
            stands = reaches.get(name) or Reach(name)
            at = ready_at(rounds[name], self._asked[name], stands, now, fresh=name in fresh)
            if at is not None and at > now:
                waits.append(at)
            elif at is not None and (turn := await self._claim(rounds[name], now)) is not None:
                self._spawn(turn)
        return min([POLL, *((at - now).total_seconds() for at in waits)])

    @property
    def busy(self) -> bool:
        """Whether anybody is being asked."""
        return bool(self._under_way)

    async def drain(self, seconds: float) -> None:
        """Before the end: wait for answers, a while. Who is still asked then is asked again when the lease ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._under_way:
                    await asyncio.wait(self._under_way.values())
        await end(*self._under_way.values())

    async def _claim(self, round_: Round, now: datetime) -> Turn | None:
        """With a rate, a question takes its turn among what is sent, over all instances."""
        name, until, at = round_.partner, now + self._lease, now
        async with self._database.begin() as connection:
            if (rate := self._rates[name]) is not None:
                stands = (await reach_store.held(connection, [name]))[name]
                if not reach.places(stands, rate, now, 1):
                    return None
                after, at = reach.turn(stands, rate, now, 1)
                await reach_store.change(connection, [after])
            ours = await polling_store.claim(connection, round_, until)
        return Turn(self._asked[name], ours, at) if ours is not None else None

    def _spawn(self, turn: Turn) -> None:
        name = turn.round.partner
        self._under_way[name] = asyncio.create_task(self._take(turn), name=f"ask-{name}")

    async def _take(self, turn: Turn) -> None:
        """Whatever fails of ours, the lease runs out and it is asked again."""
        name = turn.round.partner
        try:
            if (wait := (turn.at - self._clock()).total_seconds()) > 0:
                await asyncio.sleep(wait)
            await self._poll.take(turn.how, turn.round)
        except Exception as error:
            log.warning("notify.ask_failed", partner=name, exc_info=error)
        finally:
            del self._under_way[name]
            self.loop.wake()

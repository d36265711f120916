"""WORKER: claims what is due, has it sent, writes what became of it. Each partner has its own places to send from."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import InboxChannel, NotifiedPullChannel
from services.keyring.seal import DataKey
from services.keyring.store import UNKNOWN, Found
from services.notify import claims, instance_runs, suspects
from services.notify.breaker import USUAL, Limits
from services.notify.claims import Claim, Lease
from services.notify.conclusion import Conclusion, conclude
from services.notify.deliver import Delivering
from services.notify.endings import Endings
from services.notify.gate import NOBODY, Gate, Unplanned
from services.notify.newest_entry import Newer
from services.notify.quarantine import Quarantine
from services.notify.retry import Park
from services.notify.turns import Turn, by_key, in_turns
from services.runtime.database import Database
from services.runtime.ending import end
from services.runtime.errors import TryLater
from services.runtime.log import get_logger

log = get_logger(__name__)

POLL: Final = 1.0
"""Seconds at most between two looks: another instance may have put something in the ledger."""

KEYS_LATER: Final = timedelta(seconds=5)
"""How long to leave a line when the keyring does not answer."""

KEY_UNKNOWN_LATER: Final = timedelta(minutes=1)
"""The same, when it answers that it never had the key: a person must set another keyring."""

FindKeys = Callable[[Sequence[UUID]], Awaitable[Found]]
"""The keys of these cases."""


class Worker:
    """One of any number of workers on one ledger. What it holds is leased; what it lost, another one takes."""

    def __init__(
        self,
        database: Database,
        keys: FindKeys,
        delivering: Delivering,
        *,
        owner: str,
        lease: timedelta,
        concluded: Callable[[Sequence[Conclusion]], None],
        limits: Limits = USUAL,
        doors: Mapping[str, Unplanned] = NOBODY,
        newer: Newer | None = None,
    ) -> None:
        """`keys` is the keyring's `find`, `owner` the lasting name of this instance, `doors` the ways to partners.

        `newer`: whom we leave to another instance. `concluded` is called after every commit: there is something to
        publish.
        """
        self._database = database
        self._find = keys
        self._delivering = delivering
        self._owner = owner
        self._lease = lease
        self._concluded = concluded
        partners = delivering.directory.partners.values()
        self._places = {partner.id: partner.concurrency for partner in partners}
        self._newer = newer or Newer()
        self._gate = Gate(partners, limits, doors)
        self._busy: Counter[str] = Counter()
        self._under_way: set[asyncio.Task[None]] = set()
        self._endings = Endings()
        self._quarantine = Quarantine(owner)
        self._began = delivering.clock()
        self.wake: Callable[[], None] = lambda: None

    async def resume(self) -> int:
        """Before the first step: take up what the last run of this instance left, without waiting for its leases.

        And what lay ready for partners that are sent it now, as their entry was changed.
        """
        directory = self._delivering.directory
        fetched = NotifiedPullChannel | InboxChannel
        sent = [each.id for each in directory.partners.values() if not isinstance(each.channel, fetched)]
        now = self._began = self._delivering.clock()
        async with self._database.begin() as connection:
            left = await suspects.began(connection, self._owner, directory, now)
            return left + await claims.unoffered(connection, sent, now)

    def arrived(self) -> None:
        """There may be something new to send."""
        self._endings.arrived()
        self.wake()

    @property
    def busy(self) -> bool:
        """Whether anything is being sent or waits to be written."""
        return bool(self._under_way or self._endings.places)

    async def step(self) -> float:
        """Write what ended, claim what is due, start sending it; returns when to look again, in seconds."""
        ended = await self._endings.gathered(self._busy)
        try:
            claimed, wait = await self._turn(ended)
        except TryLater:
            self._endings.back(ended)
            raise
        except Exception:  # whatever fault of ours is in one of them: raised again once the others are written
            await self._one_by_one(ended)
            raise
        for some in by_key(claimed):
            self._spawn(self._send(some))
        if ended:
            self._concluded(ended)
            return 0.0  # what stood behind them may be due now
        return min(wait, self._endings.patience(self._busy))

    async def drain(self, seconds: float) -> None:
        """Before the end: wait for what is under way, a while, and write it. What is left has its lease run out."""
        said = await self._ends()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._under_way:
                    await asyncio.wait(self._under_way)
        await end(*self._under_way)
        if ended := self._endings.everything():
            async with self._database.begin() as connection:
                await self._conclude(connection, ended)
            self._concluded(ended)
        if not said:
            await self._ends()

    async def _ends(self) -> bool:
        """Whether it could be said that this run ends in order; else it is taken for one that died, and no more."""
        with suppress(TryLater):
            async with self._database.begin() as connection:
                await instance_runs.ended(connection, self._owner, self._began)
            return True
        return False

    async def _turn(self, ended: Sequence[Conclusion]) -> tuple[list[Turn], float]:
        """One look, and one transaction when there is anything to write. Who may get nothing now is not looked at."""
        taken = self._busy + self._endings.places
        ours = self._places.keys() - self._newer.left
        free = {name: left for name in self._places if name in ours and (left := self._places[name] - taken[name]) > 0}
        now = self._delivering.clock()
        async with self._database.read() as connection:
            await self._gate.look(connection)
            places = self._gate.places(free, now)
            earliest = await claims.horizon(connection, places)
            await self._quarantine.look(connection, places, now)
        due = [queue for queue, at in earliest.items() if at <= now]
        claimed: list[Turn] = []
        held = self._quarantine.holds(ended, self._busy.total(), now)
        begins = not held and (due or self._gate.owed() or self._quarantine.calls)
        if ended or begins:
            async with self._database.begin() as connection:
                await self._conclude(connection, ended)
                if begins:
                    lease = Lease(self._owner, now, now + self._lease)
                    claimed = await self._quarantine.claim(connection, self._gate, due, free, lease)
            if begins:
                self._gate.settled()
                self._quarantine.settled(now)
        self._busy.update(claim.line.partner or "" for claim, _ in claimed)
        waits = [*(at for at in earliest.values() if at > now), *self._gate.waits(free, now)]
        if held:
            waits = [now + held]
        return claimed, min([POLL, *((at - now).total_seconds() for at in waits)])

    async def _conclude(self, connection: AsyncConnection, ended: Sequence[Conclusion]) -> None:
        """The attempts, and what they say of the partners."""
        written = await conclude(connection, ended, self._delivering.directory)
        await self._gate.judge(connection, written)

    async def _one_by_one(self, ended: Sequence[Conclusion]) -> None:
        """A fault of ours in one of them: the others are written, and that one's lease runs out."""
        for each in ended:
            try:
                async with self._database.begin() as connection:
                    await self._conclude(connection, [each])
            except TryLater:
                self._endings.back([each])
            except Exception as error:  # whatever it is, the others must still be written
                log.error("notify.conclusion", referral=str(each.line.referral), exc_info=error)  # noqa: TRY400  told in our own way
            else:
                self._concluded([each])

    async def _send(self, turns: Sequence[Turn]) -> None:
        """The keys of all of them in one question, then each on its own, in its turn."""
        claimed = [claim for claim, _ in turns]
        try:
            keys = await self._keys(claimed)
        except Exception as error:  # whatever the keyring has, the lines go back
            if len(turns) > 1 and not isinstance(error, TryLater):  # one key that does not open holds up no other case
                for each in in_turns(turns):
                    await self._send([each])
                return
            log.warning("notify.keys", count=len(claimed), exc_info=error)
            for claim in claimed:
                self._end(self._delivering.later(claim.line, "keyring-unavailable", KEYS_LATER))
            return
        now = self._delivering.clock()
        self._without_key([claim for claim in claimed if claim.opens and claim.line.signal not in keys])
        for claim, at in in_turns(turns):
            if claim.opens and claim.line.signal not in keys:
                continue
            self._spawn(self._send_one(claim, keys.get(claim.line.signal), (at - now).total_seconds()))
            await asyncio.sleep(0)  # to pack one takes milliseconds: what arrives meanwhile is not kept waiting by all

    async def _keys(self, claimed: Sequence[Claim]) -> Found:
        wanted = [claim.line.signal for claim in claimed if claim.opens]
        return await self._find(wanted) if wanted else {}

    def _without_key(self, claims: Sequence[Claim]) -> None:
        """Whose keys are in another keyring than ours: they wait, since none of them was erased as far as we know."""
        if claims:
            log.error("notify.keys", count=len(claims), why=UNKNOWN)
        for claim in claims:
            self._end(self._delivering.later(claim.line, "key-unknown", KEY_UNKNOWN_LATER))

    async def _send_one(self, claim: Claim, key: DataKey | None, wait: float) -> None:
        if wait > 0:
            await asyncio.sleep(wait)
        try:
            conclusion = await self._delivering.deliver(claim, key)
        except Exception as error:  # a fault of ours about this one: a person must look
            log.error("notify.deliver", referral=str(claim.line.referral), exc_info=error)  # noqa: TRY400  our own way
            fault = Park(f"unexpected-{type(error).__name__}"[:64])
            conclusion = Conclusion(claim.line, fault, self._delivering.clock(), uncertain=True)
        self._end(conclusion)

    def _end(self, conclusion: Conclusion) -> None:
        self._busy[conclusion.line.partner or ""] -= 1
        self._endings.add(conclusion)
        self.wake()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

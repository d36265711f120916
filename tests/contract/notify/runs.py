"""Runs of instances on one ledger, some of which die in the middle of sending."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from schemas.referral import Referral
from services.notify.channel import Parcel
from services.notify.outcome import Outcome
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.contract.notify.scripted import Desk, Scripted
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


@dataclass(slots=True)
class Deadly(Scripted):
    """What is among `kills` ends the process that sends it: nothing after it is done any more."""

    kills: Collection[UUID] = ()
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, parcel: Parcel) -> Outcome:
        """As told, or never."""
        if parcel.referral in self.kills:
            self.sent.append(parcel)
            self.dead.set()
            await asyncio.Event().wait()
        return await Scripted.send(self, parcel)


class Runs:
    """The runs of one instance, each with its own memory, on one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.kills: set[UUID] = set()
        self.desk = Desk(ledger)

    async def begin(self, owner: str = "a") -> Desk:
        """The next one, whatever became of the one before."""
        keys, self.desk = self.desk.keys, Desk(self.ledger, owner=owner)
        self.desk.keys = keys
        dead = asyncio.Event()
        self.desk.channels.update({name: Deadly(kills=self.kills, dead=dead) for name in DIRECTORY.partners})
        await self.desk.worker.resume()
        return self.desk

    async def live(self, seconds: int, until: Callable[[], bool] = lambda: False) -> bool:
        """So long, or until that has happened, or it dies; returns whether it did."""
        end = self.ledger.now + timedelta(seconds=seconds)
        while True:
            wait = await self.desk.worker.step()
            await self.desk.turns()
            if self.channel().dead.is_set():
                return True
            if until() or self.ledger.now > end:
                return False
            if wait:
                self.ledger.later(seconds=1 if self.desk.worker.busy else 30)

    @property
    def beside(self) -> int:
        """What it has in hand beside one."""
        return sum(len(each.sent) for each in self.desk.channels.values()) - len(self.desk.concluded) - 1

    def hang(self) -> None:
        """The usual partner answers nothing to this run."""
        self.channel().hold = asyncio.Event()

    def sends(self, referral: Referral) -> Callable[[], bool]:
        """Whether this run sends it."""
        return lambda: any(parcel.referral == referral.id for parcel in self.channel().sent)

    def channel(self, partner: str = PARTNER) -> Deadly:
        """Of the run that is now."""
        found = self.desk.channels[partner]
        assert isinstance(found, Deadly)
        return found

    async def dies(self) -> int | None:
        """The next run: with how many others in hand it died; None when it lives."""
        await self.begin()
        return self.beside if await self.live(400) else None

    async def suspected(self, number: str = "T-1") -> Referral:
        """Two runs died with it in hand: from now on it goes alone."""
        [suspect] = await self.desk.take(samples.referral(number))
        self.kills.add(suspect.id)
        for _ in range(2):
            await self.dies()
        self.kills.clear()
        return suspect

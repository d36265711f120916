"""A worker on a ledger whose partners are scripted, and a keyring that can be away."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from schemas.referral import Referral
from schemas.topics import SIGNALS
from services.keyring.seal import DataKey, seal
from services.keyring.store import Found
from services.notify import claims
from services.notify.channel import Parcel
from services.notify.claims import Lease
from services.notify.conclusion import Conclusion
from services.notify.deliver import Delivering
from services.notify.directory import Directory
from services.notify.gate import Gate
from services.notify.letter import Letter
from services.notify.outcome import Accepted, Outcome
from services.notify.retry import Schedule
from services.notify.turns import Turn
from services.notify.worker import Worker
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import DIRECTORY, LEASE, Ledger
from tests.unit.notify import samples


def accept(_: Parcel) -> Outcome:
    """The partner takes it."""
    return Accepted(200)


@dataclass(slots=True)
class Scripted:
    """A channel that keeps what it packed and sent, and answers as told."""

    packed: list[Letter] = field(default_factory=list)
    sent: list[Parcel] = field(default_factory=list)
    answer: Callable[[Parcel], Outcome] = accept
    hold: asyncio.Event | None = None

    def pack(self, letter: Letter) -> bytes:
        """Its id and no content."""
        self.packed.append(letter)
        return str(letter.referral.id).encode()

    async def send(self, parcel: Parcel) -> Outcome:
        """As told, once it is not held any more."""
        self.sent.append(parcel)
        if self.hold is not None:
            await self.hold.wait()
        return self.answer(parcel)

    async def close(self) -> None:
        """Nothing to close."""


class Desk:
    """A worker on a ledger, with a keyring of known cases that can be away. An attempt may outlast any test."""

    def __init__(
        self, ledger: Ledger, directory: Directory = DIRECTORY, owner: str = "a", patience: timedelta = LEASE
    ) -> None:
        self.ledger = ledger
        self.directory = directory
        self.owner = owner
        self.keys: dict[UUID, DataKey] = {}
        self.erased: set[UUID] = set()
        self.away = False
        self.asked = 0
        self.concluded: list[Conclusion] = []
        self.channels = {name: Scripted() for name in directory.partners}
        self.delivering = Delivering(
            directory=directory,
            channels=self.channels,
            schedule=Schedule.of_seconds((0, 5)),
            clock=lambda: ledger.now,
            dice=lambda: 0.0,
            patience=patience,
        )
        self.worker = Worker(
            ledger.database, self.find, self.delivering, owner=owner, lease=LEASE, concluded=self.concluded.extend
        )

    async def find(self, cases: Sequence[UUID]) -> Found:
        """The keys there are, and those that were destroyed."""
        self.asked += 1
        if self.away:
            raise TryLater("database: not now")
        return {case: self.keys.get(case) for case in cases if case in self.keys or case in self.erased}

    def erase(self) -> None:
        """Destroy the key of every case there is."""
        self.erased |= self.keys.keys()
        self.keys.clear()

    async def take(self, *referrals: Referral) -> list[Referral]:
        """Into the ledger, sealed under keys of their own."""
        sealed = []
        for each in referrals:
            key = self.keys.setdefault(each.signal, DataKey(f"k{len(self.keys)}", bytes(32)))
            box = seal(key, samples.particulars().reveal(), topic=SIGNALS.name, signal=each.signal)
            sealed.append(each.model_copy(update={"particulars": box}))
        await self.ledger.take(*sealed)
        return sealed

    async def claim(self) -> list[Turn]:
        """As its worker does, for all its partners; what is claimed is left to its lease."""
        gate = Gate(self.directory.partners.values())
        free = {partner.id: partner.concurrency for partner in self.directory.partners.values()}
        now = self.ledger.now
        async with self.ledger.database.begin() as connection:
            await gate.look(connection)
            earliest = await claims.horizon(connection, gate.places(free, now))
            due = [queue for queue, at in earliest.items() if at <= now]
            return await gate.claim(connection, due, free, Lease(self.owner, now, now + LEASE))

    async def work(self, rounds: int = 20) -> None:
        """Step until there is nothing to do, or for so many rounds."""
        for _ in range(rounds):
            wait = await self.worker.step()
            await self.turns()
            if wait and not self.worker.busy:
                return

    async def turns(self) -> None:
        """Let what can go on go on."""
        for _ in range(20):
            await asyncio.sleep(0)

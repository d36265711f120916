"""A ledger, a worker and the real channels of some partners: what is taken in is sealed, claimed, sent, concluded."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from schemas.cloudevents import OUR_SOURCE
from schemas.partner import Partner
from schemas.referral import Referral
from schemas.signal import Particulars
from schemas.topics import SIGNALS
from services.keyring.seal import DataKey, seal
from services.keyring.store import Found
from services.notify.collector import Collector
from services.notify.conclusion import Conclusion
from services.notify.deliver import Delivering
from services.notify.directory import Directory
from services.notify.doors import doors
from services.notify.foreign_requests import ForeignRequests
from services.notify.http import Limits
from services.notify.partner_channels import outlets
from services.notify.secrets import Secrets
from services.notify.settings import NotifySettings
from services.notify.worker import Worker
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import LEASE, Ledger
from tests.unit.notify import samples

LIMITS: Final = Limits(connect=5.0, total=15.0)
LONGEST: Final = 60.0
"""Seconds that a loaded machine may take over one round of work."""


class Exchange:
    """Everything between a referral and its partner, without a broker. Time is the ledger's; the network is real."""

    def __init__(self, ledger: Ledger, partners: Iterable[Partner], secrets: Mapping[str, str] | None = None) -> None:
        self.ledger = ledger
        self.keys: dict[UUID, DataKey] = {}
        self.erased: set[UUID] = set()
        self.away = False
        self.rolled = 0.0
        self.told: list[Conclusion] = []
        self.directory = Directory(partners, [samples.corporation()])
        given = Secrets(environment=secrets or {})
        known = self.directory.partners.values()
        self.doors = doors(known, given, LIMITS)
        self.channels = outlets(known, self.doors, given, "https://seinpaal.example/", source=OUR_SOURCE)
        self.foreign_requests = ForeignRequests(ledger.footing(self.directory))
        self.collector = Collector(
            ledger.database, self.find, self.directory, self.clock, lambda: None, pried=self.foreign_requests.note
        )
        self.worker = self.another("a")

    def another(self, owner: str) -> Worker:
        """One more worker on the same ledger, as after a crash."""
        delivering = Delivering(
            directory=self.directory,
            channels=self.channels,
            schedule=NotifySettings().schedule,
            clock=self.clock,
            dice=lambda: self.rolled,
            patience=timedelta(seconds=20),
        )
        return Worker(self.ledger.database, self.find, delivering, owner=owner, lease=LEASE, concluded=self.told.extend)

    def clock(self) -> datetime:
        """The ledger's."""
        return self.ledger.now

    async def find(self, cases: Sequence[UUID]) -> Found:
        """The keys there are, and those that were destroyed."""
        if self.away:
            raise TryLater("database: not now")
        return {case: self.keys.get(case) for case in cases if case in self.keys or case in self.erased}

    def erase(self) -> None:
        """Destroy the key of every case there is."""
        self.erased |= self.keys.keys()
        self.keys.clear()

    async def take(self, *referrals: Referral, particulars: Particulars | None = None) -> list[Referral]:
        """Into the ledger, sealed under keys of their own."""
        sealed = []
        for each in referrals:
            key = self.keys.setdefault(each.signal, DataKey(f"k{len(self.keys)}", bytes(32)))
            raw = (particulars or samples.particulars()).reveal()
            box = seal(key, raw, topic=SIGNALS.name, signal=each.signal)
            sealed.append(each.model_copy(update={"particulars": box}))
        await self.ledger.take(*sealed)
        return sealed

    async def work(self) -> None:
        """Step until there is nothing to do at this moment."""
        async with asyncio.timeout(LONGEST):
            while True:
                wait = await self.worker.step()
                if wait and not self.worker.busy:
                    return
                await asyncio.sleep(0.002)

    async def close(self) -> None:
        """Every connection."""
        for door in self.doors.values():
            await door.close()

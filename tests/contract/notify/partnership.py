"""The real worker, ledger and channel against a real partner on this machine, on a clock that only the test turns."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from schemas.audit import AuditEntry, Fact
from schemas.cloudevents import OUR_SOURCE
from schemas.delivery import DeliveryState
from schemas.partner import Partner
from schemas.referral import Referral
from schemas.topics import SIGNALS
from services.keyring.seal import DataKey, seal
from services.keyring.store import Found
from services.notify.deliver import Delivering
from services.notify.directory import Directory
from services.notify.doors import Doors, doors
from services.notify.partner_channels import outlets
from services.notify.retry import Schedule
from services.notify.secrets import Secrets
from services.notify.wire import Limits
from services.notify.worker import Worker
from tests.contract.notify.ledger import LEASE, Ledger
from tests.unit.notify import samples

LIMITS = Limits(connect=10.0, total=25.0)
"""For a busy machine."""

SCHEDULE = Schedule.of_seconds((0, 5, 30), max_age=timedelta(minutes=1))
MOST_ATTEMPTS = 30
RECEPTION = "http://127.0.0.1:1/"
"""Where partners fetch, if they are to; nobody does."""


@dataclass(slots=True)
class Partnership:
    """One partner, and everything of ours that sends to it."""

    ledger: Ledger
    partner: Partner
    worker: Worker = field(init=False)
    doors: Doors = field(init=False)
    keys: dict[UUID, DataKey] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    limits: Limits = LIMITS

    def __post_init__(self) -> None:
        """Wired as the service does."""
        self.doors = doors([self.partner], self.secrets, self.limits)
        channels = outlets([self.partner], self.doors, self.secrets, RECEPTION, source=OUR_SOURCE)
        delivering = Delivering(
            directory=Directory([self.partner], [samples.corporation()]),
            channels=channels,
            schedule=SCHEDULE,
            clock=lambda: self.ledger.now,
            dice=lambda: 0.0,
            patience=timedelta(seconds=30),
        )
        self.worker = Worker(
            self.ledger.database,
            self._find,
            delivering,
            owner="a",
            lease=LEASE,
            concluded=lambda _: None,
            doors=self.doors,
        )

    async def take(self, *referrals: Referral) -> None:
        """Into the ledger, sealed under keys of their own."""
        sealed = []
        for each in referrals:
            key = self.keys.setdefault(each.signal, DataKey(f"k{len(self.keys)}", bytes(32)))
            box = seal(key, samples.particulars().reveal(), topic=SIGNALS.name, signal=each.signal)
            sealed.append(each.model_copy(update={"particulars": box}))
        await self.ledger.take(*sealed)

    async def close(self) -> None:
        """Every connection."""
        for door in self.doors.values():
            await door.close()

    async def patient(self) -> None:
        """From now on the partner has all the time that a busy machine needs."""
        await self.close()
        self.limits = LIMITS
        self.__post_init__()

    async def attempt(self) -> None:
        """Send what is due now, and write what became of it."""
        await self.worker.step()
        while self.worker.busy:
            await asyncio.sleep(0.005)
            await self.worker.step()

    async def to_the_end(self, referral: Referral) -> DeliveryState:
        """Turn the clock on to each next attempt, until nothing more is tried."""
        for _ in range(MOST_ATTEMPTS):
            await self.attempt()
            line = await self.ledger.line(referral)
            if line.state is not DeliveryState.PENDING:
                return line.state
            assert line.due_at is not None
            self.ledger.now = max(self.ledger.now, line.due_at)
        raise AssertionError("it is tried for ever")

    async def told(self, referral: Referral) -> list[AuditEntry]:
        """What the trail says of it."""
        return [entry for entry in await self.ledger.entries() if entry.referral == referral.id]

    async def _find(self, cases: Sequence[UUID]) -> Found:
        return {case: self.keys[case] for case in cases if case in self.keys}


def story(entries: Sequence[AuditEntry]) -> list[str]:
    """Facts without those to the corporation; an attempt with what became of it."""
    shown = [entry for entry in entries if entry.fact is not Fact.OUTCOME_TOLD]
    return [entry.reason or "" if entry.fact is Fact.DELIVERY_ATTEMPTED else entry.fact for entry in shown]

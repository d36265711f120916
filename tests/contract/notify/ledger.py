"""A ledger with its intake, desk, worker's statements and relay, on a clock that the test turns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from schemas.audit import AuditEntry, Fact
from schemas.command import Action, Command
from schemas.outcome import Outcome
from schemas.record import Captured, Output
from schemas.referral import Referral
from schemas.topics import AUDIT, COMMANDS, REFERRALS
from services.notify import claims, outbox, state_counts, store
from services.notify.call_tables import CALL
from services.notify.claims import Claim, Lease
from services.notify.conclusion import Attempt, Conclusion, conclude
from services.notify.desk import Desk
from services.notify.desk_clock import DeskClock
from services.notify.directory import Directory
from services.notify.footing import Footing
from services.notify.intake import Intake
from services.notify.line import Kind, Line
from services.notify.parking import Parking
from services.notify.retry import AgainAt, Done, Park, Step
from services.notify.tables import ATTEMPT
from services.notify.watchdog import Watchdog
from services.runtime.database import Database
from services.runtime.parking import ParkingKey
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

LEASE = timedelta(minutes=1)
DIRECTORY = Directory([samples.partner(), samples.partner("tweede")], [samples.corporation()])
PARKING = ParkingKey("parking-1", bytes(range(32)))


@dataclass(slots=True)
class Ledger:
    """Everything that writes to one ledger, without a broker, a keyring or a partner."""

    database: Database
    now: datetime = AT
    offset: int = 0
    woken: int = 0
    intake: Intake = field(init=False)
    desk: Desk = field(init=False)
    watchdog: Watchdog = field(init=False)
    clock: DeskClock = field(init=False)

    def __post_init__(self) -> None:
        """Wired as the service does."""
        footing, aside = self.footing(), self.aside()
        self.intake = Intake(footing, aside)
        self.desk = Desk(footing, aside)
        self.watchdog = Watchdog(footing)
        self.clock = DeskClock(footing)

    def footing(self, directory: Directory = DIRECTORY) -> Footing:
        """This ledger on its own clock, with those partners."""
        return Footing(self.database, directory, self._clock, self._wake)

    def aside(self) -> Parking:
        """Under a key of the tests."""
        return Parking(PARKING, self._clock)

    async def take(self, *referrals: Referral) -> list[Captured]:
        """One batch of `referrals.v1`, at offsets of its own; the records, to be given again."""
        records = [self.record(each.write()) for each in referrals]
        assert await self.intake.handle(records) == []
        return records

    def record(self, value: bytes | None) -> Captured:
        """The next record of the topic."""
        self.offset += 1
        return Captured(REFERRALS.name, value, offset=self.offset)

    async def command(self, action: Action, referral: Referral, partner: str | None = None, **more: Any) -> Captured:
        """A person decides about a referral."""
        return await self.order(action, referral.id, partner=partner, **more)

    def given(self, action: Action, target: UUID, **more: Any) -> Captured:
        """A decision on the topic, that nobody has read yet."""
        self.offset += 1
        told = {"actor": "af-1", "reason": "test", **more}
        command = Command(id=uuid4(), at=self.now, action=action, target=target, **told)
        return Captured(COMMANDS.name, command.write(), offset=self.offset)

    async def order(self, action: Action, target: UUID, **more: Any) -> Captured:
        """A person decides, and the desk reads it."""
        record = self.given(action, target, **more)
        assert await self.desk.handle([record]) == []
        return record

    async def claim(self, partner: str = PARTNER, most: int = 8) -> list[Claim]:
        """As a worker does: what is due for this partner now."""
        async with self.database.begin() as connection:
            earliest = await claims.horizon(connection, [partner])
            due = [queue for queue, at in earliest.items() if at <= self.now]
            return await claims.claim(connection, due, {partner: most}, Lease("a", self.now, self.now + LEASE))

    async def conclude(self, *conclusions: Conclusion, directory: Directory = DIRECTORY) -> int:
        """As a worker does: how many were still its own."""
        async with self.database.begin() as connection:
            return len(await conclude(connection, conclusions, directory))

    def delivered(self, claim: Claim) -> Conclusion:
        """The partner has it."""
        return self.ended(claim, Done(), "accepted")

    def failed(self, claim: Claim, after: timedelta = LEASE, *, uncertain: bool = False) -> Conclusion:
        """The partner was away; or its answer was lost."""
        name = "unknown" if uncertain else "try-later"
        return self.ended(claim, AgainAt(self.now + after, "unavailable"), name, uncertain=uncertain)

    def parked(self, claim: Claim) -> Conclusion:
        """The partner refused."""
        return self.ended(claim, Park("not-accepted"), "refused")

    def ended(self, claim: Claim, step: Step, name: str, *, uncertain: bool = False) -> Conclusion:
        """An attempt that took half a second."""
        attempt = Attempt(name, None, 200, 0.5, "0" * 64)
        return Conclusion(claim.line, step, self.now, attempt, uncertain=uncertain)

    async def lines(self) -> dict[UUID, Line]:
        """All that stands in the ledger."""
        async with self.database.read() as connection:
            return {line.referral: line for line in await store.listed(connection, most=100_000)}

    async def line(self, referral: Referral) -> Line:
        """Where this one stands."""
        return (await self.lines())[referral.id]

    async def attempts(self, referral: Referral) -> list[str]:
        """The outcomes of its attempts."""
        query = select(ATTEMPT.c.outcome).where(ATTEMPT.c.referral == referral.id).order_by(ATTEMPT.c.attempt)
        async with self.database.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def outputs(self) -> list[Output]:
        """What is to be published, in order, but that commands were taken up: that is told at each reading."""
        return [output for output in await self._published() if Fact.COMMAND_TAKEN.encode() not in output.value]

    async def taken(self) -> list[AuditEntry]:
        """The facts that account for records of the topic of commands, each once, as the log has them."""
        told = [AuditEntry.read(output.value) for output in await self._published() if output.topic == AUDIT.name]
        return list({entry.id: entry for entry in told if entry.fact is Fact.COMMAND_TAKEN}.values())

    async def _published(self) -> list[Output]:
        async with self.database.read() as connection:
            return [output for _, outputs in await outbox.oldest(connection, 100_000) for output in outputs]

    async def entries(self) -> list[AuditEntry]:
        """Every fact so far, in order."""
        return [AuditEntry.read(output.value) for output in await self.outputs() if output.topic == AUDIT.name]

    async def facts(self, referral: Referral) -> list[Fact]:
        """What the trail says of this one, in order."""
        return [entry.fact for entry in await self.entries() if entry.referral == referral.id]

    async def told(self) -> list[str]:
        """What the corporation heard, in order."""
        return [
            Outcome.read(output.value).status for output in await self.outputs() if output.topic.startswith("outcomes.")
        ]

    async def tally(self) -> dict[Kind, int]:
        """How many there are, as the transactions kept it."""
        async with self.database.read() as connection:
            return {
                (each.partner, each.state, each.overdue): each.lines for each in await state_counts.sums(connection)
            }

    async def counted(self) -> dict[Kind, int]:
        """How many there are, one by one."""
        return dict(Counter((line.partner, line.state, line.overdue) for line in (await self.lines()).values()))

    async def call(self) -> UUID:
        """The one call that is in the book."""
        async with self.database.read() as connection:
            found: UUID = (await connection.execute(select(CALL.c.id))).scalar_one()
        return found

    def later(self, **by: float) -> None:
        """Turn the clock on."""
        self.now += timedelta(**by)

    def _clock(self) -> datetime:
        return self.now

    def _wake(self) -> None:
        self.woken += 1


def other(claim: Claim) -> Claim:
    """The same claim with an older fence."""
    return replace(claim, line=replace(claim.line, fence=claim.line.fence - 1))


def ids(claimed: Sequence[Claim]) -> set[UUID]:
    """Which referrals were claimed."""
    return {claim.line.referral for claim in claimed}

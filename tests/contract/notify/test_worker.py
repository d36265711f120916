"""The worker itself: keys, faults of ours, isolation. Its partners are scripted; its ledger is a real one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.referral import Referral, ReferralChange
from schemas.topics import SIGNALS
from services.keyring.seal import DataKey, seal
from services.notify import claims, moves, outbox
from services.notify.channel import Parcel, Unsendable
from services.notify.claims import Lease
from services.notify.conclusion import Conclusion
from services.notify.deliver import Delivering
from services.notify.directory import Directory
from services.notify.gate import Gate
from services.notify.letter import Letter
from services.notify.outcome import Accepted, Outcome
from services.notify.retry import Schedule
from services.notify.worker import Turn, Worker
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import DIRECTORY, LEASE, Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


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
    """A worker on a ledger, with a keyring of known cases that can be away."""

    def __init__(self, ledger: Ledger, directory: Directory = DIRECTORY, owner: str = "a") -> None:
        self.ledger = ledger
        self.directory = directory
        self.owner = owner
        self.keys: dict[UUID, DataKey] = {}
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
            patience=timedelta(seconds=1),
        )
        self.worker = Worker(
            ledger.database, self.find, self.delivering, owner=owner, lease=LEASE, concluded=self.concluded.extend
        )

    async def find(self, cases: Sequence[UUID]) -> dict[UUID, DataKey]:
        """The keys there are."""
        self.asked += 1
        if self.away:
            raise TryLater("database: not now")
        return {case: self.keys[case] for case in cases if case in self.keys}

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
        gate = Gate({partner.id: partner.rate for partner in self.directory.partners.values()})
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


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    """Two partners, nothing in the ledger."""
    return Desk(ledger)


@pytest.fixture
def channel(desk: Desk) -> Scripted:
    """The channel of the usual partner."""
    return desk.channels[PARTNER]


async def test_a_referral_is_opened_packed_and_sent(desk: Desk, channel: Scripted) -> None:
    """The partner gets what was sealed; one question to the keyring for the whole batch."""
    referrals = await desk.take(*(samples.referral(f"T-{number}") for number in range(5)))
    await desk.work()
    lines = await desk.ledger.lines()
    assert {lines[each.id].state for each in referrals} == {DeliveryState.DELIVERED}
    assert channel.packed[0].particulars == samples.particulars()
    assert desk.asked == 1
    traces = {str(parcel.traceparent).split("-")[1] for parcel in channel.sent}
    spans = {str(parcel.traceparent).split("-")[2] for parcel in channel.sent}
    assert (len(traces), len(spans)) == (5, 5)
    assert len(desk.concluded) == 5


async def test_a_destroyed_key_puts_it_before_a_person(desk: Desk, channel: Scripted) -> None:
    """It was erased: nobody can send it any more, and nothing was tried."""
    [referral] = await desk.take(samples.referral())
    desk.keys.clear()
    await desk.work()
    line = await desk.ledger.line(referral)
    assert (line.state, line.reason, line.attempts) == (DeliveryState.PARKED, "key-destroyed", 0)
    assert channel.sent == []


async def test_a_withdrawal_needs_no_key(desk: Desk, channel: Scripted) -> None:
    """What an erased case left at the partner can still be taken back."""
    await desk.take(samples.referral())
    await desk.work()
    desk.keys.clear()
    withdrawal = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
    await desk.ledger.take(withdrawal)
    await desk.work()
    assert (await desk.ledger.line(withdrawal)).state is DeliveryState.DELIVERED
    assert len(channel.sent) == 2


async def test_a_changed_content_is_not_sent(desk: Desk, channel: Scripted) -> None:
    """The seal is broken: a person must look."""
    [referral] = await desk.take(samples.referral())
    desk.keys[referral.signal] = DataKey(desk.keys[referral.signal].kid, bytes([1] * 32))
    await desk.work()
    assert (await desk.ledger.line(referral)).reason == "seal-broken"
    assert channel.sent == []


async def test_a_keyring_that_is_away_costs_no_attempt(desk: Desk) -> None:
    """The lines go back for a while; nothing was tried, nothing is told."""
    [referral] = await desk.take(samples.referral())
    desk.away = True
    await desk.work()
    line = await desk.ledger.line(referral)
    assert (line.state, line.attempts, line.reason) == (DeliveryState.PENDING, 0, "keyring-unavailable")
    assert await desk.ledger.facts(referral) == [Fact.REFERRAL_QUEUED]
    desk.away = False
    desk.ledger.later(seconds=5)
    await desk.work()
    assert (await desk.ledger.line(referral)).state is DeliveryState.DELIVERED


async def test_a_fault_of_ours_parks_one(desk: Desk, channel: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its neighbours are sent."""
    poison, fine = await desk.take(samples.referral("T-1"), samples.referral("T-2"))

    def answer(parcel: Parcel) -> Outcome:
        if parcel.referral == poison.id:
            raise ZeroDivisionError
        return Accepted(200)

    monkeypatch.setattr(channel, "answer", answer)
    await desk.work()
    lines = await desk.ledger.lines()
    assert (lines[poison.id].state, lines[poison.id].reason) == (DeliveryState.PARKED, "unexpected-ZeroDivisionError")
    assert lines[poison.id].uncertain
    assert lines[fine.id].state is DeliveryState.DELIVERED


async def test_what_may_not_go_is_parked(desk: Desk, channel: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invalid Bundle goes to a person, not to a partner."""
    [referral] = await desk.take(samples.referral())

    def pack(_: Letter) -> bytes:
        raise Unsendable("invalid-bundle")

    monkeypatch.setattr(Scripted, "pack", lambda _self, letter: pack(letter))
    await desk.work()
    assert (await desk.ledger.line(referral)).reason == "invalid-bundle"
    assert channel.sent == []


async def test_a_partner_that_hangs_fills_its_own_places_only(desk: Desk, channel: Scripted) -> None:
    """Eight of its ten are under way; the other partner's are all delivered."""
    channel.hold = asyncio.Event()
    await desk.take(*(samples.referral(f"T-{number}") for number in range(10)))
    others = await desk.take(*(samples.referral(f"T-{number}", partner="tweede") for number in range(10)))
    await desk.work()
    lines = await desk.ledger.lines()
    assert all(lines[each.id].state is DeliveryState.DELIVERED for each in others)
    assert len(channel.sent) == DIRECTORY.partners[PARTNER].concurrency == 8
    channel.hold.set()
    async with asyncio.timeout(20):
        while len(channel.sent) < 10:
            await desk.work()


async def test_an_attempt_that_takes_too_long_is_cut_off_within_its_lease(desk: Desk, channel: Scripted) -> None:
    """Whatever the channel does: it may have arrived, and is tried again."""
    channel.hold = asyncio.Event()
    [referral] = await desk.take(samples.referral())
    await desk.worker.step()
    await desk.worker.drain(5)
    line = await desk.ledger.line(referral)
    assert (line.state, line.reason, line.uncertain) == (DeliveryState.PENDING, "timed-out", True)


async def test_a_database_that_is_away_loses_no_conclusion(
    desk: Desk, channel: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written when the database is back: the partner is not asked twice."""
    [referral] = await desk.take(samples.referral())
    await desk.worker.step()
    await desk.turns()

    async def away(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "put", away)
        with pytest.raises(TryLater):
            await desk.worker.step()
    await desk.work()
    assert (await desk.ledger.line(referral)).state is DeliveryState.DELIVERED
    assert len(channel.sent) == 1


async def test_one_conclusion_that_cannot_be_written_holds_up_no_other(
    desk: Desk, channel: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours about one line; its lease runs out and it is tried again, the others are final."""
    poison, fine = await desk.take(samples.referral("T-1"), samples.referral("T-2"))
    moved = moves.delivered

    def faulty(line: Any, *given: Any) -> Any:
        if line.referral == poison.id:
            raise ZeroDivisionError
        return moved(line, *given)

    await desk.worker.step()
    await desk.turns()
    with monkeypatch.context() as broken:
        broken.setattr(moves, "delivered", faulty)
        with pytest.raises(ZeroDivisionError):
            await desk.worker.step()
    lines = await desk.ledger.lines()
    assert lines[fine.id].state is DeliveryState.DELIVERED
    assert (lines[poison.id].state, lines[poison.id].in_flight) == (DeliveryState.PENDING, True)
    desk.ledger.later(minutes=1)
    await desk.work()
    assert (await desk.ledger.line(poison)).state is DeliveryState.DELIVERED
    assert [parcel.uncertain for parcel in channel.sent if parcel.referral == poison.id] == [False, True]

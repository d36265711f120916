"""The worker itself: keys, faults of ours, isolation. Its partners are scripted; its ledger is a real one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.keyring.seal import DataKey
from services.keyring.store import Found
from services.notify import endings, moves, outbox
from services.notify.channel import Parcel, Unsendable
from services.notify.letter import Letter
from services.notify.outcome import Accepted, Outcome
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import DIRECTORY, LEASE, Ledger
from tests.contract.notify.scripted import Desk, Scripted
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    """Two partners, nothing in the ledger."""
    return Desk(ledger)


@pytest.fixture
def channel(desk: Desk) -> Scripted:
    """The channel of the usual partner."""
    return desk.channels[PARTNER]


async def test_what_was_claimed_and_then_waited_past_its_lease_is_not_sent(
    desk: Desk, channel: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that stood still sends nothing any more: another one may have, and a later revision too."""
    [referral] = await desk.take(samples.referral())
    find = desk.find

    async def standing_still(cases: Sequence[UUID]) -> Found:
        monkeypatch.setattr(desk.worker, "_find", find)
        desk.ledger.later(seconds=LEASE.total_seconds())
        return await find(cases)

    monkeypatch.setattr(desk.worker, "_find", standing_still)
    await desk.worker.step()
    await desk.turns()
    assert channel.sent == []
    await desk.work()
    assert [parcel.attempt for parcel in channel.sent] == [1]
    assert (await desk.ledger.line(referral)).state is DeliveryState.DELIVERED


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
    desk.erase()
    await desk.work()
    line = await desk.ledger.line(referral)
    assert (line.state, line.reason, line.attempts) == (DeliveryState.PARKED, "key-destroyed", 0)
    assert channel.sent == []


async def test_a_key_that_this_keyring_never_had_parks_nothing(desk: Desk) -> None:
    """It may be another keyring than ingest's: the line waits, those with a key go, and the log names the setting."""
    without, having = await desk.take(samples.referral("T-1"), samples.referral("T-2"))
    key = desk.keys.pop(without.signal)
    with capture_logs() as logged:
        await desk.work()
    assert (await desk.ledger.line(having)).state is DeliveryState.DELIVERED
    line = await desk.ledger.line(without)
    assert (line.state, line.reason, line.attempts) == (DeliveryState.PENDING, "key-unknown", 0)
    assert any("KEYRING_DATABASE_URL" in each.get("why", "") for each in logged)
    desk.keys[without.signal] = key
    desk.ledger.later(seconds=60)
    await desk.work()
    assert (await desk.ledger.line(without)).state is DeliveryState.DELIVERED


async def test_a_withdrawal_needs_no_key(desk: Desk, channel: Scripted) -> None:
    """What an erased case left at the partner can still be taken back."""
    await desk.take(samples.referral())
    await desk.work()
    desk.erase()
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


async def test_one_of_each_partner_is_packed_before_the_second_of_any(desk: Desk, channel: Scripted) -> None:
    """A partner with one referral waits for one of another's, and not for all eight."""
    packed: list[Letter] = []
    channel.packed = desk.channels["tweede"].packed = packed
    await desk.take(*(samples.referral(f"T-{number}") for number in range(8)))
    (one,) = await desk.take(samples.referral("T-9", partner="tweede"))
    await desk.work()
    assert [letter.referral.id for letter in packed].index(one.id) == 1
    assert len(packed) == 9


async def test_a_partner_that_hangs_fills_its_own_places_only(
    desk: Desk, channel: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight of its ten are under way; the other partner's are all delivered."""
    monkeypatch.setattr(desk.worker, "_delivering", replace(desk.delivering, patience=LEASE))
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


async def test_what_arrives_does_not_wait_for_endings_to_gather(
    desk: Desk, channel: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of a partner's has ended and another hangs: what comes for somebody else goes at once."""
    monkeypatch.setattr(endings, "GATHER", 3600.0)
    channel.hold = asyncio.Event()
    await desk.take(samples.referral("T-1"))
    await desk.worker.step()
    await desk.turns()
    channel.hold = None
    await desk.take(samples.referral("T-2"))
    await desk.worker.step()
    await desk.turns()
    (other,) = await desk.take(samples.referral("T-3", partner="tweede"))
    desk.worker.arrived()
    async with asyncio.timeout(20):
        await desk.worker.step()
    await desk.turns()
    assert [parcel.referral for parcel in desk.channels["tweede"].sent] == [other.id]
    await desk.worker.drain(0)


async def test_an_attempt_that_takes_too_long_is_cut_off_within_its_lease(ledger: Ledger) -> None:
    """Whatever the channel does: it may have arrived, and is tried again."""
    desk = Desk(ledger, patience=timedelta(seconds=0.2))
    desk.channels[PARTNER].hold = asyncio.Event()
    [referral] = await desk.take(samples.referral())
    await desk.worker.step()
    await desk.worker.drain(60)
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

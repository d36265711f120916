"""The worker and a keyring that does not answer, or not about every case: who needs no key does not wait for it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.keyring.store import Found
from services.runtime.errors import Refused
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.scripted import Desk
from tests.unit.notify import samples


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    """Two partners, nothing in the ledger."""
    return Desk(ledger)


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


async def test_a_key_that_does_not_open_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key-encryption key is new, or its row was changed: that one waits, what was claimed with it is sent."""
    other, locked, third = await desk.take(*(samples.referral(f"T-{number}") for number in range(3)))
    find = desk.find

    async def without_its_line(cases: Sequence[UUID]) -> Found:
        if locked.signal in cases:
            raise Refused("KEYRING_KEK_FILE: kek-2 was not in it when this began")
        return await find(cases)

    monkeypatch.setattr(desk.worker, "_find", without_its_line)
    await desk.work()
    lines = await desk.ledger.lines()
    assert {lines[each.id].state for each in (other, third)} == {DeliveryState.DELIVERED}
    line = lines[locked.id]
    assert (line.state, line.reason, line.attempts) == (DeliveryState.PENDING, "keyring-unavailable", 0)


async def test_a_withdrawal_goes_while_the_keyring_is_away(desk: Desk) -> None:
    """It tells nothing that is sealed: what is claimed beside it waits, and comes due beside it again and again."""
    await desk.take(samples.referral())
    await desk.work()
    withdrawal = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
    other = samples.referral("T-2")
    desk.away = True
    await desk.take(other, withdrawal)
    await desk.work()
    lines = await desk.ledger.lines()
    assert lines[withdrawal.id].state is DeliveryState.DELIVERED
    assert (lines[other.id].state, lines[other.id].reason) == (DeliveryState.PENDING, "keyring-unavailable")


async def test_a_withdrawal_goes_while_the_keyring_says_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question to a database that hangs takes a minute; the withdrawal is sent meanwhile."""
    await desk.take(samples.referral())
    await desk.work()
    withdrawal = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
    await desk.take(samples.referral("T-2"), withdrawal)
    answers = asyncio.Event()
    find = desk.find

    async def hanging(cases: Sequence[UUID]) -> Found:
        await answers.wait()
        return await find(cases)

    monkeypatch.setattr(desk.worker, "_find", hanging)
    await desk.worker.step()
    async with asyncio.timeout(10):
        while (await desk.ledger.line(withdrawal)).state is not DeliveryState.DELIVERED:
            await desk.worker.step()
    answers.set()
    await desk.work()
    assert {line.state for line in (await desk.ledger.lines()).values()} == {DeliveryState.DELIVERED}

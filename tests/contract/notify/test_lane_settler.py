"""Lanes that an earlier version left as its own rules had it are settled by the next one, on both databases."""

import pytest

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify import lane_settler, store
from services.notify.lane_settler import EVERY, LaneSettler
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples


async def left(ledger: Ledger, record: str) -> None:
    """A withdrawal behind what may have arrived and is parked: without the rule for that, it waits for a person."""
    parked = samples.line(record, state=DeliveryState.PARKED, uncertain=True, reason="too-old")
    withdrawal = samples.line(record, revision=2, change=ReferralChange.WITHDRAWAL)
    async with ledger.database.begin() as connection:
        await store.add(connection, [(parked, b"{}"), (withdrawal, b"{}")])


async def test_what_was_left_by_other_rules_is_settled_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slice by slice, without anything that happens to them; the next round changes nothing."""
    monkeypatch.setattr(lane_settler, "SLICE", 2)
    for number in range(3):
        await left(ledger, f"T-{number}")
    settling = LaneSettler(ledger.footing())
    assert [await settling.step() for _ in range(2)] == [0.0, EVERY]
    lines = (await ledger.lines()).values()
    stand = sorted((line.revision, line.state, line.reason, line.due_at is not None) for line in lines)
    assert stand == [(1, "cancelled", "recalled", False)] * 3 + [(2, "pending", None, True)] * 3
    entries, woken = await ledger.entries(), ledger.woken
    assert len(entries) == 3
    assert await settling.step() == EVERY
    assert (await ledger.entries(), ledger.woken) == (entries, woken)


async def test_what_waits_as_it_must_stays_so(ledger: Ledger) -> None:
    """A revision behind one that a person has to look at goes no sooner for being looked at."""
    first, second = samples.referral(), samples.referral(revision=2)
    await ledger.take(first)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    await ledger.take(second)
    before = await ledger.lines()
    assert await LaneSettler(ledger.footing()).step() == EVERY
    assert await ledger.lines() == before

"""What a run left in hand that ended in order, or lost its database: free after its lease, and blamed for nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from schemas.delivery import DeliveryState
from services.notify.claims import LEFT
from services.notify.outcome import TryLater as Later
from services.notify.suspects import DEATHS, KILLS_ITS_SENDER
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import LEASE, Ledger
from tests.contract.notify.runs import Runs
from tests.unit.notify import samples

SOON = int(LEASE.total_seconds()) + 10


async def test_what_was_left_alone_in_order_is_free_after_its_lease(runs: Runs) -> None:
    """An instance that is taken away for good, as when fewer are needed, does not come back to say how it ended."""
    suspect = await runs.suspected()
    await runs.begin()
    runs.hang()
    assert not await runs.live(400, until=runs.sends(suspect))
    await runs.desk.worker.drain(0)
    free = (await runs.ledger.line(suspect)).lease_until
    await runs.begin("b")
    runs.hang()
    assert free is not None
    runs.ledger.now = free
    await runs.desk.worker.step()
    assert (await runs.ledger.line(suspect)).due_at == free
    await runs.live(SOON, until=runs.sends(suspect))
    line = await runs.ledger.line(suspect)
    assert [parcel.referral for parcel in runs.channel().sent] == [suspect.id]
    assert (line.lost, line.blamed, line.uncertain) == (2, 0, True)


async def test_what_was_left_in_order_is_not_lost(runs: Runs) -> None:
    """One instance after another is told to stop while a partner hangs: no death, and so no suspect."""
    [slow] = await runs.desk.take(samples.referral())
    for owner in "abc":
        await runs.begin(owner)
        runs.hang()
        await runs.live(SOON, until=runs.sends(slow))
        await runs.desk.worker.drain(0)
        line = await runs.ledger.line(slow)
        assert (line.state, line.lost) == (DeliveryState.PENDING, 0)
    assert runs.sends(slow)()


async def test_what_a_killed_run_had_in_hand_is_lost_all_the_same(runs: Runs) -> None:
    """Another instance takes it up after its lease, and counts it."""
    [slow] = await runs.desk.take(samples.referral())
    for owner in "ab":
        await runs.begin(owner)
        runs.hang()
        await runs.live(SOON, until=runs.sends(slow))
    assert (await runs.ledger.line(slow)).lost == 1


async def test_who_takes_its_name_meanwhile_keeps_what_it_has(runs: Runs) -> None:
    """A run that ends while the next one is there already says nothing of what that one has in hand."""
    suspect = await runs.suspected()
    await runs.begin()
    first = runs.desk
    runs.ledger.later(seconds=1)
    await runs.begin()
    runs.hang()
    assert not await runs.live(400, until=runs.sends(suspect))
    await first.worker.drain(0)
    line = await runs.ledger.line(suspect)
    assert line.lease_until is not None
    assert line.due_at == line.lease_until + LEFT


async def test_who_ends_in_order_says_nothing_of_what_another_died_with(runs: Runs) -> None:
    """Its next run knows how that ended, so it is left to that one as long as before."""
    suspect = await runs.suspected()
    await runs.begin()
    runs.hang()
    assert not await runs.live(400, until=runs.sends(suspect))
    await runs.begin("b")
    await runs.desk.worker.drain(0)
    line = await runs.ledger.line(suspect)
    assert line.lease_until is not None
    assert line.due_at == line.lease_until + LEFT


@pytest.mark.parametrize("returns", [True, False])
async def test_a_database_that_is_away_when_a_run_ends(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, *, returns: bool
) -> None:
    """It is told at the end of the drain, if not at its beginning; what cannot be told at all is taken for a death."""
    suspect = await runs.suspected()
    for _ in range(DEATHS):
        await runs.begin()
        runs.hang()
        assert not await runs.live(4000, until=runs.sends(suspect))
        with monkeypatch.context() as broken:
            _lose(broken, runs.ledger, times=1 if returns else 9)
            await runs.desk.worker.drain(0)
    await runs.begin()
    line = await runs.ledger.line(suspect)
    assert line.reason == (None if returns else KILLS_ITS_SENDER)
    assert line.blamed == 0


async def test_a_claim_whose_commit_got_no_answer_waits_for_its_lease_alone(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was written, and whoever claimed it does not know that: it sends on, so nothing remains to be told later."""
    suspect = await runs.suspected()
    await runs.begin()
    with monkeypatch.context() as broken:
        _answer_nothing_once(broken, runs.ledger)
        with pytest.raises(TryLater):
            await runs.live(400)
    line = await runs.ledger.line(suspect)
    assert line.due_at is not None
    assert line.lease_until is not None
    assert line.due_at > line.lease_until
    assert not await runs.live(SOON, until=runs.sends(suspect))
    assert [parcel.referral for parcel in runs.channel().sent] == [suspect.id]


async def test_beside_what_others_were_begun_is_free_after_its_lease(runs: Runs) -> None:
    """The next run would know no more of its end than anybody does, so nobody waits for that."""
    suspect = await runs.suspected()
    await runs.begin()
    runs.hang()
    assert not await runs.live(400, until=runs.sends(suspect))
    [other] = await runs.desk.take(samples.referral("T-2", partner="tweede"))
    await runs.live(20, until=lambda: bool(runs.channel("tweede").sent))
    assert (await runs.ledger.line(other)).state is not DeliveryState.HELD
    line = await runs.ledger.line(suspect)
    assert (line.due_at, line.in_flight) == (line.lease_until, True)


async def test_a_keyring_that_is_away_takes_no_blame_back(runs: Runs) -> None:
    """Nothing was tried, so nothing was survived: the third death alone parks it, whatever was between."""
    suspect = await runs.suspected()
    runs.kills.add(suspect.id)
    for _ in range(DEATHS - 1):
        assert await runs.dies() == 0
    await runs.begin()
    before = await runs.ledger.line(suspect)
    runs.desk.away = True
    assert not await runs.live(1000)
    await runs.desk.worker.drain(0)
    line = await runs.ledger.line(suspect)
    assert (line.reason, line.lost, line.blamed) == ("keyring-unavailable", before.lost, DEATHS - 1)
    assert await runs.dies() == 0
    await runs.begin()
    assert (await runs.ledger.line(suspect)).reason == KILLS_ITS_SENDER


async def test_an_attempt_that_failed_takes_all_blame_back(runs: Runs) -> None:
    """Its sender outlived it, whatever the partner said."""
    suspect = await runs.suspected()
    runs.kills.add(suspect.id)
    assert await runs.dies() == 0
    runs.kills.clear()
    await runs.begin()
    assert (await runs.ledger.line(suspect)).blamed == 1
    runs.channel().answer = lambda _: Later("unavailable", 503)
    assert not await runs.live(400, until=lambda: bool(runs.desk.concluded))
    line = await runs.ledger.line(suspect)
    assert (line.state, line.lost, line.blamed) == (DeliveryState.PENDING, 0, 0)


def _lose(broken: pytest.MonkeyPatch, ledger: Ledger, times: int) -> None:
    """So many transactions find no database."""
    begin, left = ledger.database.begin, [times]

    @asynccontextmanager
    async def away() -> AsyncIterator[Any]:
        if left[0]:
            left[0] -= 1
            raise TryLater("database: away")
        async with begin() as connection:
            yield connection

    broken.setattr(ledger.database, "begin", away)


def _answer_nothing_once(broken: pytest.MonkeyPatch, ledger: Ledger) -> None:
    """The next transaction that claims is committed, and nobody hears of it."""
    begin = ledger.database.begin

    @asynccontextmanager
    async def unheard() -> AsyncIterator[Any]:
        async with begin() as connection:
            yield connection
        raise TryLater("database: the answer was lost")

    broken.setattr(ledger.database, "begin", unheard)

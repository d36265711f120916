"""Leases, fences and lanes, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from schemas.audit import Fact
from schemas.codes import Urgency
from schemas.command import Action
from schemas.delivery import DeliveryState
from services.notify import claims, outbox
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import LEASE, Ledger, ids
from tests.unit.notify import samples


async def test_what_is_delivered_is_told_and_final(ledger: Ledger) -> None:
    """Attempt, state, facts and outcome, in one transaction."""
    referral = samples.referral()
    await ledger.take(referral)
    assert await ledger.conclude(ledger.delivered((await ledger.claim())[0])) == 1
    line = await ledger.line(referral)
    assert (line.state, line.attempts, line.due_at, line.lease_until) == (DeliveryState.DELIVERED, 1, None, None)
    assert await ledger.attempts(referral) == ["accepted"]
    assert await ledger.facts(referral) == [
        Fact.REFERRAL_QUEUED,
        Fact.DELIVERY_ATTEMPTED,
        Fact.DELIVERY_DELIVERED,
        Fact.OUTCOME_TOLD,
    ]
    assert await ledger.told() == ["forwarded"]


async def test_two_workers_never_get_the_same_line(ledger: Ledger) -> None:
    """Claimed at once by several, each line goes to one."""
    referrals = [samples.referral(f"T-{number}") for number in range(40)]
    await ledger.take(*referrals)
    shares = await asyncio.gather(*(ledger.claim(most=10) for _ in range(4)))
    assert sum(len(share) for share in shares) == len(set().union(*map(ids, shares))) == 40


async def test_a_claimed_line_is_nobody_elses_until_its_lease_ends(ledger: Ledger) -> None:
    """Then another worker takes it, knowing that it may have been sent."""
    await ledger.take(samples.referral())
    first = await ledger.claim()
    ledger.later(seconds=59)
    assert await ledger.claim() == []
    ledger.later(seconds=1)
    second = await ledger.claim()
    assert ids(second) == ids(first)
    assert not first[0].line.uncertain
    assert second[0].line.uncertain


async def test_an_instance_that_comes_back_takes_up_what_it_left(ledger: Ledger) -> None:
    """At once, not when its leases end; what another instance holds is left alone."""
    await ledger.take(samples.referral())
    first = await ledger.claim()
    for owner, taken in (("b", 0), ("a", 1)):
        async with ledger.database.begin() as connection:
            assert await claims.abandoned(connection, owner, ledger.now) == taken
        again = await ledger.claim()
        assert len(again) == taken
    assert again[0].line.uncertain
    assert await ledger.conclude(ledger.delivered(first[0])) == 0
    assert await ledger.conclude(ledger.delivered(again[0])) == 1


async def test_a_worker_that_lost_its_lease_changes_nothing(ledger: Ledger) -> None:
    """No state, no attempt, no fact: the one who has the lease now tells what became of it."""
    referral = samples.referral()
    await ledger.take(referral)
    lost = await ledger.claim()
    ledger.later(minutes=1)
    held = await ledger.claim()
    before = await ledger.outputs()
    assert await ledger.conclude(ledger.delivered(lost[0])) == 0
    assert await ledger.outputs() == before
    assert await ledger.attempts(referral) == []
    assert (await ledger.line(referral)).state is DeliveryState.PENDING
    assert await ledger.conclude(ledger.failed(held[0])) == 1
    assert await ledger.attempts(referral) == ["try-later"]


async def test_a_conclusion_is_written_once(ledger: Ledger) -> None:
    """After a commit whose answer was lost it is written again, and finds nothing to do."""
    referral = samples.referral()
    await ledger.take(referral)
    failed = ledger.failed((await ledger.claim())[0])
    assert await ledger.conclude(failed) == 1
    assert await ledger.conclude(failed) == 0
    assert (await ledger.line(referral)).attempts == 1


async def test_a_failed_attempt_waits_for_its_time(ledger: Ledger) -> None:
    """Not before, and counted."""
    referral = samples.referral()
    await ledger.take(referral)
    await ledger.conclude(ledger.failed((await ledger.claim())[0], timedelta(minutes=5)))
    ledger.later(minutes=4, seconds=59)
    assert await ledger.claim() == []
    ledger.later(seconds=1)
    again = await ledger.claim()
    assert (again[0].line.attempts, again[0].line.rung, again[0].line.uncertain) == (1, 1, False)


async def test_revisions_go_in_order_and_one_at_a_time(ledger: Ledger) -> None:
    """The second waits for the first, through a failure too."""
    first, second, third = (samples.referral(revision=number) for number in (1, 2, 3))
    await ledger.take(first, second)
    await ledger.take(third)
    claimed = await ledger.claim()
    assert ids(claimed) == {first.id}
    await ledger.conclude(ledger.failed(claimed[0]))
    assert await ledger.claim() == []
    ledger.later(minutes=1)
    for expected in (first, second, third):
        claimed = await ledger.claim()
        assert ids(claimed) == {expected.id}
        await ledger.conclude(ledger.delivered(claimed[0]))
    assert await ledger.claim() == []


async def test_a_parked_head_blocks_its_own_lane_only(ledger: Ledger) -> None:
    """Its update waits; other cases and other partners go on."""
    head, update = samples.referral(), samples.referral(revision=2)
    elsewhere, other = samples.referral("T-2"), samples.referral(partner="tweede")
    await ledger.take(head)
    for claim in await ledger.claim():
        await ledger.conclude(ledger.parked(claim))
    await ledger.take(update, elsewhere, other)
    assert ids(await ledger.claim()) == {elsewhere.id}
    assert ids(await ledger.claim("tweede")) == {other.id}


async def test_the_most_urgent_goes_first(ledger: Ledger) -> None:
    """An emergency does not queue behind a morning of rent arrears."""
    routine = [samples.referral(f"T-{n}", about=samples.facts(urgency=Urgency.ROUTINE)) for n in range(20)]
    await ledger.take(*routine)
    ledger.later(seconds=1)
    emergency = samples.referral("T-99", about=samples.facts(urgency=Urgency.EMERGENCY))
    await ledger.take(emergency)
    claimed = await ledger.claim(most=3)
    assert claimed[0].line.referral == emergency.id
    assert len(claimed) == 3


async def test_nobody_gets_more_than_its_places(ledger: Ledger) -> None:
    """Places are per partner: one that hangs fills its own."""
    await ledger.take(*(samples.referral(f"T-{number}") for number in range(5)))
    assert len(await ledger.claim(most=2)) == 2
    assert len(await ledger.claim("tweede", most=2)) == 0


async def test_conclusion_and_facts_are_one_transaction(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between them leaves neither: the line is still claimed, and nothing was told."""

    async def crash(*_: object) -> None:
        raise ConnectionError

    referral = samples.referral()
    await ledger.take(referral)
    claimed = await ledger.claim()
    before = await ledger.outputs()
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "put", crash)
        with pytest.raises(TryLater):
            await ledger.conclude(ledger.delivered(claimed[0]))
    assert (await ledger.line(referral)).state is DeliveryState.PENDING
    assert await ledger.attempts(referral) == []
    assert await ledger.outputs() == before
    assert await ledger.conclude(ledger.delivered(claimed[0])) == 1


async def test_a_referral_parked_again_after_a_redrive_has_two_facts(ledger: Ledger) -> None:
    """Each change of state has its own entry, also when it happens twice."""
    referral = samples.referral()
    await ledger.take(referral)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    await ledger.command(Action.REDRIVE, referral)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    entries = [entry for entry in await ledger.entries() if entry.fact is Fact.DELIVERY_PARKED]
    assert len({entry.id for entry in entries}) == len(entries) == 2
    assert await ledger.told() == ["delayed"]


async def test_the_horizon_tells_when_to_look_again(ledger: Ledger) -> None:
    """The earliest of each queue, leased ones at the end of their lease; none for a partner without work."""
    await ledger.take(samples.referral())
    await ledger.claim()
    async with ledger.database.read() as connection:
        assert await claims.horizon(connection, []) == {}
        found = await claims.horizon(connection, [samples.PARTNER, "tweede"])
    assert found == {(samples.PARTNER, 2): ledger.now + LEASE}

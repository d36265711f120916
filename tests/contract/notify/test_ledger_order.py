"""Revisions in any order of arrival: what a partner gets only ever goes on, on both databases."""

from datetime import timedelta
from itertools import permutations

import pytest

from schemas.audit import Fact
from schemas.codes import Urgency
from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.retry import OFFERED, AgainAt
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

WITHDRAWAL = ReferralChange.WITHDRAWAL
CASE = (samples.referral(), samples.referral(revision=2), samples.referral(revision=3, change=WITHDRAWAL))


@pytest.mark.parametrize("arriving", list(permutations((1, 2, 3))))
async def test_nothing_is_sent_after_a_later_revision(ledger: Ledger, arriving: tuple[int, ...]) -> None:
    """One arrives, and all that may go is delivered before the next comes; then every line is final."""
    sent: list[int] = []
    for revision in arriving:
        await ledger.take(CASE[revision - 1])
        while claimed := await ledger.claim():
            sent += [each.line.revision for each in claimed]
            await ledger.conclude(*map(ledger.delivered, claimed))
    assert sent == sorted(sent)
    assert max(sent) == 3
    assert all(line.final for line in (await ledger.lines()).values())


async def test_what_comes_too_late_is_cancelled_with_its_reason_and_the_corporation_hears_nothing(
    ledger: Ledger,
) -> None:
    """While the later one is under way already; of that one the corporation hears."""
    first, second = CASE[:2]
    await ledger.take(second)
    claimed = await ledger.claim()
    await ledger.take(first)
    line = await ledger.line(first)
    assert (line.state, line.reason) == (DeliveryState.CANCELLED, "superseded")
    assert await ledger.facts(first) == [Fact.REFERRAL_QUEUED, Fact.REFERRAL_CANCELLED]
    assert await ledger.claim() == []
    await ledger.conclude(*map(ledger.delivered, claimed))
    assert await ledger.told() == ["forwarded"]


@pytest.mark.parametrize(("why", "outcome"), [("unavailable", "try-later"), (OFFERED, "offered")])
async def test_an_emergency_does_not_wait_for_the_rung_of_what_it_stands_behind(
    ledger: Ledger, why: str, outcome: str
) -> None:
    """The one before it is sent, or told of, at once and first of all, and the emergency follows it."""
    routine = samples.referral(about=samples.facts(urgency=Urgency.ROUTINE))
    emergency = samples.referral(
        revision=2, about=samples.facts(urgency=Urgency.EMERGENCY), deadline=AT + timedelta(hours=1)
    )
    await ledger.take(routine)
    tomorrow = AgainAt(ledger.now + timedelta(hours=20), why)
    await ledger.conclude(*(ledger.ended(claim, tomorrow, outcome) for claim in await ledger.claim()))
    await ledger.take(emergency)
    (claim,) = await ledger.claim()
    assert (claim.line.referral, claim.line.rank, claim.line.rung) == (routine.id, 0, 0)
    await ledger.conclude(ledger.delivered(claim))
    assert [each.line.referral for each in await ledger.claim()] == [emergency.id]

"""What a partner turns down, and what it says of what it had before, on both databases."""

from datetime import timedelta

import pytest

from schemas.audit import Fact
from schemas.codes import LegalBasis, Urgency
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.progress import Progress
from schemas.referral import Handling, Referral, ReferralChange
from services.notify.progress import Report
from services.notify.report_intake import Nothing, Stale, Taken
from services.notify.thread import Thread
from tests.contract.notify.reported import ELSEWHERE, OTHER, World
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER


async def revised(world: World, revision: int, change: ReferralChange | None = None) -> Referral:
    """A later revision, which the first partner has."""
    referral = samples.referral(revision=revision, change=change)
    await world.ledger.take(referral)
    await world.ledger.conclude(*map(world.ledger.delivered, await world.ledger.claim()))
    return referral


async def test_a_withdrawal_that_is_turned_down_goes_to_nobody_else(world: World) -> None:
    """Who never had the referral hears nothing of it, nobody is asked to release it and nobody is telephoned."""
    referral = await world.delivered()
    withdrawal = await revised(world, 2, ReferralChange.WITHDRAWAL)
    assert [type(each) for each in await world.told(referral, ELSEWHERE)] == [Taken]
    line = await world.ledger.line(withdrawal)
    assert (line.state, line.partner) == (DeliveryState.DELIVERED, PARTNER)
    assert await world.facts(Fact.REFERRAL_HELD, Fact.CALL_OPENED) == []


async def test_what_went_round_is_proposed_to_nobody_who_had_it(world: World) -> None:
    """Both say no: the rule names neither again, so that a person can choose whomever it should go to."""
    referral = await world.delivered()
    await world.told(referral, ELSEWHERE)
    await world.ledger.command(Action.RELEASE, referral, legal_basis=LegalBasis.WMO_5_2_6)
    await world.ledger.conclude(*map(world.ledger.delivered, await world.ledger.claim(OTHER)))
    await world.following.take(OTHER, referral.id, ELSEWHERE)
    line = await world.ledger.line(referral)
    assert (line.state, line.partner) == (DeliveryState.HELD, None)
    await world.ledger.command(Action.RELEASE, referral, partner=PARTNER, legal_basis=LegalBasis.WMO_5_2_6)
    assert (await world.ledger.line(referral)).partner == PARTNER


async def test_what_is_said_of_an_older_revision_by_its_own_id_is_late(world: World) -> None:
    """It changes nothing, is answered with the Task as it stands, and is not asked for again and again."""
    first = await world.delivered()
    second, third = [await revised(world, revision) for revision in (2, 3)]
    [taken] = await world.told(second, Report(Progress.COMPLETED))
    found = await world.following.find(PARTNER, second.id)
    assert isinstance(taken, Taken)
    assert taken.thread == found == await world.following.find(PARTNER, third.id)
    assert taken.thread.standing.status is Progress.REQUESTED
    stale = await world.following.take(PARTNER, second.id, Report(Progress.COMPLETED), version=1)
    assert isinstance(stale, Stale)
    assert await world.following.take(OTHER, second.id, Report(Progress.COMPLETED)) == Nothing()
    assert await world.facts(Fact.PROGRESS_CHANGED) == []
    await world.told(first, Report(Progress.ACCEPTED))
    assert [entry.revision for entry in await world.facts(Fact.PROGRESS_CHANGED)] == [3]


@pytest.mark.parametrize("turned_down", [False, True], ids=["cancelled", "turned down elsewhere"])
async def test_who_never_had_the_first_revision_speaks_of_the_next_by_the_referral_s_id(
    world: World, *, turned_down: bool
) -> None:
    """Also before we know that it arrived there: the id of the first is what all of them are known by."""
    speaks = OTHER if turned_down else PARTNER
    first, second = samples.referral(), samples.referral(revision=2)
    await world.ledger.take(first)
    if turned_down:
        await world.ledger.conclude(*map(world.ledger.delivered, await world.ledger.claim()))
        await world.told(first, ELSEWHERE)
    await world.ledger.command(Action.DISMISS if turned_down else Action.CANCEL, first)
    assert await world.following.take(speaks, first.id, Report(Progress.RECEIVED)) == Nothing()
    await world.ledger.take(second)
    if turned_down:
        await world.ledger.command(Action.RELEASE, second, legal_basis=LegalBasis.WMO_5_2_6)
    [claim] = await world.ledger.claim(speaks)
    taken = await world.following.take(speaks, first.id, Report(Progress.ACCEPTED))
    assert isinstance(taken, Taken)
    assert (taken.thread.partner, taken.thread.standing.revision) == (speaks, 2)
    await world.ledger.conclude(world.ledger.delivered(claim))
    found = await world.following.find(speaks, first.id)
    assert isinstance(found, Thread)
    assert (found.referral, found.standing.status) == (second.id, Progress.ACCEPTED)


async def passes(world: World) -> None:
    """Days, in which nobody answers."""
    for _ in range(8):
        world.ledger.later(minutes=30)
        while await world.ledger.watchdog.step() == 0.0 or await world.ledger.clock.step() == 0.0:
            pass


@pytest.mark.parametrize("sooner", [False, True], ids=["delivered", "being sent"])
async def test_what_comes_back_is_put_before_everybody_again(world: World, *, sooner: bool) -> None:
    """From the first person on, under facts of its own, however far it went the time before."""
    about = samples.facts(urgency=Urgency.ACUTE)
    referral = samples.referral(handling=Handling.HOLD, deadline=AT + timedelta(hours=1), about=about)
    await world.ledger.take(referral)
    await passes(world)
    await world.ledger.command(Action.RELEASE, referral)
    claims = await world.ledger.claim()
    if sooner:
        await world.told(referral, ELSEWHERE)
    await world.ledger.conclude(*map(world.ledger.delivered, claims))
    if not sooner:
        await world.told(referral, ELSEWHERE)
    await world.ledger.command(Action.REASSIGN, referral, assignee="piket-1")
    assert [entry.reason for entry in await world.facts(Fact.COMMAND_REFUSED)] == ["is-theirs-already"]
    await passes(world)
    escalated = await world.facts(Fact.REFERRAL_ESCALATED)
    assert [entry.assigned_to for entry in escalated] == ["piket-2", "af-1"] * 2
    assert len({entry.id for entry in escalated}) == 4

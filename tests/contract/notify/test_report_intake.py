"""What a partner tells of a referral, on both databases: taken once, with its fact, and with what follows from it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from schemas.audit import Fact
from schemas.call import CallReason
from schemas.codes import Urgency
from schemas.delivery import DeliveryState
from schemas.progress import Progress, Rejection
from schemas.referral import Handling
from services.notify import outbox, progress_store
from services.notify.call_tables import CALL
from services.notify.delivery_table import far
from services.notify.milestones import TURNED_DOWN_WITHIN
from services.notify.partner_status import statuses
from services.notify.progress import Report
from services.notify.progress_view import progress_of, underway
from services.notify.report_intake import Absent, Declined, Nothing, Stale, Taken
from services.runtime.errors import TryLater
from tests.contract.notify.reported import ELSEWHERE, OTHER, World
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


async def test_each_step_is_one_fact_and_the_corporation_hears_no_more_than_it_may(world: World) -> None:
    """Of Veilig Thuis it hears that it was received, once; not that it was accepted, nor how it ended."""
    referral = await world.delivered()
    steps = (Progress.RECEIVED, Progress.ACCEPTED, Progress.COMPLETED)
    outcomes = await world.told(referral, *map(Report, steps), Report(Progress.COMPLETED), Report(Progress.ACCEPTED))
    assert all(isinstance(outcome, Taken) for outcome in outcomes)
    changed = await world.facts(Fact.PROGRESS_CHANGED)
    assert [entry.progress for entry in changed] == list(steps)
    assert len({entry.id for entry in changed}) == len(steps)
    assert (await world.ledger.told())[-2:] == ["forwarded", "received"]


async def test_what_nobody_was_sent_cannot_be_reported_on(world: World) -> None:
    """A referral that waits is known to nobody outside: of one that is to be sent it is asked to tell again."""
    referral, held = samples.referral(), samples.referral("8", handling=Handling.HOLD)
    await world.ledger.take(referral, held)
    assert await world.told(referral, Report(Progress.ACCEPTED)) == [Absent("not-sent")]
    assert await world.told(held, Report(Progress.ACCEPTED)) == [Nothing()]
    assert await world.told(samples.referral("9"), Report(Progress.ACCEPTED)) == [Nothing()]


async def test_a_contradiction_is_refused_and_told_and_an_old_version_is_stale(world: World) -> None:
    """A person hears of the first; the second is asked to read again."""
    referral = await world.delivered()
    [taken] = await world.told(referral, Report(Progress.COMPLETED))
    assert isinstance(taken, Taken)
    [declined] = await world.told(referral, Report(Progress.FAILED))
    assert isinstance(declined, Declined)
    assert [entry.reason for entry in await world.facts(Fact.PROGRESS_REFUSED)] == ["closed"]
    stale = await world.following.take(PARTNER, referral.id, Report(Progress.FAILED), version=taken.thread.version - 1)
    assert isinstance(stale, Stale)


async def test_who_contradicts_itself_again_and_again_is_written_once_a_day(world: World) -> None:
    """Of each kind, and only once it stands: what was rolled back is written by the next one."""
    referral = await world.delivered()
    await world.told(referral, Report(Progress.COMPLETED))
    failed, cancelled = Report(Progress.FAILED), Report(Progress.CANCELLED)

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(outbox, "put", _away)
        with pytest.raises(TryLater):
            await world.told(referral, failed)
    assert all(isinstance(each, Declined) for each in await world.told(referral, *[failed, cancelled] * 5))
    told = await world.facts(Fact.PROGRESS_REFUSED)
    assert [entry.progress for entry in told] == [Progress.FAILED, Progress.CANCELLED]
    world.ledger.later(days=1)
    await world.told(referral, failed, failed)
    assert len(await world.facts(Fact.PROGRESS_REFUSED)) == 3


async def test_not_in_our_area_comes_back_to_a_person_with_who_follows_there(world: World) -> None:
    """Nothing goes to the other partner on a machine's guess; released, it goes there, and the count stays right."""
    referral = await world.delivered()
    await world.told(referral, ELSEWHERE)
    line = await world.ledger.line(referral)
    assert (line.state, line.partner, line.reason) == (DeliveryState.HELD, OTHER, "not-in-area")
    assert await world.ledger.claim(OTHER) == []
    last = (await world.facts(Fact.REFERRAL_HELD))[-1]
    assert (last.before, last.after) == (DeliveryState.DELIVERED, DeliveryState.HELD)
    assert (await world.ledger.told())[-1] == "under-review"


async def test_any_other_no_has_somebody_telephone(world: World) -> None:
    """Nobody has it then; once, however often the partner says so."""
    referral = await world.delivered()
    await world.told(referral, Report(Progress.REJECTED, rejection=Rejection.NO_CAPACITY), Report(Progress.REJECTED))
    assert [entry.reason for entry in await world.facts(Fact.CALL_OPENED)] == ["turned-down"]
    assert (await world.ledger.line(referral)).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("first", [Progress.COMPLETED, Progress.REJECTED])
async def test_an_end_after_another_has_somebody_telephone(world: World, urgency: Urgency, first: Progress) -> None:
    """What is said last may be so, and the partner was told that a person was told: once, with a clock on it."""
    referral = await world.delivered(urgency)
    await world.told(referral, Report(first), Report(Progress.FAILED), Report(Progress.CANCELLED), Report(first))
    await World(world.ledger).told(referral, Report(Progress.FAILED))  # another instance, which wrote none of it
    opened = [entry for entry in await world.facts(Fact.CALL_OPENED) if entry.reason == CallReason.CONTRADICTED]
    assert [entry.due_at for entry in opened] == [world.ledger.now + TURNED_DOWN_WITHIN[urgency]]


async def test_what_is_told_twice_or_late_has_nobody_telephone(world: World) -> None:
    """A system that repeats itself contradicts nothing."""
    referral = await world.delivered()
    await world.told(referral, *map(Report, (Progress.COMPLETED, Progress.COMPLETED, Progress.ACCEPTED)))
    assert await world.facts(Fact.CALL_OPENED) == []


async def test_silence_is_told_once_a_milestone_and_an_urgent_one_is_called_about(world: World) -> None:
    """Two instances that look at once say it once; what was seen is not late to be seen."""
    referral = await world.delivered()
    world.ledger.later(minutes=59)
    while await world.reminder.step() == 0:
        pass
    assert await world.facts(Fact.PROGRESS_OVERDUE) == []
    world.ledger.later(minutes=2)
    for _ in range(3):
        await world.reminder.step()
    assert [entry.reason for entry in await world.facts(Fact.PROGRESS_OVERDUE)] == ["not-seen"]
    await world.told(referral, Report(Progress.RECEIVED))
    world.ledger.later(hours=4)
    for _ in range(3):
        await world.reminder.step()
    assert [entry.reason for entry in await world.facts(Fact.PROGRESS_OVERDUE)] == ["not-seen", "not-accepted"]
    async with world.ledger.database.read() as connection:
        reasons = set((await connection.execute(select(CALL.c.why))).scalars())
    assert reasons == {"not-seen", "not-accepted"}


async def test_what_a_partner_got_is_looked_at_when_its_first_milestone_is_due_and_not_before(world: World) -> None:
    """Each that was delivered would be read and written once more, only to learn that it is too soon."""
    await world.delivered()
    async with world.ledger.database.read() as connection:
        assert await progress_store.earliest(connection, ()) == world.ledger.now + timedelta(hours=1)


async def test_what_was_said_to_be_late_is_not_said_again_after_a_restart(world: World) -> None:
    """Nor when the partner reports something that reaches no milestone."""
    referral = await world.delivered()
    world.ledger.later(hours=5)
    await world.reminder.step()
    late = [entry.reason for entry in await world.facts(Fact.PROGRESS_OVERDUE)]
    assert late == ["not-seen", "not-accepted"]
    await world.reminder.begin()
    await world.reminder.step()
    await world.told(referral, Report(Progress.RECEIVED), Report(Progress.RECEIVED, business="intake"))
    await world.reminder.step()
    assert [entry.reason for entry in await world.facts(Fact.PROGRESS_OVERDUE)] == late


async def test_what_a_clock_far_ahead_gave_the_partner_is_late_in_its_time_all_the_same(world: World) -> None:
    """It was delivered next month by that clock; from when it is right again on, its milestones count."""
    world.ledger.later(days=30)
    await world.delivered()
    world.ledger.later(days=-30)
    for hours, late in ((0, 0), (2, 1)):
        world.ledger.later(hours=hours)
        for _ in range(3):
            await world.reminder.step()
        assert len(await world.facts(Fact.PROGRESS_OVERDUE)) == late


async def test_what_is_routine_is_late_without_a_call_and_a_closed_one_is_never_late(world: World) -> None:
    """The audit stream says it; nobody is rung for it."""
    referral = await world.delivered(Urgency.ROUTINE)
    world.ledger.later(hours=2)
    await world.reminder.step()
    assert len(await world.facts(Fact.PROGRESS_OVERDUE)) == 1
    assert await world.facts(Fact.CALL_OPENED) == []
    await world.told(referral, Report(Progress.COMPLETED))
    world.ledger.now += timedelta(days=9)
    await world.reminder.step()
    assert len(await world.facts(Fact.PROGRESS_OVERDUE)) == 1


async def test_operators_see_how_far_it_is_and_by_when(world: World) -> None:
    """Each milestone with its time, late once it was said to be; of a partner, how many it has and how far."""
    referral = await world.delivered()
    partners = world.directory.partners
    world.ledger.later(hours=2)
    await world.reminder.step()
    await world.told(referral, Report(Progress.RECEIVED))
    async with world.ledger.database.read() as connection:
        seen = await progress_of(connection, referral.id, partners)
        theirs = await underway(connection, [PARTNER, OTHER])
        nothing = await progress_of(connection, samples.referral("9").id, partners)
        found = {each.partner: each for each in await statuses(connection, list(partners.values()), world.ledger.now)}
    assert seen is not None
    assert [line for _, line in far(seen, "en")] == [
        "received since 2026-03-02 23:45:12Z",
        "reached",
        "awaited, by 2026-03-03 01:45:12Z",
        "awaited, by 2026-03-04 21:45:12Z",
    ]
    assert (nothing, theirs) == (None, {PARTNER: {"received": 1}, OTHER: {}})
    assert found[PARTNER].as_json["underway"] == {"received": 1}


async def _away(*_: object) -> None:
    """The ledger went away before the fact stood."""
    raise TryLater("away")

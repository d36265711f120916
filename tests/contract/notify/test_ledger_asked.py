"""A correction of what waits for a person: one question, of the newest, by the first one's clock; on both databases."""

from datetime import timedelta

from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral
from services.notify import desk_view, held
from services.notify.desk_reading import DeskReading
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

DEADLINE = AT + timedelta(hours=1)


def asked(revision: int = 1, **more: timedelta) -> Referral:
    """A referral that waits for a person."""
    return samples.referral(
        revision=revision, handling=Handling.HOLD, deadline=DEADLINE + more.get("after", timedelta())
    )


async def states(ledger: Ledger, *referrals: Referral) -> list[tuple[DeliveryState, str | None]]:
    """Where each stands, and why."""
    lines = await ledger.lines()
    return [(lines[each.id].state, lines[each.id].reason) for each in referrals]


async def test_who_lets_the_newest_revision_go_need_not_decide_on_those_before(ledger: Ledger) -> None:
    """It is claimed at once; the older one is cancelled with its fact, and of that no corporation hears."""
    first, second = asked(), asked(2)
    await ledger.take(first)
    await ledger.take(second)
    assert await states(ledger, first, second) == [
        (DeliveryState.CANCELLED, "superseded"),
        (DeliveryState.HELD, "no-rule-fired"),
    ]
    await ledger.command(Action.RELEASE, second)
    assert [claim.line.referral for claim in await ledger.claim()] == [second.id]
    assert await ledger.facts(first) == [Fact.REFERRAL_HELD, Fact.OUTCOME_TOLD, Fact.REFERRAL_CANCELLED]
    assert await ledger.told() == ["under-review", "under-review"]
    assert await ledger.tally() == await ledger.counted()


async def test_what_the_rules_send_now_waits_for_no_answer_about_what_was_known_before(ledger: Ledger) -> None:
    """Consent came, say: the correction goes at once."""
    await ledger.take(asked())
    update = samples.referral(revision=2)
    await ledger.take(update)
    assert [claim.line.referral for claim in await ledger.claim()] == [update.id]


async def test_a_correction_puts_off_no_answer(ledger: Ledger) -> None:
    """Whoever the question was given to, and when the next one is asked, stay with it: it was late already."""
    first, second = asked(), asked(2, after=timedelta(hours=9))
    await ledger.take(first)
    await ledger.command(Action.REASSIGN, first, assignee="af-9")
    ledger.later(hours=1)
    await ledger.watchdog.step()
    async with ledger.database.read() as connection:
        before = await held.waiting(connection, [first.id])
    await ledger.take(second)
    async with ledger.database.read() as connection:
        assert await held.waiting(connection, [second.id]) == {second.id: before[first.id]}
    line = await ledger.line(second)
    assert (line.deadline, line.overdue) == (DEADLINE, True)
    await ledger.watchdog.step()
    assert [entry.referral for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_OVERDUE] == [first.id]


async def test_a_no_to_the_newest_ends_the_question(ledger: Ledger) -> None:
    """Nothing of the case waits any more, and the next correction is asked about."""
    first, second, third = asked(), asked(2), samples.referral(revision=3)
    await ledger.take(first, second)
    await ledger.command(Action.DISMISS, second)
    assert all(line.final for line in (await ledger.lines()).values())
    await ledger.take(third)
    assert await states(ledger, third) == [(DeliveryState.HELD, "dismissed-before")]


async def test_a_no_stands_through_the_questions_after_it(ledger: Ledger) -> None:
    """The rules would send the last one; a person said no to the first, and has not said yes since."""
    await ledger.take(asked())
    await ledger.command(Action.DISMISS, asked())
    last = samples.referral(revision=3)
    await ledger.take(asked(2), last)
    assert await states(ledger, asked(2), last) == [
        (DeliveryState.CANCELLED, "superseded"),
        (DeliveryState.HELD, "dismissed-before"),
    ]
    assert await ledger.claim() == []


async def test_who_decides_on_what_was_superseded_is_told_so(ledger: Ledger) -> None:
    """Nothing of it changes; who looks at it reads which one to decide on."""
    await ledger.take(asked())
    await ledger.take(asked(2))
    for action in (Action.RELEASE, Action.DISMISS, Action.REASSIGN):
        await ledger.command(action, asked(), assignee="af-2" if action is Action.REASSIGN else None)
    refused = [entry.reason for entry in await ledger.entries() if entry.fact is Fact.COMMAND_REFUSED]
    assert refused == ["superseded"] * 3
    async with ledger.database.read() as connection:
        view = await DeskReading(connection, DIRECTORY).dossier(await ledger.line(asked()), ledger.now)
    assert list(desk_view.rows(view, ledger.now, "nl"))[-1][1] == f"seinpaal held show {str(asked(2).id)[:8]}"
    assert "een latere versie kwam in de plaats" in dict(desk_view.rows(view, ledger.now, "nl")).values()


async def test_what_is_being_sent_stops_when_it_failed_and_may_not_go_there_any_more(ledger: Ledger) -> None:
    """Consent was refused meanwhile; where the answer was lost it goes on, as it may be there."""
    refused = samples.referral(revision=2, handling=Handling.HOLD).model_copy(update={"reason": "legal-basis"})
    lost = refused.model_copy(update={"id": samples.referral("T-2", revision=2).id, "signal": samples.signal("T-2")})
    await ledger.take(samples.referral(), samples.referral("T-2"))
    claimed = {claim.line.signal: claim for claim in await ledger.claim()}
    await ledger.take(refused, lost)
    for referral, uncertain in ((refused, False), (lost, True)):
        await ledger.conclude(ledger.failed(claimed[referral.signal], uncertain=uncertain))
    assert await states(ledger, samples.referral(), refused, samples.referral("T-2"), lost) == [
        (DeliveryState.CANCELLED, "superseded"),
        (DeliveryState.HELD, "legal-basis"),
        (DeliveryState.PENDING, "unavailable"),
        (DeliveryState.HELD, "legal-basis"),
    ]
    ledger.later(hours=1)
    assert [claim.line.referral for claim in await ledger.claim()] == [samples.referral("T-2").id]
    assert await ledger.tally() == await ledger.counted()

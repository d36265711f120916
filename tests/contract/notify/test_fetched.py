"""After a partner fetched: it is asked how it goes as any other is, and what it turned down it sees no more."""

from datetime import timedelta

import pytest

from schemas import ids
from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.partner import Answers, Channel
from schemas.progress import Progress, Rejection
from schemas.referral import ReferralChange
from services.notify.collector import Shown, Visit
from services.notify.directory import Directory
from services.notify.fetching import Nothing
from services.notify.progress import Report
from services.notify.reception.task import task_router
from services.notify.reminder import Reminder
from services.notify.report_intake import Absent, Following, Taken
from services.notify.report_subject import NOT_FETCHED
from services.notify.retry import OFFERED, AgainAt
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.fetching import PARTNERS, PERSON, PULL, fetched
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.reception import OTHER, OURS, Open, opened
from tests.contract.notify.scripted import Desk
from tests.unit.notify import samples


@pytest.mark.parametrize(("name", "route"), [(OURS, "referrals"), (OTHER, "inbox")])
async def test_silence_after_a_fetch_is_told_as_after_any_delivery(
    exchange: Exchange, door: Open, name: str, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody there accepts it: it is told once, and of a withdrawal that was seen with a 410 it is told anew."""
    slow = PARTNERS[name].model_copy(update={"answers": Answers(seen_hours=1, accepted_hours=4)})
    monkeypatch.setitem(exchange.directory.partners, name, slow)
    reminder = Reminder(exchange.ledger.footing(Directory([slow], [samples.corporation()])))
    visitor = door.other if name == OTHER else door.visitor()
    [referral] = await exchange.take(samples.referral(partner=name))
    for revision, late in ((1, ["not-seen", "not-accepted"]), (2, ["not-seen"])):
        if revision == 2:
            await exchange.take(samples.referral(partner=name, revision=2, change=ReferralChange.WITHDRAWAL))
        status, _, _ = await visitor.ask("GET", f"{route}/{referral.id}", headers=PERSON)
        exchange.ledger.later(hours=5)
        for _ in range(3):
            await reminder.step()
        told = [each for each in await exchange.ledger.entries() if each.fact is Fact.PROGRESS_OVERDUE]
        assert (status, [each.reason for each in told if each.revision == revision]) == (
            {1: 200, 2: 410}[revision],
            late,
        )


async def test_who_turned_it_down_fetches_nothing_of_it_any_more(exchange: Exchange, door: Open) -> None:
    """Not the revision before it either, on no list, also once all of it was withdrawn; nothing is told as shown."""
    [first] = await exchange.take(samples.referral())
    await door.visitor().ask("GET", f"referrals/{first.id}")
    [second] = await exchange.take(samples.referral(revision=2))
    await door.visitor().ask("GET", f"referrals/{first.id}")
    following = Following(exchange.ledger.footing(exchange.directory), exchange.foreign_requests)
    await following.take(OURS, second.id, Report(Progress.REJECTED, rejection=Rejection.NOT_IN_AREA))
    for _ in range(2):
        assert (await door.visitor().ask("GET", f"referrals/{first.id}"))[0] == 404
        assert (await door.visitor().ask("GET", "referrals?all=true"))[1] == {"referrals": []}
        await exchange.take(samples.referral(revision=3, change=ReferralChange.WITHDRAWAL))
    assert len(await fetched(exchange)) == 2


async def test_that_a_partner_was_told_of_what_it_turned_down_since_is_on_the_trail_once(exchange: Exchange) -> None:
    """The partner was faster than we: that it was notified is on the trail, once, whatever it said meanwhile."""
    ledger = exchange.ledger
    following = Following(ledger.footing(exchange.directory), exchange.foreign_requests)
    [referral] = await exchange.take(samples.referral())
    [claim] = await ledger.claim(OURS)
    await exchange.collector.collect(Visit(referral.id, OURS), lambda _: b"{}")
    await following.take(OURS, referral.id, Report(Progress.REJECTED, rejection=Rejection.NOT_IN_AREA))
    for _ in range(2):
        await ledger.conclude(ledger.ended(claim, AgainAt(ledger.now, OFFERED), "offered"))
    attempted = [each for each in await ledger.entries() if each.fact is Fact.DELIVERY_ATTEMPTED]
    assert [(each.partner, each.attempt) for each in attempted] == [(OURS, 1)]
    line = await ledger.line(referral)
    assert (line.state, line.attempts, line.lease_until) == (DeliveryState.HELD, 1, None)


@pytest.mark.parametrize(("channel", "waits"), [(PULL, True), (samples.partner().channel, False)], ids=["pull", "fhir"])
async def test_what_lay_ready_for_a_partner_that_is_sent_things_now_goes_at_once(
    ledger: Ledger, channel: Channel, *, waits: bool
) -> None:
    """Its entry was changed, so it can fetch nothing any more; its reminder would be due a day later."""
    referral = samples.referral()
    await ledger.take(referral)
    [claim] = await ledger.claim(OURS)
    tomorrow = ledger.now + timedelta(days=1)
    await ledger.conclude(ledger.ended(claim, AgainAt(tomorrow, OFFERED), "offered"))
    partner = samples.partner(OURS, channel=channel, access={"tokens": ("env:SECRET",)})
    desk = Desk(ledger, Directory([partner], [samples.corporation()]))
    assert await desk.worker.resume() == (0 if waits else 1)
    assert (await ledger.line(referral)).due_at == (tomorrow if waits else ledger.now)


@pytest.mark.parametrize("who", [OURS, OTHER])
async def test_whom_a_person_disabled_is_shown_nothing_more(exchange: Exchange, who: str) -> None:
    """Also what it had: its token may be in wrong hands. Enabled again, it is shown what it was."""
    had, waits = await exchange.take(samples.referral("T-1", partner=who), samples.referral("T-2", partner=who))
    visits = [Visit(each.id, who) for each in (had, waits)]
    shown = [await exchange.collector.collect(visits[0], lambda _: b"{}")]
    await exchange.ledger.order(Action.PARTNER_DISABLE, ids.partner_id(who), partner=who)
    shown += [await exchange.collector.collect(each, lambda _: b"{}") for each in visits]
    assert [type(each) for each in shown] == [Shown, Nothing, Nothing]
    await exchange.ledger.order(Action.PARTNER_ENABLE, ids.partner_id(who), partner=who)
    assert isinstance(await exchange.collector.collect(visits[0], lambda _: b"{}"), Shown)


@pytest.mark.parametrize("who", [OURS, OTHER])
async def test_what_nobody_fetched_nobody_can_report_on(exchange: Exchange, who: str) -> None:
    """Whoever was told that it is there knows nothing of it: it is asked to fetch it, and is heard once it has."""
    following = Following(exchange.ledger.footing(exchange.directory), exchange.foreign_requests)
    [referral] = await exchange.take(samples.referral(partner=who))
    claimed = await exchange.ledger.claim(who)
    received = Report(Progress.RECEIVED)
    assert await following.take(who, referral.id, received) == Absent(NOT_FETCHED)
    await exchange.ledger.conclude(
        *(exchange.ledger.ended(claim, AgainAt(exchange.ledger.now, OFFERED), "offered") for claim in claimed)
    )
    assert await following.take(who, referral.id, received) == Absent(NOT_FETCHED)
    assert await following.find(who, referral.id) == Absent(NOT_FETCHED)
    async with opened([task_router(following)], partners=PARTNERS) as door:
        visitor = door.visitor() if who == OURS else door.other
        told = {"resourceType": "Task", "status": "received", "intent": "order"}
        assert (await visitor.ask("PUT", f"fhir/Task/{referral.id}", told))[0] == 409
    await exchange.collector.collect(Visit(referral.id, who), lambda _: b"{}")
    assert isinstance(await following.take(who, referral.id, received), Taken)
    assert [entry.progress for entry in await exchange.ledger.entries() if entry.fact is Fact.PROGRESS_CHANGED] == [
        Progress.RECEIVED
    ]

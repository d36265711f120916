"""Partners are asked how it goes, over real HTTP on both databases: due in its time, taken as if they had told it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
import pytest
from aiohttp import web

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.progress import Progress
from schemas.referral import ReferralChange
from services.notify import polling_store, reach_store
from services.notify.breaker import Open
from services.notify.fhir.codes import THREAD
from services.notify.progress_view import heard_all
from services.notify.reach import Reach
from tests.contract.notify.ledger import LEASE, Ledger
from tests.contract.notify.polling import Beat, Server, delivered, later, searchset, task
from tests.contract.notify.web import serving
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER


async def test_what_a_partner_shows_is_taken_as_if_it_had_told_it(beat: Beat, server: Server) -> None:
    """One fact a step, codes only; asked in its own time, by identifier, and no more once it is closed."""
    referral = samples.referral()
    await delivered(beat.ledger, referral)
    for status in ("requested", "accepted", "accepted", "completed"):
        server.tasks = [task(referral, status, statusReason={"text": "Testpersoon Een"})]
        later(beat)
        await beat.ask()
        await beat.ask()
    later(beat, 60)
    await beat.ask()
    changed = await beat.facts(Fact.PROGRESS_CHANGED)
    assert [entry.progress for entry in changed] == [Progress.ACCEPTED, Progress.COMPLETED]
    assert len(server.asked) == 4
    assert server.asked[0]["identifier"] == f"{THREAD}|{referral.id}"
    assert "Testpersoon" not in str([output.value for output in await beat.ledger.outputs()])
    assert await beat.ledger.attempts(referral) == ["accepted"]


async def test_status_never_goes_backward(beat: Beat, server: Server) -> None:
    """A cache, or a server that was restored, shows what was: nothing changes, and no fact tells of it."""
    referral = samples.referral()
    await delivered(beat.ledger, referral)
    for status in ("in-progress", "received", "accepted", "requested"):
        server.tasks = [task(referral, status)]
        later(beat)
        await beat.ask()
    assert await beat.status(referral) is Progress.IN_PROGRESS
    assert [entry.progress for entry in await beat.facts(Fact.PROGRESS_CHANGED)] == [Progress.IN_PROGRESS]


async def test_only_tasks_that_were_asked_about_are_read(beat: Beat, server: Server) -> None:
    """A server that passes over our condition shows us everything: another partner's referral, others' Tasks."""
    ours, theirs = samples.referral(), samples.referral("9", partner="tweede")
    await delivered(beat.ledger, ours, theirs)
    shown = [task(theirs, "completed"), {"resourceType": "Task", "id": "x", "status": "completed"}, {"a": "b"}]
    server.answers = [web.Response(body=orjson.dumps(searchset([*shown, task(ours, "received")])))]
    later(beat)
    await beat.ask()
    assert (await beat.status(ours), await beat.status(theirs)) == (Progress.RECEIVED, Progress.REQUESTED)
    told = await beat.facts(Fact.PROGRESS_CHANGED, Fact.PROGRESS_REFUSED)
    assert [entry.referral for entry in told] == [ours.id]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=503, headers={"Retry-After": "1800"}),
        lambda: web.Response(status=403),
        lambda: web.Response(body=orjson.dumps(searchset([], link=[{"relation": "next", "url": "/"}]))),
    ],
)
async def test_a_question_that_fails_waits_and_costs_no_delivery_anything(
    beat: Beat, server: Server, answer: Any
) -> None:
    """No attempt, no rung, no fault of the breaker; asked again later and later, then all is well again."""
    referral, waiting = samples.referral(), samples.referral("2")
    await delivered(beat.ledger, referral)
    await beat.ledger.take(waiting)
    before = await beat.ledger.line(waiting)
    server.answers = [answer(), answer()]
    waits = []
    for _ in range(2):
        beat.ledger.now = max(beat.ledger.now, (await beat.round()).due_at)
        await beat.ask()
        waits.append((await beat.round()).due_at - beat.ledger.now)
    assert waits[0].total_seconds() >= 300
    assert waits[1] >= waits[0]
    assert (await beat.round()).failures == 2
    async with beat.ledger.database.read() as connection:
        heard = (await heard_all(connection, list(beat.directory.partners.values())))[PARTNER]
    assert (heard.way, heard.failures, heard.fault) == ("polling", 2, (await beat.round()).fault)
    assert await beat.ledger.line(waiting) == before
    async with beat.ledger.database.read() as connection:
        assert await reach_store.read(connection) == {}
    server.tasks = [task(referral, "accepted")]
    beat.ledger.now = (await beat.round()).due_at
    await beat.ask()
    assert await beat.status(referral) is Progress.ACCEPTED
    assert ((await beat.round()).failures, (await beat.round()).fault) == (0, None)


async def test_a_clock_that_was_ahead_keeps_nothing_from_being_asked_about(beat: Beat, server: Server) -> None:
    """A question of next month, by that clock: the next one is asked in its time, by the clock that is right."""
    referral = samples.referral()
    await delivered(beat.ledger, referral)
    beat.ledger.later(days=30)
    await beat.ask()
    beat.ledger.later(days=-30)
    server.tasks = [task(referral, "accepted")]
    for _ in range(2):
        later(beat)
        await beat.ask()
    assert await beat.status(referral) is Progress.ACCEPTED


async def test_a_partner_that_is_left_alone_is_not_asked(beat: Beat, server: Server) -> None:
    """While its breaker is open or it is disabled, by whichever instance."""
    await delivered(beat.ledger, samples.referral())
    later(beat)
    now = beat.ledger.now
    for stands in (Reach(PARTNER, breaker=Open(now + (now - AT), now - AT)), Reach(PARTNER, disabled="by-hand")):
        async with beat.ledger.database.begin() as connection:
            await reach_store.held(connection, [PARTNER])
            await reach_store.change(connection, [stands])
        await beat.ask()
    assert server.asked == []


async def test_instances_share_the_work(ledger: Ledger, server: Server) -> None:
    """Of two that look at once one asks; what one held when it died, the other asks when the lease ends."""
    await delivered(ledger, samples.referral())
    async with serving(server.handle) as url:
        one, other = [await Beat(ledger, str(url)).begin() for _ in range(2)]
        ledger.later(minutes=6)
        await one.poller.step()
        await other.poller.step()
        await one.ask()
        await other.ask()
        assert len(server.asked) == 1
        ledger.later(minutes=6)
        await one.poller.step()
        await one.poller.drain(0)  # as if it was killed with the question under way
        await other.ask()
        before = len(server.asked)
        ledger.later(minutes=2)
        await other.ask()
        assert (before, len(server.asked)) in {(1, 2), (2, 3)}
        await one.close()
        await other.close()


async def test_of_two_that_saw_the_same_turn_one_gets_it_and_who_lost_it_writes_nothing(ledger: Ledger) -> None:
    """By its fence, whatever the clocks say."""
    until = ledger.now + LEASE
    async with ledger.database.begin() as connection:
        await polling_store.begin(connection, [PARTNER], ledger.now)
        seen = (await polling_store.rounds(connection))[PARTNER]
        first = await polling_store.claim(connection, seen, until)
        assert first is not None
        assert await polling_store.claim(connection, seen, until) is None
        second = await polling_store.claim(connection, first, until)
        assert second is not None
        assert await polling_store.held(connection, PARTNER, first.fence) is None
        await polling_store.change(connection, replace(first, failures=9))
        assert (await polling_store.rounds(connection))[PARTNER] == second


async def test_many_are_asked_about_in_few_questions(beat: Beat, server: Server) -> None:
    """Twenty in each; who answered too much is asked about fewer for a while; unchanged ones are left out."""
    referrals = [samples.referral(str(number)) for number in range(45)]
    await delivered(beat.ledger, *referrals)
    server.tasks = [task(each, "received") for each in referrals]
    beat.ledger.now = datetime.fromisoformat("2026-03-03T10:01:00+00:00")
    await beat.ask()
    assert [len(each["identifier"].split(",")) for each in server.asked] == [20, 20, 5]
    assert not any("_lastUpdated" in each for each in server.asked)
    later(beat)
    server.answers = [web.Response(body=b"x" * 70_000)]
    await beat.ask()
    assert [len(each["identifier"].split(",")) for each in server.asked[3:]] == [20, 10, 11, 12, 12]
    assert all("_lastUpdated" in each for each in server.asked[3:])
    assert {await beat.status(each) for each in referrals} == {Progress.RECEIVED}


async def test_a_server_that_knows_only_plain_questions_is_asked_those(beat: Beat, server: Server) -> None:
    """The identifier alone, as in our conditional creates; learned once."""
    referral = samples.referral()
    await delivered(beat.ledger, referral)
    server.tasks = [task(referral, "accepted")]
    server.answers = [web.Response(status=400)]
    later(beat)
    await beat.ask()
    assert [sorted(each) for each in server.asked] == [["_count", "_elements", "identifier"], ["identifier"]]
    assert await beat.status(referral) is Progress.ACCEPTED


async def test_a_withdrawal_is_confirmed_by_the_partner_and_not_by_what_we_wrote(beat: Beat, server: Server) -> None:
    """The Task is cancelled, as we have it so; that a person there stopped, they must date or say."""
    first, taken_back = samples.referral(), samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
    await delivered(beat.ledger, first)
    await delivered(beat.ledger, taken_back)
    revised = {"identifier": [*task(first, "")["identifier"], *task(taken_back, "")["identifier"][1:]]}
    seen = []
    for dated in (AT.isoformat(), "2026-03-02T22:00:00+00:00"):
        server.tasks = [task(first, "cancelled", lastModified=dated) | revised]
        later(beat)
        await beat.ask()
        seen.append(await beat.status(taken_back))
    assert seen == [Progress.REQUESTED, Progress.CANCELLED]
    assert await beat.facts(Fact.CALL_OPENED) == []


async def test_what_is_said_of_an_older_revision_is_not_said_of_the_new_one(beat: Beat, server: Server) -> None:
    """Its Task still names the first only: the update is under way there."""
    first, second = samples.referral(), samples.referral(revision=2)
    await delivered(beat.ledger, first)
    await delivered(beat.ledger, second)
    server.tasks = [task(first, "completed")]
    later(beat)
    await beat.ask()
    assert await beat.status(second) is Progress.REQUESTED


async def test_not_in_our_area_comes_back_to_a_person(beat: Beat, server: Server) -> None:
    """As where the partner tells it; whoever gets it next is asked about a Task of its own."""
    referral = samples.referral()
    await delivered(beat.ledger, referral)
    reason = {"coding": [{"system": "urn:seinpaal:codesystem:rejection", "code": "not-in-area"}]}
    server.tasks = [task(referral, "rejected", statusReason=reason)]
    later(beat)
    await beat.ask()
    line = await beat.ledger.line(referral)
    assert (line.state, line.partner, line.reason) == (DeliveryState.HELD, "tweede", "not-in-area")

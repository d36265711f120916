"""A partner's server notifies us, over HTTP on both databases: we take ids, read the Task there, and lose nothing."""

from collections.abc import AsyncIterator

import orjson
import pytest
from aiohttp import web
from sqlalchemy import update

from schemas.audit import Fact
from schemas.feedback import SubscriptionFeedback
from schemas.progress import Progress
from services.notify import polling_store, progress_store, store
from services.notify.progress_tables import THREAD as THREADS
from services.notify.subscription import AGAIN, PATH
from services.runtime.errors import Refused
from services.sandbox.partners.fhir_store import Held, Resources
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.notified import ACCESS, TOPIC, Pair, bundle, paired
from tests.contract.notify.polling import SECRETS, Beat, Server, delivered, later, searchset, task
from tests.contract.notify.reception import OURS
from tests.contract.notify.web import serving
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

OVER = "2020-01-01T00:00:00Z"


@pytest.fixture
async def pair(ledger: Ledger) -> AsyncIterator[Pair]:
    """With a topic, as the backport has it."""
    async with paired(ledger) as made:
        yield made


@pytest.mark.parametrize("topic", [TOPIC, None])
async def test_a_change_is_noticed_read_and_taken(ledger: Ledger, topic: str | None) -> None:
    """The handshake is taken; a notification has the Task read at once, with a topic and with R4's own criteria."""
    async with paired(ledger, topic) as pair:
        referral = await pair.created()
        for status in (Progress.ACCEPTED, Progress.COMPLETED):
            pair.answer(referral, status)
            await pair.noticed()
            await pair.beat.ask()
            assert await pair.beat.status(referral) is status
        changed = await pair.beat.facts(Fact.PROGRESS_CHANGED)
        assert [entry.progress for entry in changed] == [Progress.ACCEPTED, Progress.COMPLETED]
        assert await ledger.attempts(referral) == ["accepted"]


async def test_what_no_notification_told_is_found_by_asking(pair: Pair) -> None:
    """It is lost; within the hour the partner is asked all the same."""
    referral = await pair.created()
    pair.lose()
    pair.answer(referral, "accepted")
    await pair.beat.ask()
    assert await pair.beat.status(referral) is Progress.REQUESTED
    pair.ledger.later(minutes=61)
    await pair.beat.ask()
    assert await pair.beat.status(referral) is Progress.ACCEPTED


async def test_it_is_renewed_once_a_day_and_made_anew_when_it_is_gone(pair: Pair) -> None:
    """The same one is put again, also where its server gave it up; a server that lost it gets another."""
    await pair.created()
    [made] = pair.subscriptions
    assert made["channel"]["endpoint"] == pair.open.base + PATH
    pair.lose()
    pair.ledger.later(days=1, minutes=1)
    await pair.beat.ask()
    await pair.active()
    [again] = pair.subscriptions
    assert (again["id"], again["end"] > made["end"]) == (made["id"], True)
    pair.partner.resources = Resources()
    pair.ledger.later(days=1, minutes=1)
    await pair.beat.ask()
    assert len(pair.subscriptions) == 1
    assert (await pair.beat.round()).unsubscribed is None


async def test_what_bears_the_id_of_ours_at_another_server_is_let_be(pair: Pair) -> None:
    """The partner moved to a server that had given that id to somebody else's: theirs stays, and a new one is made."""
    await pair.created()
    [made] = pair.subscriptions
    theirs = {**made, "reason": "Lab results", "channel": {"type": "rest-hook", "endpoint": "https://lab.example/"}}
    pair.partner.resources = Resources()
    pair.partner.resources.put(Held.of(theirs))
    pair.ledger.later(days=1, minutes=1)
    await pair.beat.ask()
    assert theirs in pair.subscriptions
    [ours] = [each for each in pair.subscriptions if each != theirs]
    assert (ours["channel"]["endpoint"], ours["id"] != made["id"]) == (pair.open.base + PATH, True)
    assert (await pair.beat.round()).subscription == ours["id"]


async def test_a_token_that_is_changed_reaches_its_server_with_the_next_question(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then it shows the old one, and is let in no more; a place that is empty for a moment changes nothing."""
    await pair.created()
    [made] = pair.subscriptions
    with monkeypatch.context() as emptied:
        emptied.setattr(SECRETS, "read", _missing)
        pair.ledger.later(minutes=61)
        await pair.beat.ask()
    assert (await pair.beat.round()).unsubscribed is None
    monkeypatch.setattr(SECRETS, "read", lambda _: "another-token-of-the-same-partner")
    pair.ledger.later(minutes=61)
    await pair.beat.ask()
    [again] = pair.subscriptions
    assert again["id"] == made["id"]
    assert again["channel"]["header"] == ["Authorization: Bearer another-token-of-the-same-partner"]


def _missing(_: str) -> str:
    raise Refused("the secret env:TOKEN is missing or empty")


async def test_a_server_that_says_it_is_over_is_asked_for_another(pair: Pair) -> None:
    """A status of error or off in a notification has it renewed at once."""
    await pair.created()
    pair.lose()
    over = bundle(kind="heartbeat")
    over["entry"][0]["resource"]["parameter"].append({"name": "status", "valueCode": "error"})
    assert (await pair.open.visitor().ask("POST", PATH, over))[0] == 200
    await pair.beat.ask()
    await pair.active()


async def test_a_server_that_says_so_of_each_one_is_asked_for_no_more_than_two_in_ten_minutes(pair: Pair) -> None:
    """However often it says so: it would be asked for another at each word of it, for ever."""
    await pair.created()
    over = bundle(kind="heartbeat")
    over["entry"][0]["resource"]["parameter"].append({"name": "status", "valueCode": "error"})
    made = []
    for minutes in (0, 1, 1, 3, 6, 1):
        pair.ledger.later(minutes=minutes)
        before = _written(pair)
        for _ in range(3):
            assert (await pair.open.visitor().ask("POST", PATH, over))[0] == 200
            await pair.beat.ask()
        made.append(_written(pair) - before)
    assert made == [1, 0, 0, 0, 1, 0]


def _written(pair: Pair) -> int:
    """How often its server was asked to notify us."""
    return sum(each.method == "PUT" for each in pair.partner.receipts.requests)


async def test_a_notification_is_not_believed(pair: Pair) -> None:
    """It says completed; the Task there says accepted, and that is taken."""
    referral = await pair.created()
    pair.lose()
    pair.answer(referral, "accepted")
    known = await pair.beat.task(referral)
    told = bundle(f"Task/{known}")
    told["entry"].append({"resource": task(referral, "completed") | {"id": known}})
    assert (await pair.open.visitor().ask("POST", PATH, told))[0] == 200
    assert await pair.beat.status(referral) is Progress.REQUESTED
    await pair.beat.ask()
    assert await pair.beat.status(referral) is Progress.ACCEPTED


async def test_an_unknown_id_costs_nothing_and_is_refused(pair: Pair) -> None:
    """Nothing is asked, written or told: of another Task, another server's, another type, no id at all."""
    referral = await pair.created()
    known = await pair.beat.task(referral)
    before, facts, ours = len(pair.partner.receipts.requests), await pair.ledger.entries(), pair.open.visitor()
    for focus in ("Task/anders", f"https://other.example/Task/{known}", f"Patient/{known}", "Task/", "Task/../x"):
        status, answer, _ = await ours.ask("POST", PATH, bundle(focus))
        assert (status, answer["resourceType"]) == (404, "OperationOutcome")
    await pair.beat.ask()
    assert len(pair.partner.receipts.requests) == before
    assert await pair.ledger.entries() == facts
    for wrong in (
        b"{",
        {"resourceType": "Task"},
        bundle(kind="query-status"),
        {"resourceType": "Bundle", "entry": [1]},
    ):
        assert (await ours.ask("POST", PATH, wrong))[0] == 400
    assert (await pair.open.visitor(None).ask("POST", PATH, bundle(f"Task/{known}")))[0] == 401
    assert (await pair.open.other.ask("POST", PATH, bundle(f"Task/{known}")))[0] == 404
    assert (await ours.ask("POST", PATH, bundle(kind="heartbeat")))[0] == 200
    assert (await ours.ask("POST", PATH, bundle("Task/anders", f"{pair.url}/Task/{known}/_history/1")))[0] == 200


async def test_what_changes_while_it_is_read_is_read_again(pair: Pair) -> None:
    """The second notification comes before the first was done with."""
    referral = await pair.created()
    known, now = str(await pair.beat.task(referral)), pair.ledger.now
    async with pair.ledger.database.begin() as connection:
        await polling_store.notice(connection, OURS, [known], now)
    async with pair.ledger.database.read() as connection:
        first = await polling_store.noticed(connection, OURS, 1)
    async with pair.ledger.database.begin() as connection:
        await polling_store.notice(connection, OURS, [known], now)
        await polling_store.seen(connection, first)
        assert await polling_store.noticed(connection, OURS, 1)


@pytest.mark.parametrize("status", [200, 403, 500])
async def test_a_task_that_is_not_shown_by_itself_holds_up_no_other(
    ledger: Ledger, server: Server, beat: Beat, status: int
) -> None:
    """The others that were notified of are read in the same turn; this one is found by asking about all of them."""
    referrals = sorted((samples.referral(str(number)) for number in range(3)), key=lambda each: each.id)
    await delivered(ledger, *referrals)
    server.tasks = [task(each, "requested") for each in referrals]
    later(beat)
    await beat.ask()
    server.tasks = [task(each, "accepted") for each in referrals]
    later(beat, 3)
    server.unshown = {server.tasks[0]["id"]: status}
    async with ledger.database.begin() as connection:
        await polling_store.notice(connection, PARTNER, [each["id"] for each in server.tasks], ledger.now)
    await beat.ask()
    assert [await beat.status(each) for each in referrals] == [Progress.REQUESTED, Progress.ACCEPTED, Progress.ACCEPTED]
    assert (await beat.round()).failures == 0
    later(beat, 3)  # six minutes since it was asked about: reading it was no asking
    await beat.ask()
    assert await beat.status(referrals[0]) is Progress.ACCEPTED


async def test_what_one_partner_was_notified_of_is_not_read_at_the_next(beat: Beat, server: Server) -> None:
    """It turned it down before we read: whoever has it now is asked about it by what identifies it, as at first."""
    referral = samples.referral()
    await delivered(beat.ledger, referral)
    server.tasks = [task(referral, "requested")]
    later(beat)
    await beat.ask()
    async with beat.ledger.database.begin() as connection:
        await polling_store.notice(connection, PARTNER, [server.tasks[0]["id"]], beat.ledger.now)
        await connection.execute(update(THREADS).values(partner="tweede", left=True, status="rejected"))
        line = (await store.named(connection, [referral.id]))[referral.id]
        await progress_store.begin(connection, [line], beat.directory)
        assert await polling_store.noticed(connection, PARTNER, 1) == []


async def asked(ledger: Ledger, url: str, times: int) -> Beat:
    """A partner that is to notify us, asked so often, as soon as a Subscription is tried again."""
    feedback = SubscriptionFeedback(type="subscription", topic=TOPIC)
    beat = Beat(ledger, url, feedback=feedback, access=ACCESS, reception="https://seinpaal.example/")
    await beat.begin()
    for _ in range(times):
        await beat.ask()
        ledger.now += AGAIN
    await beat.close()
    return beat


async def test_a_server_that_takes_no_subscription_is_asked_as_any_other(ledger: Ledger) -> None:
    """Operators see why there is none, it is tried again, and nothing is lost by it."""
    referral = samples.referral()
    await delivered(ledger, referral)
    tried = []

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/Subscription":
            tried.append(ledger.now)
            return web.Response(status=422)
        return web.json_response(orjson.loads(orjson.dumps(searchset([task(referral, "accepted")]))))

    async with serving(handle) as url:
        beat = await asked(ledger, str(url), 2)
    assert await beat.status(referral) is Progress.ACCEPTED
    assert ((await beat.round()).subscription, (await beat.round()).unsubscribed) == (None, "not-accepted")
    assert len(tried) == 2


async def test_a_server_that_grants_what_is_over_already_is_asked_all_the_same(ledger: Ledger) -> None:
    """Its clock is wrong, say: nobody does nothing but renew what never lasts."""
    referral, tried = samples.referral(), []
    await delivered(ledger, referral)

    async def handle(request: web.Request) -> web.Response:
        if request.path.startswith("/Subscription"):
            tried.append(ledger.now)
            return web.json_response({"resourceType": "Subscription", "id": "s-1", "end": OVER}, status=201)
        return web.json_response(searchset([task(referral, "accepted")]))

    async with serving(handle) as url:
        beat = await asked(ledger, str(url), 3)
    assert await beat.status(referral) is Progress.ACCEPTED
    assert len(tried) == 3

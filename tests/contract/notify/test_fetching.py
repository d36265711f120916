"""Partners that fetch: over real HTTP and on both databases, what they get, what the ledger and the trail then say."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Handling, ReferralChange
from services.notify import outbox
from services.notify.collector import Collector, Visit
from services.notify.fetch_tables import FETCH
from services.notify.letter import Letter
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.fetching import PERSON, fetched, task_of
from tests.contract.notify.reception import OTHER, OURS, Open
from tests.unit.notify import samples


async def test_what_is_fetched_is_shown_once_it_is_told(exchange: Exchange, door: Open) -> None:
    """The Bundle; one fact with request id and digest; delivered; the corporation hears that it was forwarded."""
    [referral] = await exchange.take(samples.referral())
    request = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
    path, headers = f"referrals/{referral.id}", {"X-Request-Id": request, "Accept": "application/fhir+json"}
    status, bundle, answered = await door.visitor().ask("GET", path, headers=headers)
    assert (status, bundle["type"]) == (200, "collection")
    assert answered["X-Request-Id"] == request
    assert answered["Content-Type"].startswith("application/fhir+json")
    [entry] = await fetched(exchange)
    assert (entry.referral, entry.partner, entry.request) == (referral.id, OURS, UUID(request))
    assert entry.digest == sha256(orjson.dumps(bundle)).hexdigest()
    line = await exchange.ledger.line(referral)
    assert line.state is DeliveryState.DELIVERED
    facts = [Fact.REFERRAL_QUEUED, Fact.CONTENT_FETCHED, Fact.DELIVERY_DELIVERED, Fact.OUTCOME_TOLD]
    assert await exchange.ledger.facts(referral) == facts
    assert await exchange.ledger.told() == ["forwarded"]


async def test_each_fetch_has_exactly_one_fact_of_its_own(exchange: Exchange, door: Open) -> None:
    """Three with the same request id are three; delivered is told once."""
    [referral] = await exchange.take(samples.referral())
    headers = {"X-Request-Id": "6f9619ff-8b86-4011-b42d-00c04fc964ff"}
    bodies = [await door.visitor().ask("GET", f"referrals/{referral.id}", headers=headers) for _ in range(3)]
    assert [body for _, body, _ in bodies] == [bodies[0][1]] * 3
    entries = await fetched(exchange)
    assert len({entry.id for entry in entries}) == len(entries) == 3
    assert [entry.count for entry in entries] == [1, 2, 3]
    assert (await exchange.ledger.facts(referral)).count(Fact.DELIVERY_DELIVERED) == 1


async def test_without_the_fact_nothing_is_shown(
    exchange: Exchange, door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trail that cannot be written: 503, no content, nothing changed; later it can be fetched."""
    [referral] = await exchange.take(samples.referral())

    async def away(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "put", away)
        status, body, _ = await door.visitor().ask("GET", f"referrals/{referral.id}")
    assert status == 503
    assert "Testpersoon" not in str(body)
    assert await fetched(exchange) == []
    async with exchange.ledger.database.read() as connection:
        assert (await connection.execute(select(FETCH))).all() == []
    assert (await exchange.ledger.line(referral)).state is DeliveryState.PENDING
    assert (await door.visitor().ask("GET", f"referrals/{referral.id}"))[0] == 200


async def test_the_fact_is_committed_before_the_answer_begins(exchange: Exchange) -> None:
    """Whoever has the content finds the fact in the ledger already."""
    [referral] = await exchange.take(samples.referral())
    order: list[str] = []
    collector = Collector(
        exchange.ledger.database, exchange.find, exchange.directory, exchange.clock, lambda: order.append("committed")
    )

    def pack(_: Letter) -> bytes:
        order.append("packed")
        return b"{}"

    await collector.collect(Visit(referral.id, OURS), pack)
    order.append("shown")
    assert order == ["packed", "committed", "shown"]
    assert len(await fetched(exchange)) == 1


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/fhir+json", "application/fhir+json"),
        ("*/*", "application/fhir+json"),
        ("application/json", "application/cloudevents+json"),
        ("application/cloudevents+json;q=0.9, application/fhir+json;q=0.1", "application/cloudevents+json"),
        ("text/html, application/fhir+json;q=0.5", "application/fhir+json"),
    ],
)
async def test_the_form_is_the_partners_choice(exchange: Exchange, door: Open, accept: str, form: str) -> None:
    """A FHIR Bundle, or the body of a webhook."""
    [referral] = await exchange.take(samples.referral())
    status, body, headers = await door.visitor().ask("GET", f"referrals/{referral.id}", headers={"Accept": accept})
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, form)
    assert ("resourceType" in body) == ("fhir" in form)


async def test_a_form_we_do_not_have_is_refused_before_anything_is_told(exchange: Exchange, door: Open) -> None:
    """406, and the referral waits on."""
    [referral] = await exchange.take(samples.referral())
    status, _, _ = await door.visitor().ask("GET", f"referrals/{referral.id}", headers={"Accept": "text/html"})
    assert status == 406
    assert await fetched(exchange) == []


async def test_only_its_own_referrals_and_only_on_its_own_way(exchange: Exchange, door: Open) -> None:
    """Somebody else's is not there, nor is one that does not exist, nor the other kind's route."""
    ours, theirs = await exchange.take(samples.referral("T-1"), samples.referral("T-2", partner=OTHER))
    unknown = samples.referral("T-3").id
    for path in (f"referrals/{theirs.id}", f"referrals/{unknown}", f"inbox/{ours.id}", "inbox"):
        assert (await door.visitor().ask("GET", path, headers=PERSON))[0] == 404
    for path in (f"inbox/{ours.id}", f"referrals/{theirs.id}", "referrals"):
        assert (await door.other.ask("GET", path, headers=PERSON))[0] == 404
    assert (await door.visitor("a-token-that-nobody-ever-had-000000").ask("GET", f"referrals/{ours.id}"))[0] == 401
    assert await fetched(exchange) == []


async def test_only_the_current_revision_is_shown(exchange: Exchange, door: Open) -> None:
    """The id of the first leads to the second; the first was never shown, and the corporation is not told otherwise."""
    first, second = await exchange.take(samples.referral(), samples.referral(revision=2))
    _, bundle, _ = await door.visitor().ask("GET", f"referrals/{first.id}")
    assert str(second.id) in {each["value"] for each in task_of(bundle)["identifier"]}
    lines = await exchange.ledger.lines()
    assert (lines[first.id].state, lines[first.id].reason) == (DeliveryState.CANCELLED, "superseded")
    assert lines[second.id].state is DeliveryState.DELIVERED
    [entry] = await fetched(exchange)
    assert (entry.referral, entry.revision) == (second.id, 2)
    assert await exchange.ledger.told() == ["forwarded"]


async def test_the_id_of_a_first_revision_that_went_elsewhere_leads_to_the_newest(
    exchange: Exchange, door: Open
) -> None:
    """A partner that heard of the second first knows all by that id, as its content says; another one finds nothing."""
    [second] = await exchange.take(samples.referral(revision=2))
    known_by = samples.referral().id
    assert (await door.visitor().ask("GET", f"referrals/{known_by}"))[0] == 404
    _, bundle, _ = await door.visitor().ask("GET", f"referrals/{second.id}")
    assert {str(known_by), str(second.id)} == {each["value"] for each in task_of(bundle)["identifier"]}
    [third] = await exchange.take(samples.referral(revision=3))
    for referral in (known_by, second.id):
        status, bundle, _ = await door.visitor().ask("GET", f"referrals/{referral}")
        assert (status, str(third.id) in str(bundle)) == (200, True)
    assert (await door.other.ask("GET", f"inbox/{known_by}", headers=PERSON))[0] == 404


async def test_a_withdrawn_one_says_so(exchange: Exchange, door: Open) -> None:
    """Fetched before: the withdrawal is delivered with the 410, once. Never fetched: nothing is left to tell."""
    known, unknown = await exchange.take(samples.referral("T-1"), samples.referral("T-2"))
    await door.visitor().ask("GET", f"referrals/{known.id}")
    withdrawals = await exchange.take(
        samples.referral("T-1", revision=2, change=ReferralChange.WITHDRAWAL),
        samples.referral("T-2", revision=2, change=ReferralChange.WITHDRAWAL),
    )
    for _ in range(2):
        for referral in (known, unknown):
            status, body, _ = await door.visitor().ask("GET", f"referrals/{referral.id}")
            assert (status, body["issue"][0]["code"]) == (410, "deleted")
    lines = await exchange.ledger.lines()
    states = [lines[each.id].state for each in withdrawals]
    assert states == [DeliveryState.DELIVERED, DeliveryState.CANCELLED]
    assert len(await fetched(exchange)) == 1
    assert (await exchange.ledger.facts(withdrawals[0])).count(Fact.DELIVERY_DELIVERED) == 1


async def test_what_a_person_must_decide_on_is_not_there_yet(exchange: Exchange, door: Open) -> None:
    """Held: 404; released: shown."""
    [referral] = await exchange.take(samples.referral(handling=Handling.HOLD))
    assert (await door.visitor().ask("GET", f"referrals/{referral.id}"))[0] == 404
    await exchange.ledger.command(Action.RELEASE, referral)
    assert (await door.visitor().ask("GET", f"referrals/{referral.id}"))[0] == 200


async def test_an_erased_case_has_nothing_to_show(exchange: Exchange, door: Open) -> None:
    """410, and nothing on the trail: nothing was shown."""
    [referral] = await exchange.take(samples.referral())
    exchange.erase()
    status, body, _ = await door.visitor().ask("GET", f"referrals/{referral.id}")
    assert (status, "erased" in str(body)) == (410, True)
    assert await fetched(exchange) == []


async def test_a_keyring_that_never_had_the_key_has_it_wait(exchange: Exchange, door: Open) -> None:
    """503 and not 410: it may be another keyring than ingest's, and the log names the setting."""
    [referral] = await exchange.take(samples.referral())
    exchange.keys.clear()
    with capture_logs() as lines:
        assert (await door.visitor().ask("GET", f"referrals/{referral.id}"))[0] == 503
    assert ["KEYRING_DATABASE_URL" in line["why"] for line in lines if line["event"] == "reception.not_now"] == [True]
    assert await fetched(exchange) == []


async def test_without_the_keyring_it_is_not_now(exchange: Exchange, door: Open) -> None:
    """503: try again."""
    [referral] = await exchange.take(samples.referral())
    exchange.away = True
    assert (await door.visitor().ask("GET", f"referrals/{referral.id}"))[0] == 503


async def test_a_withdrawn_one_says_so_without_the_keyring(exchange: Exchange, door: Open) -> None:
    """No key is needed for it: who comes is not told 503 of what nobody says any more."""
    [referral] = await exchange.take(samples.referral())
    await door.visitor().ask("GET", f"referrals/{referral.id}")
    [withdrawal] = await exchange.take(samples.referral(revision=2, change=ReferralChange.WITHDRAWAL))
    exchange.away = True
    assert (await door.visitor().ask("GET", f"referrals/{referral.id}"))[0] == 410
    assert (await exchange.ledger.line(withdrawal)).state is DeliveryState.DELIVERED


async def test_what_we_cannot_show_is_a_fault_of_ours(exchange: Exchange, door: Open) -> None:
    """A broken seal: 500 without content, and a line in the log that says which and why."""
    [referral] = await exchange.take(samples.referral())
    exchange.keys[referral.signal] = type(exchange.keys[referral.signal])("k0", bytes([1] * 32))
    with capture_logs() as lines:
        status, body, _ = await door.visitor().ask("GET", f"referrals/{referral.id}")
    assert (status, "Testpersoon" in str(body)) == (500, False)
    assert [line["reason"] for line in lines if line["event"] == "notify.not_shown"] == ["seal-broken"]
    assert await fetched(exchange) == []


async def test_the_list_tells_what_waits_and_no_content(exchange: Exchange, door: Open) -> None:
    """By id, revision and dates; what was fetched stands in it when all is asked for."""
    waiting, had = await exchange.take(samples.referral("T-1"), samples.referral("T-2"))
    await door.visitor().ask("GET", f"referrals/{had.id}")
    _, listed, _ = await door.visitor().ask("GET", "referrals")
    [item] = listed["referrals"]
    assert item.keys() == {"referral", "revision", "waits", "since", "deadline", "fetched"}
    assert (item["referral"], item["waits"], item["fetched"]) == (str(waiting.id), True, 0)
    _, everything, _ = await door.visitor().ask("GET", "referrals?all=true")
    assert [(each["referral"], each["fetched"]) for each in everything["referrals"]] == [
        (str(waiting.id), 0),
        (str(had.id), 1),
    ]

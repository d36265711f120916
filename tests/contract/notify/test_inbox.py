"""What is offered and not fetched yet: an inbox without a server, what is late, and who is quicker than we are."""

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from services.notify.collector import Visit
from services.notify.newest_entry import Newer
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.fetching import PERSON, fetched, reception_of, task_of
from tests.contract.notify.reception import OTHER, OURS, Open
from tests.unit.notify import samples


async def test_a_person_opens_what_lies_in_the_inbox(exchange: Exchange, door: Open) -> None:
    """Offered by the worker, opened under a pseudonym that the trail tells; delivered then, not before."""
    [referral] = await exchange.take(samples.referral(partner=OTHER))
    await exchange.work()
    offered = await exchange.ledger.line(referral)
    assert (offered.state, offered.reason, offered.attempts) == (DeliveryState.PENDING, "offered", 1)
    status, body, _ = await door.other.ask("GET", f"inbox/{referral.id}", headers=PERSON)
    assert (status, task_of(body)["status"]) == (200, "requested")
    [entry] = await fetched(exchange)
    assert (entry.actor, entry.partner) == ("worker-3", OTHER)
    assert (await exchange.ledger.line(referral)).state is DeliveryState.DELIVERED


@pytest.mark.parametrize(
    "person", [None, "", "Jan Jansen, tel. 06", "Fatima.El-Amrani", "jan.jansen", "Janneke", "jan", "a-1" * 40]
)
async def test_nobody_opens_the_inbox_without_a_pseudonym(exchange: Exchange, door: Open, person: str | None) -> None:
    """What may be a name is none: nothing is shown or written, and the answer says what to write, not what came."""
    [referral] = await exchange.take(samples.referral(partner=OTHER))
    given = {} if person is None else {"Seinpaal-Person": person}
    status, body, _ = await door.other.ask("GET", f"inbox/{referral.id}", headers=given)
    [issue] = body["issue"]
    assert (status, issue["expression"]) == (400, ["header.Seinpaal-Person"])
    assert "such as worker-3" in issue["diagnostics"]
    assert not person or person not in str(body)
    assert await fetched(exchange) == []


async def test_who_is_quicker_than_our_own_note_loses_nothing(exchange: Exchange) -> None:
    """The partner fetches while we still hold the lease: delivered once, and the attempt is told all the same."""
    [referral] = await exchange.take(samples.referral())
    [claim] = await exchange.ledger.claim(OURS)
    await exchange.collector.collect(Visit(referral.id, OURS), lambda _: b"{}")
    conclusion = exchange.ledger.failed(claim)
    assert [await exchange.ledger.conclude(conclusion) for _ in range(2)] == [1, 0]
    line = await exchange.ledger.line(referral)
    assert (line.state, line.attempts, line.in_flight, line.due_at) == (DeliveryState.DELIVERED, 1, False, None)
    facts = await exchange.ledger.facts(referral)
    assert (facts.count(Fact.DELIVERY_DELIVERED), facts.count(Fact.DELIVERY_ATTEMPTED)) == (1, 1)


async def test_a_notified_referral_that_nobody_fetches_becomes_visible(exchange: Exchange) -> None:
    """Overdue at its deadline; before a person after five days; still there for who comes then."""
    [referral] = await exchange.take(samples.referral(partner=OTHER))
    await exchange.work()
    exchange.ledger.later(days=1, seconds=1)
    await exchange.ledger.watchdog.step()
    await exchange.work()
    assert Fact.REFERRAL_OVERDUE in await exchange.ledger.facts(referral)
    for _ in range(5):
        exchange.ledger.later(days=1)
        await exchange.work()
    line = await exchange.ledger.line(referral)
    assert (line.state, line.reason) == (DeliveryState.PARKED, "not-fetched")
    await exchange.collector.collect(Visit(referral.id, OTHER, actor="worker-3"), lambda _: b"{}")
    assert (await exchange.ledger.line(referral)).state is DeliveryState.DELIVERED


@pytest.mark.parametrize(("partner", "way"), [(OURS, "referrals"), (OTHER, "inbox")])
async def test_nothing_is_shown_by_an_entry_that_another_instance_has_a_newer_one_of(
    exchange: Exchange, partner: str, way: str
) -> None:
    """Its token may be what was changed: no list, no content, and no word that there is nothing; then as before."""
    [referral] = await exchange.take(samples.referral(partner=partner))
    newer = Newer()
    async with reception_of(exchange, newer) as door:
        who = door.visitor() if partner == OURS else door.other
        newer.left = frozenset({partner})
        for path in (way, f"{way}/{referral.id}"):
            status, body, headers = await who.ask("GET", path, headers=PERSON)
            assert (status, body["issue"][0]["code"], headers["Retry-After"]) == (503, "transient", "5")
        assert await fetched(exchange) == []
        newer.left = frozenset({"nobody-here"})
        assert (await who.ask("GET", f"{way}/{referral.id}", headers=PERSON))[0] == 200

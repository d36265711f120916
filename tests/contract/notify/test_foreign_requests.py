"""Who holds one partner's token and asks for another's referral: a 404 like any, and a fact; on both databases."""

from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.record import Output
from services.notify import foreign_requests, outbox
from services.notify.collector import Visit
from services.runtime.errors import TryLater
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.fetching import PERSON, fetched
from tests.contract.notify.reception import OTHER, OURS, Open
from tests.unit.notify import samples


async def refused(exchange: Exchange) -> list[AuditEntry]:
    """Every fact of it, once all that was noted is written."""
    while await exchange.foreign_requests.step() == 0.0:
        pass
    return [entry for entry in await exchange.ledger.entries() if entry.fact is Fact.CONTENT_REFUSED]


async def test_who_asks_for_anothers_referral_is_told_of_once_an_hour(exchange: Exchange, door: Open) -> None:
    """With the referral, who asked and nothing of whom it is about; a hundred requests are one fact."""
    [theirs] = await exchange.take(samples.referral(partner=OTHER))
    for hours in (0, 1):
        exchange.ledger.later(hours=hours)
        for _ in range(3):
            assert (await door.visitor().ask("GET", f"referrals/{theirs.id}"))[0] == 404
    first, second = await refused(exchange)
    assert (first.referral, first.partner, first.reason, first.actor) == (theirs.id, OURS, "foreign", None)
    assert first.signal == theirs.signal
    assert first.id != second.id
    assert await fetched(exchange) == []


async def test_on_the_other_ways_route_it_is_told_too(exchange: Exchange, door: Open) -> None:
    """A partner with an inbox tries to fetch, one that fetches tries an inbox; its person is named by a pseudonym."""
    ours, theirs = await exchange.take(samples.referral("T-1"), samples.referral("T-2", partner=OTHER))
    assert (await door.other.ask("GET", f"referrals/{ours.id}"))[0] == 404
    assert (await door.other.ask("GET", f"inbox/{ours.id}", headers=PERSON))[0] == 404
    assert (await door.visitor().ask("GET", f"inbox/{theirs.id}", headers=PERSON))[0] == 404
    told = await refused(exchange)
    assert [(entry.referral, entry.partner) for entry in told] == [(ours.id, OTHER), (theirs.id, OURS)]
    assert told[1].actor == PERSON["Seinpaal-Person"]


async def test_the_asker_sees_what_one_of_an_unknown_id_sees(
    exchange: Exchange, door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer, header for header, and nothing is written before it: a later answer would tell, too."""
    [theirs] = await exchange.take(samples.referral(partner=OTHER))
    written = 0
    put = outbox.put

    async def counted(connection: AsyncConnection, outputs: Sequence[Output]) -> None:
        nonlocal written
        written += 1
        await put(connection, outputs)

    monkeypatch.setattr(outbox, "put", counted)
    answers = [
        await door.visitor().ask("GET", f"referrals/{referral}") for referral in (theirs.id, samples.referral("T-9").id)
    ]
    known, unknown = [(status, body, {**headers, "Date": ""}) for status, body, headers in answers]
    assert known == unknown
    assert written == 0
    assert len(await refused(exchange)) == 1


async def test_its_own_and_unknown_ids_are_no_prying(exchange: Exchange, door: Open) -> None:
    """What it may see, what is not there, and its own on the wrong route."""
    [ours] = await exchange.take(samples.referral())
    unknown = samples.referral("T-9").id
    for path in (f"referrals/{ours.id}", f"referrals/{unknown}", f"inbox/{ours.id}", f"inbox/{unknown}"):
        await door.visitor().ask("GET", path, headers=PERSON)
    assert await refused(exchange) == []


async def test_a_flood_of_ids_fills_no_log(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many in an hour of one partner; another one is still told of."""
    monkeypatch.setattr(foreign_requests, "MOST", 2)
    many = await exchange.take(*(samples.referral(f"T-{number}", partner=OTHER) for number in range(4)))
    [ours] = await exchange.take(samples.referral("T-9"))
    for each in many:
        await exchange.collector.own(Visit(each.id, OURS))
    await exchange.collector.own(Visit(ours.id, OTHER))
    assert [entry.partner for entry in await refused(exchange)] == [OURS, OURS, OTHER]


async def test_two_instances_tell_the_same_fact(exchange: Exchange) -> None:
    """Its id follows from hour, partner and referral, so the log keeps one."""
    [theirs] = await exchange.take(samples.referral(partner=OTHER))
    again = foreign_requests.ForeignRequests(exchange.ledger.footing())
    line = await exchange.ledger.line(theirs)
    for each in (exchange.foreign_requests, again):
        each.note(line, OURS, None)
        await each.drain()
    told = await refused(exchange)
    hour = int(exchange.ledger.now.timestamp()) // 3600
    assert {entry.id for entry in told} == {ids.entry_id(ids.derived(theirs.id, OURS, hour), Fact.CONTENT_REFUSED)}


async def test_what_could_not_be_written_is_written_later(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger was away: the fact waits for it."""
    [theirs] = await exchange.take(samples.referral(partner=OTHER))
    await exchange.collector.own(Visit(theirs.id, OURS))

    async def away(*_: object) -> None:
        raise TryLater("database: not now")

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "put", away)
        with pytest.raises(TryLater):
            await exchange.foreign_requests.step()
        await exchange.foreign_requests.drain()
    assert len(await refused(exchange)) == 1

"""Whoever is asked about waits for its turn, and for no more: on both databases."""

from datetime import timedelta
from uuid import UUID

from aiohttp import web

from services.notify import polling_store
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.polling import Beat, delivered, searchset, task
from tests.contract.notify.web import serving
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

GAP = timedelta(minutes=5)


async def changed(ledger: Ledger) -> None:
    """The partner says that something changed, and not what."""
    async with ledger.database.begin() as connection:
        await polling_store.ask_all(connection, PARTNER, ledger.now)


async def turn(ledger: Ledger) -> UUID | None:
    """What is asked about in one turn of one question; None when nothing is due."""
    ledger.later(seconds=1)
    async with ledger.database.begin() as connection:
        some = await polling_store.due(connection, PARTNER, ledger.now, gap=GAP, unknown=GAP, most=1)
        await polling_store.asked(connection, PARTNER, {each.thread.thread: "1" for each in some}, ledger.now)
    return some[0].thread.thread if some else None


async def test_a_partner_that_notifies_faster_than_it_can_be_asked_keeps_nobody_waiting(ledger: Ledger) -> None:
    """Each time all are to be asked about again; every one is, before anyone is a second time."""
    referrals = [samples.referral(f"T-{number}") for number in range(7)]
    await delivered(ledger, *referrals)
    for _ in range(3):
        asked = []
        for _ in referrals:
            await changed(ledger)
            asked.append(await turn(ledger))
        assert len(set(asked)) == len(referrals)


async def test_what_changed_after_it_was_asked_about_is_asked_about_again(ledger: Ledger) -> None:
    """Though others still waited when the partner said so; once, and then nobody until its time."""
    referrals = [samples.referral(f"T-{number}") for number in range(3)]
    await delivered(ledger, *referrals)
    first = await turn(ledger)
    await changed(ledger)
    assert [await turn(ledger) for _ in referrals][-1] == first
    assert await turn(ledger) is None
    await changed(ledger)
    assert len({await turn(ledger) for _ in referrals}) == len(referrals)
    assert await turn(ledger) is None


async def test_what_changes_while_it_is_asked_about_is_asked_about_again(ledger: Ledger) -> None:
    """The partner's server answered, its people went on and it said so, all before its answer was written."""
    referral = samples.referral()
    stands = ["received", "accepted"]

    async def handle(request: web.Request) -> web.Response:
        del request
        answer = web.json_response(searchset([task(referral, stands[0])]))
        if len(stands) > 1:
            stands.pop(0)
            ledger.later(seconds=1)
            await changed(ledger)
        return answer

    async with serving(handle) as url:
        beat = await Beat(ledger, str(url)).begin()
        await delivered(ledger, referral)
        for _ in range(2):
            ledger.later(seconds=1)
            await beat.ask()
        await beat.close()
    assert await beat.status(referral) == "accepted"

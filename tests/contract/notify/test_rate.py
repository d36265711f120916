"""Every request to a partner with a rate counts: of an attempt, of a question, of a Subscription."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from aiohttp import web

from schemas.partner import Partner
from schemas.referral import ReferralChange
from services.notify import asking_store, reach_store
from services.notify.requests import most_requests
from services.sandbox.partners.fhir import FhirPartner
from tests.contract.notify.asking import Beat, delivered, searchset, task
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.partnership import Partnership
from tests.contract.notify.web import serving
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

RATE = 0.1
EACH = timedelta(seconds=10)


async def after(ledger: Ledger) -> timedelta:
    """How long nothing more may go to the partner."""
    async with ledger.database.read() as connection:
        next_at = (await reach_store.read(connection))[PARTNER].next_at
    assert next_at is not None
    return next_at - ledger.now


@pytest.mark.parametrize("lost", [False, True], ids=["well", "answer-lost"])
async def test_whatever_an_attempt_asks_of_a_partner_waits_for_its_turn(ledger: Ledger, *, lost: bool) -> None:
    """A later revision is told, its Patient looked up and written; after a lost answer it is asked for before."""
    partner = FhirPartner("test", clock=lambda: ledger.now)
    partnership = Partnership(ledger, samples.partner(url=await partner.start(), rate=RATE))
    try:
        for revision, change in ((1, ReferralChange.NEW), (2, ReferralChange.UPDATE), (3, ReferralChange.WITHDRAWAL)):
            partner.misbehaviour.play(["lost-after"] if lost else [])
            referral = samples.referral(revision=revision, change=change)
            await partnership.take(referral)
            while (line := await ledger.line(referral)).due_at is not None:
                ledger.now = max(ledger.now, line.due_at)
                before = len(partner.receipts.requests)
                await partnership.attempt()
                made = len(partner.receipts.requests) - before
                assert made * EACH <= max(await after(ledger), timedelta(0))
                ledger.now += await after(ledger)
            partner.misbehaviour.play([])
    finally:
        await partnership.close()
        await partner.stop()


@pytest.mark.parametrize(
    ("partner", "most"),
    [
        (samples.partner(), [2, 3, 3, 4]),
        (samples.partner(secret="env:SECRET"), [1, 1, 1, 1]),  # noqa: S106  a reference
    ],
    ids=["fhir", "webhook"],
)
async def test_who_cannot_be_asked_is_charged_for_what_is_sent(
    partner: Partner, most: list[int], ledger: Ledger
) -> None:
    """Of a first and of a later revision, and of each after a lost answer: a webhook gets one request every time."""
    await ledger.take(samples.referral())
    line = await ledger.line(samples.referral())
    lines = [replace(line, revision=revision, uncertain=lost) for revision in (1, 2) for lost in (False, True)]
    assert [most_requests(partner.channel, each) for each in lines] == most


async def test_one_task_is_read_a_turn(ledger: Ledger) -> None:
    """Fifteen that changed are fifteen turns; what is to be delivered meanwhile waits for one of them at most."""
    referrals = [samples.referral(f"T-{number}") for number in range(15)]
    by_id = {f"t-{str(each.id)[:8]}": each for each in referrals}
    turns = []

    async def handle(request: web.Request) -> web.Response:
        turns.append(ledger.now)
        if request.path == "/Task":
            return web.json_response(searchset([task(each, "requested") for each in referrals]))
        return web.json_response(task(by_id[request.path.rpartition("/")[2]], "accepted"))

    async with serving(handle) as url:
        beat = await Beat(ledger, str(url), rate=RATE).begin()
        await delivered(ledger, *referrals)
        await beat.ask()
        async with ledger.database.begin() as connection:
            await asking_store.notice(connection, PARTNER, list(by_id), ledger.now)
        for _ in by_id:
            ledger.now += EACH
            await beat.ask()
        assert [await beat.status(each) for each in referrals] == ["accepted"] * 15
        await beat.close()
    assert all(later - sooner >= EACH for sooner, later in pairwise(turns))

"""Every request to a partner with a rate counts: of an attempt, of a question, of a Subscription."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from aiohttp import web
from yarl import URL

from schemas.partner import Partner
from schemas.referral import ReferralChange
from services.notify import asking_store, reach_store
from services.notify.channels import fhir
from services.notify.http import PartnerHttp
from services.notify.pacing import Paced, Tempo
from services.notify.reply import Reply
from services.notify.requests import most_requests, pause
from services.sandbox.partners.fhir import FhirPartner
from tests.contract.notify.asking import Beat, delivered, searchset, task
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.partnership import Partnership
from tests.contract.notify.web import serving
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

RATE = 0.1
EACH = timedelta(seconds=10)
QUICK = 20.0
APART = timedelta(seconds=1 / QUICK)
ROUNDED = 1 - 1e-9


async def after(ledger: Ledger) -> timedelta:
    """How long nothing more may go to the partner."""
    async with ledger.database.read() as connection:
        next_at = (await reach_store.read(connection))[PARTNER].next_at
    assert next_at is not None
    return next_at - ledger.now


@pytest.mark.parametrize("lost", [False, True], ids=["well", "answer-lost"])
async def test_whatever_an_attempt_asks_of_a_partner_waits_for_its_turn(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, *, lost: bool
) -> None:
    """A later revision is told, its Patient looked up and written; after a lost answer it is asked for before.

    They lie apart as its rate says, and whoever is next comes after all of them.
    """
    begun = spied(monkeypatch)
    partner = FhirPartner("test", clock=lambda: ledger.now)
    partnership = Partnership(ledger, samples.partner(url=await partner.start(), rate=QUICK))
    try:
        for revision, change in ((1, ReferralChange.NEW), (2, ReferralChange.UPDATE), (3, ReferralChange.WITHDRAWAL)):
            partner.misbehaviour.play(["lost-after"] if lost else [])
            referral = samples.referral(revision=revision, change=change)
            await partnership.take(referral)
            while (line := await ledger.line(referral)).due_at is not None:
                ledger.now = max(ledger.now, line.due_at)
                before = len(partner.receipts.requests)
                begun.clear()
                await partnership.attempt()
                made = len(partner.receipts.requests) - before
                assert len(begun) == made
                assert all(later - sooner > APART.total_seconds() * ROUNDED for sooner, later in pairwise(begun))
                assert made * APART <= max(await after(ledger), timedelta(0))
                ledger.now += await after(ledger)
            partner.misbehaviour.play([])
    finally:
        await partnership.close()
        await partner.stop()


def spied(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When requests to partners begin, by a clock that goes on while an attempt waits for its turn, and only then."""
    begun: list[float] = []
    seconds = [0.0]
    exchange = PartnerHttp.exchange

    async def wait(some: float) -> None:
        seconds[0] += some

    async def seen(
        http: PartnerHttp, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        begun.append(seconds[0])
        return await exchange(http, method, url, headers, body)

    monkeypatch.setattr(PartnerHttp, "exchange", seen)
    monkeypatch.setattr(fhir, "paced", partial(Paced, tempo=Tempo(lambda: seconds[0], wait)))
    return begun


@pytest.mark.parametrize(
    ("rate", "requests", "seconds"), [(None, 4, 0.0), (10.0, 1, 0.0), (10.0, 4, 0.1), (0.5, 2, 2.0), (0.001, 4, 10.0)]
)
def test_pauses_take_no_more_than_half_of_an_attempt(rate: float | None, requests: int, seconds: float) -> None:
    """Of sixty seconds; without a rate, or with one request, there are none."""
    assert pause(rate, requests, timedelta(seconds=60)) == seconds


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

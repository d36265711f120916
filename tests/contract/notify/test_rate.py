"""Every request to a partner with a rate counts: of an attempt, of a question, of a Subscription."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from schemas.partner import Partner
from schemas.referral import ReferralChange
from services.notify import polling_store, reach_store
from services.notify.channels import fhir
from services.notify.deliver import LEASE_OVER
from services.notify.directory import Directory
from services.notify.http import PartnerHttp
from services.notify.pacing import Paced, Tempo
from services.notify.reply import Reply
from services.notify.requests import most_requests, needed, pause, unhurried
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings
from services.sandbox.partners.fhir import FhirPartner
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.partnership import Partnership
from tests.contract.notify.polling import Beat, delivered, searchset, task
from tests.contract.notify.scripted import Desk
from tests.contract.notify.web import serving
from tests.integration.notify.house import House
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
    ("rate", "requests", "seconds", "needs"),
    [(None, 4, 0.0, 0), (10.0, 1, 0.0, 0), (0.5, 2, 2.0, 4), (1 / 64, 4, 64.0, 384)],
)
def test_pauses_are_as_the_rate_says_and_half_of_what_an_attempt_needs(
    rate: float | None, requests: int, seconds: float, needs: int
) -> None:
    """However slow; without a rate, or with one request, there are none."""
    assert pause(rate, requests) == seconds
    assert needed(rate, requests) == timedelta(seconds=needs)


@pytest.mark.parametrize(("rate", "lease", "fits"), [(1 / 60, 60, False), (1 / 60, 368, True), (0.12, 60, True)])
def test_a_rate_that_leaves_no_attempt_its_time_is_refused_with_what_to_set(
    rate: float, lease: int, *, fits: bool
) -> None:
    """One request a minute to a FHIR server needs a lease of six minutes; a webhook makes one request, and any fits."""
    patience, margin = timedelta(seconds=lease - 5), timedelta(seconds=5)
    unhurried([samples.partner(rate=rate, secret="env:SECRET")], patience, margin)  # noqa: S106  a reference
    if fits:
        unhurried([samples.partner(rate=rate)], patience, margin)
        return
    with pytest.raises(Refused, match=f"{PARTNER}.*NOTIFY_LEASE_SECONDS to 368 or more.*rate of 0.116 or more"):
        unhurried([samples.partner(rate=rate)], patience, margin)


def test_notify_does_not_start_with_such_a_rate(tmp_path: Path) -> None:
    """It says so before it opens anything, and starts with the lease that it named."""
    house = House(tmp_path, KafkaSettings(), f"sqlite:///{tmp_path}/notify.db")
    house.configure([samples.partner(rate=1 / 60)])
    with pytest.raises(Refused, match="NOTIFY_LEASE_SECONDS to 368"):
        house.service()
    house.service(lease_seconds=368)


async def test_an_attempt_whose_lease_leaves_no_time_for_its_pauses_is_not_begun(ledger: Ledger) -> None:
    """Its requests would lie closer than the rate says: it gives its place back, and is tried at its next turn."""
    desk = Desk(ledger, Directory([samples.partner(rate=0.0001)], [samples.corporation()]))
    [referral] = await desk.take(samples.referral())
    await desk.work(3)
    line = await ledger.line(referral)
    assert (line.attempts, line.reason, desk.channels[PARTNER].sent) == (0, LEASE_OVER, [])


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
            await polling_store.notice(connection, PARTNER, list(by_id), ledger.now)
        for _ in by_id:
            ledger.now += EACH
            await beat.ask()
        assert [await beat.status(each) for each in referrals] == ["accepted"] * 15
        await beat.close()
    assert all(later - sooner >= EACH for sooner, later in pairwise(turns))

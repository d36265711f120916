"""From `referrals.v1` to a partner's system of record, over a real broker and a real database."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest

from schemas import cloudevents
from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.parked import Parked
from schemas.record import Output
from schemas.referral import Handling, Referral, ReferralChange
from schemas.topics import COMMANDS, PARKED, REFERRALS
from services.notify import service
from services.notify.bulk_commands import Order, carry_out
from services.notify.selection import Selection
from services.runtime.kafka import scan
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.fhir_search import search_of
from services.sandbox.partners.misbehaviour import Conduct, Failure
from services.sandbox.partners.receipts import Receipt
from services.sandbox.partners.webhook import WebhookPartner
from tests.integration.notify.house import House, running
from tests.unit.notify import samples
from tests.unit.notify.samples import AT
from tests.waiting import until

SECRET = "whsec_" + b64encode(b"synthetisch geheim, 32 bytes ...").decode()
STORY = [Fact.REFERRAL_QUEUED, Fact.DELIVERY_ATTEMPTED, Fact.DELIVERY_DELIVERED, Fact.OUTCOME_TOLD]


@dataclass(frozen=True, slots=True)
class Scripted:
    """The n-th request goes so; every later one goes well."""

    conducts: tuple[Conduct, ...]

    def conduct(self, n: int) -> Conduct:
        """As written."""
        return self.conducts[n] if n < len(self.conducts) else Conduct()


@asynccontextmanager
async def fhir(name: str = "vt") -> AsyncIterator[tuple[FhirPartner, str]]:
    """A FHIR partner and its address."""
    partner = FhirPartner(name)
    try:
        yield partner, await partner.start()
    finally:
        await partner.stop()


def receipt(partner: FhirPartner, first: Referral) -> Receipt:
    """What the partner has of a referral, over all its revisions."""
    return partner.receipts.by_identifier[f"urn:seinpaal:referral|{first.id}"]


async def test_a_referral_reaches_its_partner_once(house: House) -> None:
    """It is delivered, created once in the partner's system, and its whole story is on audit.v1."""
    async with fhir() as (vt, url):
        house.configure([samples.partner(url=url)])
        async with running(house.service()):
            sent = house.referral()
            await house.submit([sent])
            await house.reached(DeliveryState.DELIVERED, [sent])
    assert receipt(vt, sent).created == 1
    assert [entry.fact for entry in await house.facts(sent)] == STORY


async def test_an_unreadable_record_too_large_to_be_kept_stops_nobody(house: House) -> None:
    """It is pointed at where it stands, and what comes after it in its partition is delivered."""
    async with fhir() as (_vt, url):
        house.configure([samples.partner(url=url)])
        async with running(house.service()):
            sent = house.referral()
            large = b"{" * 700_000 + house.corporation.encode()
            await house.send([Output(REFERRALS.name, str(sent.signal).encode(), large)])
            await house.submit([sent])
            await house.reached(DeliveryState.DELIVERED, [sent])
    sizes = [Parked.read(record.value or b"").left_behind async for record in scan(house.kafka, PARKED.name)]
    assert len(large) + len(str(sent.signal)) in sizes


async def test_a_hanging_partner_delays_nobody_else(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own places are full; the healthy partner gets all of its referrals meanwhile."""
    monkeypatch.setattr(service, "DRAIN_SECONDS", 0.5)
    async with fhir("hangs") as (hangs, its_url), fhir("works") as (works, url):
        hangs.misbehaviour.policy = Scripted((Conduct(wait=60.0),) * 1000)
        partners = [samples.partner("hangs", url=its_url, concurrency=4), samples.partner("works", url=url)]
        house.configure(partners)
        async with running(house.service()):
            stuck = [house.referral(f"h{n}", partner="hangs") for n in range(30)]
            fine = [house.referral(f"w{n}", partner="works") for n in range(30)]
            await house.submit([each for pair in zip(stuck, fine, strict=True) for each in pair])
            await house.reached(DeliveryState.DELIVERED, fine, seconds=15)
            lines = await house.lines()
            assert all(lines[each.id].state is DeliveryState.PENDING for each in stuck)
            assert sum(lines[each.id].in_flight for each in stuck) == 4
    assert all(receipt(works, each).created == 1 for each in fine)


async def test_what_was_under_way_when_we_stopped_is_taken_up_at_the_next_start(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before its lease ends; the partner is asked first, as it may have it."""
    monkeypatch.setattr(service, "DRAIN_SECONDS", 0.1)
    async with fhir() as (vt, url):
        vt.misbehaviour.policy = Scripted((Conduct(wait=60.0),))
        house.configure([samples.partner(url=url)])
        sent = house.referral()

        async def under_way() -> bool:
            return any(line.in_flight for line in (await house.lines()).values())

        async with running(house.service()):
            await house.submit([sent])
            await until(under_way, "it is being sent")
        async with running(house.service()):
            await house.reached(DeliveryState.DELIVERED, [sent], seconds=20)
    assert receipt(vt, sent).created == 1
    assert [seen.method for seen in vt.receipts.requests if seen.status == 200] == ["GET", "POST"]


async def test_a_busy_partner_is_tried_again_until_it_takes_it(house: House) -> None:
    """Two times 503, then success; every attempt is on record."""
    async with fhir() as (vt, url):
        vt.misbehaviour.policy = Scripted((Conduct(failure=Failure.BUSY_BEFORE),) * 2)
        house.configure([samples.partner(url=url)])
        async with running(house.service()):
            sent = house.referral()
            await house.submit([sent])
            await house.reached(DeliveryState.DELIVERED, [sent])
    attempts = [entry for entry in await house.facts(sent) if entry.fact is Fact.DELIVERY_ATTEMPTED]
    assert [(entry.attempt, entry.status) for entry in attempts] == [(1, 503), (2, 503), (3, 200)]
    assert len({entry.digest for entry in attempts}) == 1
    assert receipt(vt, sent).created == 1


@pytest.mark.parametrize("failure", [Failure.CLOSE_AFTER, Failure.ERROR_AFTER])
async def test_when_the_answer_is_lost_the_partner_is_asked_and_has_it_once(house: House, failure: Failure) -> None:
    """It had kept the first one: nothing is sent a second time."""
    async with fhir() as (vt, url):
        vt.misbehaviour.policy = Scripted((Conduct(failure=failure),))
        house.configure([samples.partner(url=url)])
        async with running(house.service()):
            sent = house.referral()
            await house.submit([sent])
            await house.reached(DeliveryState.DELIVERED, [sent])
    assert receipt(vt, sent) == Receipt(f"urn:seinpaal:referral|{sent.id}", created=1)
    asked = [(seen.method, seen.route) for seen in vt.receipts.requests]
    assert asked == [("POST", "/"), ("GET", "/{type}")]
    reasons = [entry.reason for entry in await house.facts(sent) if entry.fact is Fact.DELIVERY_ATTEMPTED]
    assert reasons[1] == "duplicate"


async def test_an_update_changes_and_a_withdrawal_cancels_what_the_partner_has(house: House) -> None:
    """One Task over three revisions, in order."""
    async with fhir() as (vt, url):
        house.configure([samples.partner(url=url)])
        async with running(house.service()):
            revisions = [
                house.referral(),
                house.referral(revision=2),
                house.referral(revision=3, change=ReferralChange.WITHDRAWAL),
            ]
            await house.submit(revisions[:1])
            await house.reached(DeliveryState.DELIVERED, revisions[:1])
            await house.submit(revisions[1:2])
            await house.reached(DeliveryState.DELIVERED, revisions[1:2])
            await house.submit(revisions[2:])
            await house.reached(DeliveryState.DELIVERED, revisions[2:])
    found = receipt(vt, revisions[0])
    assert (found.created, found.changed) == (1, 2)
    tasks = vt.resources.search("Task", search_of((("identifier", found.identifier),)))
    assert [task.resource["status"] for task in tasks] == ["cancelled"]


async def test_a_webhook_partner_verifies_and_keeps_it_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is lost after it was kept; the same message comes again under its id, and is recognised."""
    monkeypatch.setenv("TEST_HOOK_SECRET", SECRET)
    hook = WebhookPartner("wijkteam", [SECRET], policy=Scripted((Conduct(failure=Failure.CLOSE_AFTER),)))
    house.configure([samples.partner(url=await hook.start(), secret="env:TEST_HOOK_SECRET")])  # noqa: S106  where it is
    try:
        async with running(house.service()):
            sent = house.referral()
            await house.submit([sent])
            await house.reached(DeliveryState.DELIVERED, [sent])
    finally:
        await hook.stop()
    assert list(hook.messages) == [str(sent.id)]
    assert [(each.created, each.repeated) for each in hook.receipts.by_identifier.values()] == [(1, 1)]


async def test_a_held_referral_is_sent_when_a_person_says_so(house: House) -> None:
    """And not before."""
    async with fhir() as (vt, url):
        house.configure([samples.partner(url=url)])
        async with running(house.service()):
            held = house.referral(handling=Handling.HOLD)
            await house.submit([held])
            await house.reached(DeliveryState.HELD, [held])
            assert not vt.receipts.requests
            command = Command(
                id=uuid4(), at=AT, action=Action.RELEASE, target=held.id, actor="af-1", reason="besproken"
            )
            value = command.write()
            await house.send([cloudevents.event(COMMANDS, id=command.id, time=AT, key=str(held.id), value=value)])
            await house.reached(DeliveryState.DELIVERED, [held])
    assert receipt(vt, held).created == 1
    late = Fact.REFERRAL_OVERDUE  # its deadline is long past, and on a slow machine that is told before the decision
    facts = [entry.fact for entry in await house.facts(held) if entry.fact is not late]
    assert facts[:3] == [Fact.REFERRAL_HELD, Fact.OUTCOME_TOLD, Fact.REFERRAL_RELEASED]


async def test_two_instances_share_one_ledger(house: House) -> None:
    """Nothing is delivered twice, nothing is left, and every story is whole and in order."""
    async with fhir() as (vt, url):
        house.configure([samples.partner(url=url)])
        async with running(house.service("1"), house.service("2")):
            sent = [house.referral(str(number)) for number in range(60)]
            await house.submit(sent)
            await house.reached(DeliveryState.DELIVERED, sent)
    assert all(receipt(vt, each).created == 1 for each in sent)
    assert vt.receipts.duplicates() == []
    for each in sent[:5]:
        assert [entry.fact for entry in await house.facts(each)] == STORY


async def test_many_parked_are_redriven_once_by_two_operators_at_the_same_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partner saw matches that are not there; two people redrive all of them, and each is created once."""
    monkeypatch.setenv("NOTIFY_DATABASE_URL", house.database_url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP", house.kafka.bootstrap)
    choice = Selection((DeliveryState.PARKED,), because="several-matches")
    async with fhir() as (vt, url):
        vt.misbehaviour.play(["several-matches"])
        house.configure([samples.partner(url=url)])
        sent = [house.referral(str(number)) for number in range(30)]
        async with running(house.service()):
            await house.submit(sent)
            await house.reached(DeliveryState.PARKED, sent)
            vt.misbehaviour.play([])
            orders = [Order(Action.REDRIVE, choice, actor, "mended", 100) for actor in ("op-1", "op-2")]
            await asyncio.gather(*(carry_out(order, yes=True) for order in orders))
            await house.reached(DeliveryState.DELIVERED, sent)
    assert [receipt(vt, each).created for each in sent] == [1] * 30
    assert [receipt(vt, each).repeated for each in sent] == [0] * 30

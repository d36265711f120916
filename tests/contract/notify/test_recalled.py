"""Taken back behind what may have arrived: its content is not sent again, the withdrawal goes. On both databases."""

from datetime import timedelta

import orjson
import pytest

from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral, ReferralChange
from services.notify.channel import Parcel
from services.notify.fhir.build import build
from services.notify.fhir.frame import TYPES
from services.notify.outcome import Accepted, Outcome, Unknown
from services.notify.retry import Park
from services.sandbox.partners.fhir_store import Resources
from services.sandbox.partners.fhir_transaction import decide
from tests.contract.notify.counterpart import Answer
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.ledger import LEASE, Ledger
from tests.contract.notify.scripted import Desk, Scripted
from tests.contract.notify.test_channels import CANARY, PARTNERS, SECRETS, TOLD, entry
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

WITHDRAWAL = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
LATER = timedelta(hours=1)


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    """Two partners, nothing in the ledger."""
    return Desk(ledger)


@pytest.fixture
def channel(desk: Desk) -> Scripted:
    """Every answer of the usual partner is lost, until it is told otherwise."""
    channel = desk.channels[PARTNER]
    channel.answer = lost
    return channel


def lost(_: Parcel) -> Outcome:
    """Nobody knows whether it arrived."""
    return Unknown("no-answer")


def accept(_: Parcel) -> Outcome:
    """It is there."""
    return Accepted(200)


async def after_a_lost_answer(desk: Desk, channel: Scripted) -> Referral:
    """One that may have arrived; from then on the partner takes everything."""
    [first] = await desk.take(samples.referral())
    await desk.work()
    channel.answer = accept
    return first


def revisions(channel: Scripted) -> list[int]:
    """What was sent, in order."""
    return [1 if parcel.creates else 2 for parcel in channel.sent]


async def test_what_was_taken_back_after_a_lost_answer_is_not_sent_again(desk: Desk, channel: Scripted) -> None:
    """It ends by one fact as what may have arrived; the withdrawal goes, and the corporation hears of that alone."""
    first = await after_a_lost_answer(desk, channel)
    await desk.ledger.take(WITHDRAWAL)
    desk.ledger.now += LATER
    await desk.work()
    line = await desk.ledger.line(first)
    assert (line.state, line.reason, line.uncertain, line.attempts) == (DeliveryState.CANCELLED, "recalled", True, 1)
    assert (await desk.ledger.line(WITHDRAWAL)).state is DeliveryState.DELIVERED
    assert revisions(channel) == [1, 2]
    assert await desk.ledger.facts(first) == [
        Fact.REFERRAL_QUEUED,
        Fact.DELIVERY_ATTEMPTED,
        Fact.REFERRAL_CANCELLED,
    ]
    assert await desk.ledger.told() == ["forwarded"]


async def test_what_a_killed_worker_left_is_not_sent_again_once_it_is_taken_back(desk: Desk, channel: Scripted) -> None:
    """Until its lease ends nobody knows that it may have arrived: it is seen when it is claimed again."""
    channel.answer = accept
    [first] = await desk.take(samples.referral())
    await desk.ledger.claim()
    await desk.ledger.take(WITHDRAWAL)
    desk.ledger.now += LEASE
    await desk.work()
    assert revisions(channel) == [2]
    assert (await desk.ledger.line(first)).reason == "recalled"
    assert (await desk.ledger.line(WITHDRAWAL)).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("how", ["erased", "away"])
async def test_no_key_is_needed_for_what_is_not_sent_again(how: str, desk: Desk, channel: Scripted) -> None:
    """The case was erased, or the keyring is away: the withdrawal goes all the same, and waits for nobody."""
    await after_a_lost_answer(desk, channel)
    await desk.ledger.take(WITHDRAWAL)
    desk.ledger.now += LATER
    if how == "erased":
        desk.erase()
    desk.away = how == "away"
    await desk.work()
    assert revisions(channel) == [1, 2]
    assert (await desk.ledger.line(WITHDRAWAL)).state is DeliveryState.DELIVERED


async def parked(ledger: Ledger) -> Referral:
    """It may have arrived, and a person must look."""
    first = samples.referral()
    await ledger.take(first)
    (claim,) = await ledger.claim()
    await ledger.conclude(ledger.ended(claim, Park("too-old"), "unknown", uncertain=True))
    return first


async def test_what_was_parked_after_a_lost_answer_keeps_no_withdrawal_back(ledger: Ledger) -> None:
    """It goes at once, and not when a person has looked; what was parked ends by one fact, and cannot go again."""
    first = await parked(ledger)
    await ledger.take(WITHDRAWAL)
    line = await ledger.line(first)
    assert (line.state, line.reason, line.uncertain) == (DeliveryState.CANCELLED, "recalled", True)
    assert (await ledger.facts(first))[-1] is Fact.REFERRAL_CANCELLED
    await ledger.command(Action.REDRIVE, first)
    assert [(each.line.referral, each.recalled) for each in await ledger.claim()] == [(WITHDRAWAL.id, False)]
    assert await ledger.told() == ["delayed"]
    assert await ledger.tally() == await ledger.counted()


async def test_a_withdrawal_that_a_person_lets_go_takes_back_what_is_parked_before_it(ledger: Ledger) -> None:
    """Until then both wait: were it dismissed, what may have arrived would still have to."""
    first = await parked(ledger)
    held = samples.referral(revision=2, change=ReferralChange.WITHDRAWAL, handling=Handling.HOLD)
    await ledger.take(held)
    assert (await ledger.line(first)).state is DeliveryState.PARKED
    await ledger.command(Action.RELEASE, held)
    assert (await ledger.line(first)).reason == "recalled"
    assert [each.line.referral for each in await ledger.claim()] == [held.id]


async def test_what_nobody_took_back_is_sent_again(ledger: Ledger) -> None:
    """An update behind it, a withdrawal that somebody cancelled, one for another partner: its content goes again."""
    first, update = samples.referral(), samples.referral(revision=2)
    cancelled = samples.referral(revision=3, change=ReferralChange.WITHDRAWAL)
    elsewhere = samples.referral(revision=2, partner="tweede", change=ReferralChange.WITHDRAWAL)
    await ledger.take(first)
    (claim,) = await ledger.claim()
    await ledger.conclude(ledger.failed(claim, uncertain=True))
    await ledger.take(update, cancelled, elsewhere)
    await ledger.command(Action.CANCEL, cancelled)
    ledger.now += LEASE
    assert [(each.line.referral, each.recalled) for each in await ledger.claim()] == [(first.id, False)]


@pytest.mark.parametrize("channel", PARTNERS)
async def test_no_channel_discloses_what_was_taken_back(channel: str, ledger: Ledger) -> None:
    """It never arrived, and nobody knows: what goes after it was taken back tells of nobody, and is taken."""
    partner = PARTNERS[channel]()
    partner.answers.append(Answer(500))
    async with partner.open() as url:
        exchange = Exchange(ledger, [entry(channel, str(url))], SECRETS)
        [first] = await exchange.take(samples.referral(), particulars=TOLD)
        await exchange.work()
        await ledger.take(WITHDRAWAL)
        ledger.now += LATER
        await exchange.work()
        await exchange.close()
    assert (await ledger.line(first)).reason == "recalled"
    assert [CANARY.encode() in body for _, body in partner.posts] == [channel != "notified-pull", False]
    assert len(partner.kept) == 1


def test_what_arrives_at_a_fhir_server_after_its_withdrawal_makes_nothing() -> None:
    """The withdrawal made a Task there that tells of nobody, and every condition of the first revision finds it."""
    resources, numbers = Resources(), iter(range(100))

    def arrived(referral: Referral) -> None:
        letter = samples.letter(referral, TOLD)
        bundle = orjson.loads(orjson.dumps(build(letter)))
        for each in decide(bundle, resources, lambda: f"r{next(numbers)}", "2026-03-04T21:45:12Z"):
            resources.put(each.held)

    arrived(WITHDRAWAL)
    arrived(samples.referral())
    (task,) = resources.of_type("Task")
    assert task.resource["status"] == "cancelled"
    (patient,) = resources.of_type("Patient")
    assert patient.resource["active"] is False
    assert all(CANARY not in str(held.resource) for name in TYPES for held in resources.of_type(name))

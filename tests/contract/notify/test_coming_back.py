"""A partner says that somebody else should have it while we are sending: it comes back however that ends."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schemas import ids
from schemas.audit import Fact
from schemas.codes import LegalBasis, PartnerKind
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.partner import Serves
from schemas.progress import Progress
from schemas.referral import Referral
from services.notify.claims import Claim
from services.notify.directory import Directory
from services.notify.disabled_partners import POLL, DisabledPartners
from services.notify.report_intake import Taken
from services.notify.retry import Park
from services.notify.returning import returning
from services.notify.thread import Thread
from services.notify.watchdog import Watchdog
from services.runtime.database import Database
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.reported import ELSEWHERE, OTHER, World
from tests.contract.notify.scripted import Desk
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

TOLD = (Fact.DELIVERY_ATTEMPTED, Fact.DELIVERY_DELIVERED, Fact.DELIVERY_PARKED, Fact.REFERRAL_HELD, Fact.CALL_OPENED)


async def sending(world: World) -> tuple[Referral, Claim]:
    """A referral whose attempt is under way."""
    referral = samples.referral()
    await world.ledger.take(referral)
    [claim] = await world.ledger.claim()
    return referral, claim


async def told(ledger: Ledger) -> list[tuple[Fact, str | None]]:
    """What matters here, each with the partner it names, in order."""
    return [(entry.fact, entry.partner) for entry in await ledger.entries() if entry.fact in TOLD]


async def is_back(world: World, referral: Referral) -> None:
    """Before a person, for whom the rule names; whoever gets it begins anew, and is asked about it."""
    line = await world.ledger.line(referral)
    assert (line.state, line.partner, line.reason) == (DeliveryState.HELD, OTHER, "not-in-area")
    assert (line.due_at, line.lease_until) == (None, None)
    await world.ledger.command(Action.RELEASE, referral, legal_basis=LegalBasis.WMO_5_2_6)
    await world.ledger.conclude(*map(world.ledger.delivered, await world.ledger.claim(OTHER)))
    found = await world.following.find(OTHER, referral.id)
    assert isinstance(found, Thread)
    assert found.standing.status is Progress.REQUESTED


async def test_what_arrived_comes_back(world: World) -> None:
    """A system may say so before it answers: delivered is told, and then that a person decides."""
    referral, claim = await sending(world)
    assert [type(each) for each in await world.told(referral, ELSEWHERE)] == [Taken]
    await world.ledger.conclude(world.ledger.delivered(claim))
    assert await told(world.ledger) == [
        (Fact.DELIVERY_ATTEMPTED, PARTNER),
        (Fact.DELIVERY_DELIVERED, PARTNER),
        (Fact.REFERRAL_HELD, OTHER),
    ]
    await is_back(world, referral)


@pytest.mark.parametrize("how", ["away", "answer-lost", "refused"])
async def test_what_ended_badly_comes_back_all_the_same(world: World, how: str) -> None:
    """It is not sent there again, nor parked: it is before a person at once, and nobody has to telephone."""
    referral, claim = await sending(world)
    await world.told(referral, ELSEWHERE)
    ended = {
        "away": world.ledger.failed(claim),
        "answer-lost": world.ledger.failed(claim, uncertain=True),
        "refused": world.ledger.parked(claim),
    }
    await world.ledger.conclude(ended[how])
    assert await told(world.ledger) == [(Fact.DELIVERY_ATTEMPTED, PARTNER), (Fact.REFERRAL_HELD, OTHER)]
    await is_back(world, referral)


async def test_what_waits_after_a_lost_answer_comes_back_at_once(world: World) -> None:
    """The partner has it, as it speaks of it: what would be sent again is not."""
    referral, claim = await sending(world)
    await world.ledger.conclude(world.ledger.failed(claim, uncertain=True))
    await world.told(referral, ELSEWHERE)
    assert await told(world.ledger) == [(Fact.DELIVERY_ATTEMPTED, PARTNER), (Fact.REFERRAL_HELD, OTHER)]
    await is_back(world, referral)


async def test_what_was_parked_after_a_lost_answer_comes_back_at_once(world: World) -> None:
    """A person was asked to look; now it says for what."""
    referral, claim = await sending(world)
    await world.ledger.conclude(world.ledger.ended(claim, Park("too-old"), "unknown", uncertain=True))
    await world.told(referral, ELSEWHERE)
    await is_back(world, referral)


async def test_whose_sender_is_gone_is_not_sent_there_again(database: Database) -> None:
    """A process is killed after the partner said so: whoever claims it next sends nothing, and it comes back."""
    world = World(Ledger(database))
    desk = Desk(world.ledger, world.directory)
    [referral] = await desk.take(samples.referral())
    await world.ledger.claim()
    await world.told(referral, ELSEWHERE)
    world.ledger.later(minutes=2)
    await desk.work()
    assert desk.channels[PARTNER].sent == []
    assert await told(world.ledger) == [(Fact.REFERRAL_HELD, OTHER)]
    await is_back(world, referral)


async def test_whose_sender_is_gone_comes_back_from_a_partner_that_is_disabled(world: World) -> None:
    """It is not parked until that one is enabled: then it would be sent there again, which said no."""
    referral, _ = await sending(world)
    await world.told(referral, ELSEWHERE)
    await world.ledger.order(Action.PARTNER_DISABLE, ids.partner_id(PARTNER), partner=PARTNER)
    world.ledger.later(minutes=2)
    disabled = DisabledPartners(world.ledger.footing(world.directory))
    assert [await disabled.step() for _ in range(2)] == [0.0, POLL]
    assert await told(world.ledger) == [(Fact.REFERRAL_HELD, OTHER)]
    await is_back(world, referral)


async def test_whose_sender_is_gone_comes_back_from_a_partner_that_was_removed(world: World) -> None:
    """Parked as a partner nobody knows, its no would be forgotten, and putting it back would send it there again."""
    referral, _ = await sending(world)
    await world.told(referral, ELSEWHERE)
    world.ledger.later(minutes=2)
    assert await Watchdog(world.ledger.footing(Directory([world.directory.partners[OTHER]], []))).strand() == 1
    assert await told(world.ledger) == [(Fact.REFERRAL_HELD, OTHER)]
    await is_back(world, referral)


async def test_what_is_said_after_the_lease_comes_back_at_once(world: World) -> None:
    """Its sender may be gone for good; when it is not, that it was tried is told by it, once, and nothing else."""
    referral, claim = await sending(world)
    world.ledger.later(minutes=2)
    await world.told(referral, ELSEWHERE)
    late = world.ledger.delivered(claim)
    assert [await world.ledger.conclude(late) for _ in range(2)] == [1, 0]
    assert await told(world.ledger) == [(Fact.REFERRAL_HELD, OTHER), (Fact.DELIVERY_ATTEMPTED, PARTNER)]
    assert await world.ledger.attempts(referral) == ["accepted"]
    await is_back(world, referral)


async def test_what_a_newer_revision_follows_goes_on(world: World) -> None:
    """The partner is told of that one first, as of what it had before it said no."""
    referral, claim = await sending(world)
    await world.told(referral, ELSEWHERE)
    newer = samples.referral(revision=2)
    await world.ledger.take(newer)
    await world.ledger.conclude(world.ledger.delivered(claim))
    lines = await world.ledger.lines()
    assert [lines[each.id].state for each in (referral, newer)] == [DeliveryState.DELIVERED, DeliveryState.PENDING]
    assert [each.line.referral for each in await world.ledger.claim()] == [newer.id]


@pytest.mark.parametrize(("minute", "named"), [(59, OTHER), (60, None)])
async def test_who_is_named_gives_that_help_there_that_day(world: World, minute: int, named: str | None) -> None:
    """A contract ends at midnight where the signal comes from, an hour before UTC's."""
    referral, _ = await sending(world)
    await world.told(referral, ELSEWHERE)
    ending = Serves(kind=PartnerKind.VEILIG_THUIS, areas=("GM0193",), valid_until=date(2027, 1, 1))
    directory = Directory([samples.partner(PARTNER), samples.partner(OTHER, serves=(ending,))], [])
    at = datetime(2026, 12, 31, 22, tzinfo=UTC) + timedelta(minutes=minute)
    async with world.ledger.database.begin() as connection:
        assert await returning(connection, [(await world.ledger.line(referral), at)], directory) == {referral.id: named}

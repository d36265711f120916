"""How partners are spared and isolated, through the worker, on both databases. Partners are scripted."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.record import Captured
from schemas.topics import COMMANDS
from services.notify import reach_store
from services.notify.breaker import Closed, Open, Probing
from services.notify.channel import Parcel
from services.notify.directory import Directory
from services.notify.disabled_partners import DisabledPartners
from services.notify.outcome import Accepted, Outcome, Refused, TryLater
from services.notify.reach import Reach
from services.notify.worker import Worker
from tests.contract.notify.ledger import DIRECTORY, LEASE, Ledger
from tests.contract.notify.scripted import Desk, Scripted
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

AWAY = TryLater("unavailable", 503)


def always(outcome: Outcome) -> Callable[[Parcel], Outcome]:
    """Whatever is sent."""
    return lambda _: outcome


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    """Two partners, nothing in the ledger."""
    return Desk(ledger)


@pytest.fixture
def channel(desk: Desk) -> Scripted:
    """The channel of the usual partner."""
    return desk.channels[PARTNER]


async def stands(ledger: Ledger, partner: str = PARTNER) -> Reach:
    """How we stand with it, as every instance sees it."""
    async with ledger.database.read() as connection:
        return (await reach_store.read(connection)).get(partner) or Reach(partner)


async def about(ledger: Ledger) -> list[AuditEntry]:
    """What was told of partners, in order."""
    return [entry for entry in await ledger.entries() if entry.referral is None]


def disabled(ledger: Ledger) -> DisabledPartners:
    """Of this ledger."""
    return DisabledPartners(ledger.footing())


async def keep(ledger: Ledger) -> None:
    """Until it has nothing more to do."""
    while await disabled(ledger).step() == 0:
        pass


async def person(ledger: Ledger, action: Action, partner: str = PARTNER) -> Command:
    """Somebody decides about a partner."""
    about = Command(
        id=uuid4(), at=ledger.now, action=action, target=ids.partner_id(partner), actor="op-1", reason="test"
    )
    assert await ledger.desk.handle([Captured(COMMANDS.name, about.write())]) == []
    return about


async def test_an_open_breaker_uses_up_no_attempt_and_no_rung(desk: Desk, channel: Scripted) -> None:
    """Of forty that wait for a partner that is away, eight were tried; the others are as they were, and due."""
    channel.answer = always(AWAY)
    referrals = await desk.take(*(samples.referral(f"T-{number}") for number in range(40)))
    await desk.work()
    assert isinstance((await stands(desk.ledger)).breaker, Open)
    lines = await desk.ledger.lines()
    assert len(channel.sent) == DIRECTORY.partners[PARTNER].concurrency
    assert sum(lines[each.id].attempts for each in referrals) == sum(lines[each.id].rung for each in referrals) == 8
    untouched = [lines[each.id] for each in referrals if lines[each.id].attempts == 0]
    assert all((line.state, line.fence) == (DeliveryState.PENDING, 0) for line in untouched)
    assert [entry.fact for entry in await about(desk.ledger)] == [Fact.BREAKER_OPENED]


async def test_one_probe_goes_over_all_instances_and_its_success_lets_all_go(desk: Desk, channel: Scripted) -> None:
    """After thirty seconds one of two workers sends one; nobody else sends until it is known."""
    channel.answer = always(AWAY)
    await desk.take(*(samples.referral(f"T-{number}") for number in range(40)))
    await desk.work()
    tried = len(channel.sent)
    other = Worker(desk.ledger.database, desk.find, desk.delivering, owner="b", lease=LEASE, concluded=lambda _: None)
    desk.ledger.later(seconds=29)
    await desk.work()
    assert len(channel.sent) == tried
    desk.ledger.later(seconds=1)
    channel.answer = always(Accepted(200))
    await desk.worker.step()
    await other.step()
    await desk.turns()
    assert len(channel.sent) == tried + 1
    assert isinstance((await stands(desk.ledger)).breaker, Probing)
    await desk.work(60)
    assert (await stands(desk.ledger)).breaker == Closed() or (await stands(desk.ledger)).clean
    assert {line.state for line in (await desk.ledger.lines()).values()} == {DeliveryState.DELIVERED}
    assert [entry.fact for entry in await about(desk.ledger)] == [Fact.BREAKER_OPENED, Fact.BREAKER_CLOSED]
    await other.drain(5)


async def test_a_probe_that_was_killed_is_followed_by_another_when_its_lease_ends(
    desk: Desk, channel: Scripted
) -> None:
    """An instance that died with the probe does not leave the partner alone for ever."""
    channel.answer = always(AWAY)
    await desk.take(*(samples.referral(f"T-{number}") for number in range(20)))
    await desk.work()
    desk.ledger.later(seconds=30)
    assert len(await desk.claim()) == 1
    assert await desk.claim() == []
    desk.ledger.later(minutes=1)
    assert len(await desk.claim()) == 1


async def test_refusals_of_single_referrals_open_nothing(desk: Desk, channel: Scripted) -> None:
    """It answered: it is there."""
    channel.answer = always(Refused("not-accepted", 422))
    await desk.take(*(samples.referral(f"T-{number}") for number in range(12)))
    await desk.work(60)
    assert (await stands(desk.ledger)).breaker == Closed()
    assert await about(desk.ledger) == []


async def test_another_partner_is_not_concerned(desk: Desk, channel: Scripted) -> None:
    """A breaker is of one partner."""
    channel.answer = always(AWAY)
    await desk.take(*(samples.referral(f"T-{number}") for number in range(20)))
    await desk.work()
    others = await desk.take(*(samples.referral(f"T-{number}", partner="tweede") for number in range(20)))
    await desk.work(60)
    lines = await desk.ledger.lines()
    assert {lines[each.id].state for each in others} == {DeliveryState.DELIVERED}


async def test_gone_disables_parks_all_and_enabling_sends_each_once(desk: Desk, channel: Scripted) -> None:
    """HTTP 410: what waits is parked and visible, nothing more is sent; after a person's word all go, in order."""
    channel.answer = always(Refused("gone", 410))
    first = await desk.take(*(samples.referral(f"T-{number}") for number in range(20)))
    second = samples.referral("T-0", revision=2)
    await desk.take(second)
    await desk.work()
    await keep(desk.ledger)
    lines = await desk.ledger.lines()
    assert {(line.state, line.reason) for line in lines.values()} == {(DeliveryState.PARKED, "partner-disabled")}
    assert len(channel.sent) <= 8
    assert Fact.PARTNER_DISABLED in [entry.fact for entry in await about(desk.ledger)]
    channel.sent.clear()
    channel.answer = always(Accepted(200))
    await desk.work()
    assert channel.sent == []
    command = await person(desk.ledger, Action.PARTNER_ENABLE)
    await keep(desk.ledger)
    await desk.work(80)
    assert sorted(parcel.referral for parcel in channel.sent) == sorted([*(each.id for each in first), second.id])
    order = [parcel.referral for parcel in channel.sent]
    assert order.index(first[0].id) < order.index(second.id)
    enabled = (await about(desk.ledger))[-1]
    assert (enabled.fact, enabled.actor, enabled.reason) == (Fact.PARTNER_ENABLED, command.actor, command.reason)
    assert not (await stands(desk.ledger)).redriving
    facts = [entry.id for entry in await desk.ledger.entries()]
    assert len(facts) == len(set(facts))


async def test_a_quiet_partner_is_warned_of_four_times_before_faults_days_apart_disable_it(
    desk: Desk, channel: Scripted
) -> None:
    """A referral every thirty hours, and each fails: on one day nothing more is told than one warning."""
    channel.answer = always(AWAY)
    days: list[list[str]] = []
    for number in range(8):
        before = len(await about(desk.ledger))
        await desk.take(samples.referral(f"T-{number}"))
        await desk.work(1)
        facts = (await about(desk.ledger))[before:]
        days.append([f"{each.fact} {each.reason}" for each in facts if each.fact is not Fact.BREAKER_OPENED])
        desk.ledger.later(hours=30)
    assert days[:2] == [[], []]
    assert [each for each in days if each] == [
        ["partner.warned failing-50"],
        ["partner.warned failing-70"],
        ["partner.warned failing-90"],
        ["partner.warned failing-100", "partner.disabled failing"],
    ]
    assert (await stands(desk.ledger)).disabled == "failing"


async def test_what_arrives_for_a_disabled_partner_is_parked_and_not_sent(desk: Desk, channel: Scripted) -> None:
    """Visible at once, and kept."""
    await person(desk.ledger, Action.PARTNER_DISABLE)
    [referral] = await desk.take(samples.referral())
    await desk.work()
    await keep(desk.ledger)
    line = await desk.ledger.line(referral)
    assert (line.state, line.reason, line.attempts) == (DeliveryState.PARKED, "partner-disabled", 0)
    assert channel.sent == []


async def test_a_command_about_a_partner_is_carried_out_once_or_refused_with_its_reason(ledger: Ledger) -> None:
    """Disabling what is disabled, enabling what is well, a partner nobody knows."""
    await person(ledger, Action.PARTNER_ENABLE)
    await person(ledger, Action.PARTNER_DISABLE)
    await person(ledger, Action.PARTNER_DISABLE)
    await person(ledger, Action.PARTNER_DISABLE, "onbekend")
    told = [(entry.fact, entry.reason) for entry in await about(ledger)]
    assert told == [
        (Fact.COMMAND_REFUSED, "is-enabled"),
        (Fact.PARTNER_DISABLED, "test"),
        (Fact.COMMAND_REFUSED, "is-disabled"),
        (Fact.COMMAND_REFUSED, "unknown-partner"),
    ]


async def test_a_rate_holds_over_two_instances(ledger: Ledger) -> None:
    """Two requests a second: of ten that are due, two workers together claim as many as that, each in its turn.

    One may make two: a server that says it had it all is asked whether what it had is ours.
    """
    slow = Directory([samples.partner(rate=4.0)], DIRECTORY.corporations.values())
    desks = [Desk(ledger, slow, "a"), Desk(ledger, slow, "b")]
    await desks[0].take(*(samples.referral(f"T-{number}") for number in range(10)))
    turns = []
    for _ in range(12):
        for each in desks:
            turns += [at for _, at in await each.claim()]
        ledger.later(seconds=0.5)
    assert len(turns) == 10
    assert all(b - a == timedelta(seconds=0.5) for a, b in pairwise(turns))


async def test_a_partner_that_is_not_live_gets_marked_test_data_only(ledger: Ledger) -> None:
    """A real referral for it is parked with that reason, and a person sees it."""
    not_live = Directory([samples.partner(live=False)], DIRECTORY.corporations.values())
    desk = Desk(ledger, not_live)
    real, test = await desk.take(
        samples.referral("T-1", about=samples.facts(test=False)),
        samples.referral("T-2", about=samples.facts(test=True)),
    )
    await desk.work()
    lines = await desk.ledger.lines()
    assert (lines[real.id].state, lines[real.id].reason) == (DeliveryState.PARKED, "not-live")
    assert lines[test.id].state is DeliveryState.DELIVERED
    assert [parcel.referral for parcel in desk.channels[PARTNER].sent] == [test.id]


async def test_a_persons_word_supersedes_the_ladder(desk: Desk, channel: Scripted) -> None:
    """What waits for its rung is sent now; twice is once, as it is not waiting any more."""
    channel.answer = always(AWAY)
    [referral] = await desk.take(samples.referral())
    await desk.work()
    channel.answer = always(Accepted(200))
    await desk.ledger.command(Action.RETRY, referral)
    await desk.work()
    assert (await desk.ledger.line(referral)).state is DeliveryState.DELIVERED
    await desk.ledger.command(Action.RETRY, referral)
    await desk.work()
    assert len(channel.sent) == 2


@pytest.mark.parametrize("days", [1, 365, -1, -365])
async def test_a_clock_that_is_wrong_for_a_while_neither_loses_nor_doubles(
    desk: Desk, channel: Scripted, days: int
) -> None:
    """A first attempt fails while the clock is off, a day or a year either way; then all goes within a day."""
    channel.answer = always(AWAY)
    desk.ledger.later(days=days)
    referrals = await desk.take(*(samples.referral(f"T-{number}") for number in range(3)))
    await desk.work()
    desk.ledger.later(days=-days)
    channel.answer = always(Accepted(200))
    tried = len(channel.sent)
    for _ in range(26):
        await keep(desk.ledger)
        await desk.work(10)
        desk.ledger.later(hours=1)
    lines = await desk.ledger.lines()
    assert {lines[each.id].state for each in referrals} == {DeliveryState.DELIVERED}
    assert len(channel.sent) == tried + 3

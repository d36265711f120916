"""Senders that die with referrals in hand, on both databases: who kills its sender is parked, and nobody else is."""

import asyncio
import json
import sys
from datetime import timedelta

import pytest

from schemas import ids
from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from services.notify.claims import LEFT
from services.notify.disabled_partners import DisabledPartners
from services.notify.moves import SUSPECTED
from services.notify.outcome import Refused
from services.notify.quarantine import ENDS
from services.notify.suspects import DEATHS, KILLS_ITS_SENDER
from tests.contract.notify import dying
from tests.contract.notify.ledger import LEASE, Ledger
from tests.contract.notify.runs import Runs
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


async def test_what_kills_its_sender_is_parked_and_its_neighbours_get_through(runs: Runs) -> None:
    """Twice with what was beside it, three times alone; a supervisor starts the process again each time."""
    killer, *others = await runs.desk.take(*(samples.referral(f"T-{n}") for n in range(4)))
    runs.kills.add(killer.id)
    beside = [await runs.dies() for _ in range(2 + DEATHS)]
    assert beside == [3, 3, 0, 0, 0]
    assert await runs.dies() is None
    line = await runs.ledger.line(killer)
    assert (line.state, line.reason, line.uncertain) == (DeliveryState.PARKED, KILLS_ITS_SENDER, True)
    assert (await runs.ledger.facts(killer)).count(Fact.DELIVERY_PARKED) == 1
    lines = await runs.ledger.lines()
    assert {lines[each.id].state for each in others} == {DeliveryState.DELIVERED}


async def test_what_is_redriven_goes_alone_and_has_as_many_deaths_as_at_first(runs: Runs) -> None:
    """A person says that it is mended: that is believed, and where it is not true nothing beside it is taken along."""
    [killer] = await runs.desk.take(samples.referral())
    runs.kills.add(killer.id)
    while await runs.dies() is not None:
        pass
    await runs.ledger.command(Action.REDRIVE, killer)
    others = await runs.desk.take(*(samples.referral(f"T-{n}") for n in range(2, 5)))
    assert [await runs.dies() for _ in range(DEATHS + 1)] == [0] * DEATHS + [None]
    lines = await runs.ledger.lines()
    assert lines[killer.id].reason == KILLS_ITS_SENDER
    assert {lines[each.id].state for each in others} == {DeliveryState.DELIVERED}
    runs.kills.clear()
    await runs.ledger.command(Action.REDRIVE, killer)
    await runs.live(400)
    line = await runs.ledger.line(killer)
    assert (line.state, line.lost, line.blamed) == (DeliveryState.DELIVERED, 0, 0)


async def test_what_was_parked_without_being_tried_is_as_suspect_as_before(runs: Runs) -> None:
    """Its partner was disabled meanwhile: once it is enabled the suspect goes alone, and its count begins anew."""
    suspect = await runs.suspected()
    runs.kills.add(suspect.id)
    assert await runs.dies() == 0
    await runs.begin()
    assert (await runs.ledger.line(suspect)).blamed == 1
    disabled = DisabledPartners(runs.ledger.footing())
    for action, state in (
        (Action.PARTNER_DISABLE, DeliveryState.PARKED),
        (Action.PARTNER_ENABLE, DeliveryState.PENDING),
    ):
        await runs.ledger.order(action, ids.partner_id(PARTNER), partner=PARTNER)
        while await disabled.step() == 0.0:
            pass
        assert (await runs.ledger.line(suspect)).state is state
    line = await runs.ledger.line(suspect)
    assert (line.lost, line.blamed) == (SUSPECTED, 0)
    others = await runs.desk.take(samples.referral("T-2"), samples.referral("T-3"))
    assert await runs.dies() == 0
    assert len(others) == 2


async def test_what_a_partner_refused_is_no_suspect_when_it_is_redriven(runs: Runs) -> None:
    """Its sender outlived that attempt, so it goes beside all others."""
    suspect = await runs.suspected()
    await runs.begin()
    runs.channel().answer = lambda _: Refused("not-accepted", 400)
    await runs.live(400, until=lambda: bool(runs.desk.concluded))
    line = await runs.ledger.line(suspect)
    assert (line.state, line.lost, line.blamed) == (DeliveryState.PARKED, 0, 0)


async def test_a_supervisor_starts_a_real_process_until_it_lives(ledger: Ledger, database_url: str) -> None:
    """Each ends in the middle of an attempt, as after a fault in a library; the sixth sends on, and ends in order."""
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.notify.dying", database_url, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await supervisor.communicate()
    assert json.loads(told.splitlines()[-1]) == [dying.DIES] * (2 + DEATHS) + [0]
    lines = [await ledger.line(each) for each in dying.REFERRALS]
    assert [line.state for line in lines] == [DeliveryState.PARKED, DeliveryState.DELIVERED, DeliveryState.DELIVERED]
    assert lines[0].reason == KILLS_ITS_SENDER


async def test_what_was_in_hand_at_every_death_of_another_cause_is_not_parked(runs: Runs) -> None:
    """A kill comes whatever is sent: also when nothing is, or something else. So each begins to count anew."""
    [slow] = await runs.desk.take(samples.referral())
    for _ in range(5):
        await runs.begin()
        runs.hang()
        assert not await runs.live(1000, until=runs.sends(slow))
        assert (await runs.ledger.line(slow)).blamed <= 1
        await runs.begin()  # it is killed where it stands, and so is this one before it sends anything
    await runs.begin()
    await runs.live(1000)
    line = await runs.ledger.line(slow)
    assert (line.state, line.lost, line.blamed) == (DeliveryState.DELIVERED, 0, 0)


@pytest.mark.parametrize("ends", ["in order", "slowly"])
async def test_an_end_that_says_nothing_of_what_was_sent_is_not_counted(runs: Runs, ends: str) -> None:
    """A process that is told to stop, and killed when that takes too long; one that dies while a partner hangs."""
    [slow] = await runs.desk.take(samples.referral())
    for _ in range(5):
        await runs.begin()
        runs.hang()
        await runs.live(1000, until=runs.sends(slow))
        if ends == "in order":
            await runs.desk.worker.drain(0)
        else:
            await runs.live(12)
        line = await runs.ledger.line(slow)
        assert (line.state, line.blamed) == (DeliveryState.PENDING, 0)


async def test_nothing_is_begun_beside_a_suspect_for_a_moment_and_all_is_after_it(runs: Runs) -> None:
    """A partner that hangs with one keeps the others waiting for two seconds, not for as long as it hangs."""
    [slow] = await runs.desk.take(samples.referral())
    for _ in range(3):
        await runs.begin()
        runs.hang()
        await runs.live(60, until=runs.sends(slow))
    await runs.desk.take(samples.referral("T-2", partner="tweede"))
    other, at = runs.channel("tweede"), runs.ledger.now
    await runs.live(10, until=lambda: bool(other.sent))
    assert ENDS <= runs.ledger.now - at <= 2 * ENDS
    assert runs.channel().hold is not None


async def test_a_suspect_waits_a_moment_for_what_is_under_way(runs: Runs) -> None:
    """Two seconds and no more: what is still there then waits for its partner, and the suspect is not held up by it."""
    [suspect] = await runs.desk.take(samples.referral())
    for _ in range(2):
        await runs.begin()
        runs.hang()
        await runs.live(60, until=runs.sends(suspect))
    await runs.begin()
    at = (await runs.ledger.line(suspect)).due_at
    assert at is not None
    runs.ledger.now = at - timedelta(seconds=1)
    await runs.desk.take(samples.referral("T-2", partner="tweede"))
    runs.channel("tweede").hold = asyncio.Event()
    await runs.live(60, until=runs.sends(suspect))
    assert at + ENDS <= runs.ledger.now <= at + 2 * ENDS
    assert (await runs.ledger.line(suspect)).state is DeliveryState.PENDING


async def test_only_the_next_run_of_who_died_tells_what_it_died_of(runs: Runs) -> None:
    """Another instance takes it up much later, if the first never comes back, and blames nobody for that."""
    [killer] = await runs.desk.take(samples.referral())
    runs.kills.add(killer.id)
    for _ in range(3):
        await runs.dies()
    runs.kills.clear()
    await runs.begin("b")
    await runs.live(int((LEASE + LEFT).total_seconds()) - 30)
    line = await runs.ledger.line(killer)
    assert (line.state, line.blamed) == (DeliveryState.PENDING, 0)
    runs.hang()
    await runs.live(1000, until=runs.sends(killer))
    last = runs.desk
    await runs.begin("a")
    assert (await runs.ledger.line(killer)).blamed == 0
    hung = last.channels[PARTNER].hold
    assert hung is not None
    hung.set()
    await last.work()
    assert (await runs.ledger.line(killer)).state is DeliveryState.DELIVERED

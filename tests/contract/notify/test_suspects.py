"""Senders that die with referrals in hand, on both databases: who kills its sender is parked, and nobody else is."""

import asyncio
import json
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Referral
from services.notify.channel import Parcel
from services.notify.claims import LEFT
from services.notify.outcome import Outcome
from services.notify.solitude import ENDS
from services.notify.suspects import DEATHS, KILLS_ITS_SENDER
from tests.contract.notify import dying
from tests.contract.notify.ledger import DIRECTORY, LEASE, Ledger
from tests.contract.notify.scripted import Desk, Scripted
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


@dataclass(slots=True)
class Deadly(Scripted):
    """What is among `kills` ends the process that sends it: nothing after it is done any more."""

    kills: Collection[UUID] = ()
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, parcel: Parcel) -> Outcome:
        """As told, or never."""
        if parcel.referral in self.kills:
            self.sent.append(parcel)
            self.dead.set()
            await asyncio.Event().wait()
        return await Scripted.send(self, parcel)


class Runs:
    """The runs of one instance, each with its own memory, on one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.kills: set[UUID] = set()
        self.desk = Desk(ledger)

    async def begin(self, owner: str = "a") -> Desk:
        """The next one, whatever became of the one before."""
        keys, self.desk = self.desk.keys, Desk(self.ledger, owner=owner)
        self.desk.keys = keys
        dead = asyncio.Event()
        self.desk.channels.update({name: Deadly(kills=self.kills, dead=dead) for name in DIRECTORY.partners})
        await self.desk.worker.resume()
        return self.desk

    async def live(self, seconds: int, until: Callable[[], bool] = lambda: False) -> bool:
        """So long, or until that has happened, or it dies; returns whether it did."""
        end = self.ledger.now + timedelta(seconds=seconds)
        while True:
            wait = await self.desk.worker.step()
            await self.desk.turns()
            if self.channel().dead.is_set():
                return True
            if until() or self.ledger.now > end:
                return False
            if wait:
                self.ledger.later(seconds=1 if self.desk.worker.busy else 30)

    @property
    def beside(self) -> int:
        """What it has in hand beside one."""
        return sum(len(each.sent) for each in self.desk.channels.values()) - len(self.desk.concluded) - 1

    def hang(self) -> None:
        """The usual partner answers nothing to this run."""
        self.channel().hold = asyncio.Event()

    def sends(self, referral: Referral) -> Callable[[], bool]:
        """Whether this run sends it."""
        return lambda: any(parcel.referral == referral.id for parcel in self.channel().sent)

    def channel(self, partner: str = PARTNER) -> Deadly:
        """Of the run that is now."""
        found = self.desk.channels[partner]
        assert isinstance(found, Deadly)
        return found


@pytest.fixture
def runs(ledger: Ledger) -> Runs:
    """Nothing was sent yet."""
    return Runs(ledger)


async def test_what_kills_its_sender_is_parked_and_its_neighbours_get_through(runs: Runs) -> None:
    """Twice with what was beside it, three times alone; a supervisor starts the process again each time."""
    killer, *others = await runs.desk.take(*(samples.referral(f"T-{n}") for n in range(4)))
    runs.kills.add(killer.id)
    beside = [await _dies(runs) for _ in range(2 + DEATHS)]
    assert beside == [3, 3, 0, 0, 0]
    assert await _dies(runs) is None
    line = await runs.ledger.line(killer)
    assert (line.state, line.reason, line.uncertain) == (DeliveryState.PARKED, KILLS_ITS_SENDER, True)
    assert (await runs.ledger.facts(killer)).count(Fact.DELIVERY_PARKED) == 1
    lines = await runs.ledger.lines()
    assert {lines[each.id].state for each in others} == {DeliveryState.DELIVERED}
    await runs.ledger.command(Action.REDRIVE, killer)
    assert [await _dies(runs), (await runs.ledger.line(killer)).lost] == [0, 0]


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
        await _dies(runs)
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


async def _dies(runs: Runs) -> int | None:
    """The next run: with how many others in hand it died; None when it lives."""
    await runs.begin()
    return runs.beside if await runs.live(400) else None

"""An instance whose clock leaps ahead and back: nobody is called, nothing is refused, what is late later is told."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from schemas.audit import Fact
from schemas.codes import Urgency
from schemas.command import Action
from schemas.referral import Handling, Referral
from services.notify.caught_up import CaughtUp, Places
from services.notify.directory import Directory
from services.notify.loop import Loop
from services.notify.loops import Looking
from services.notify.newest_entry import Newer
from services.notify.secrets import Secrets
from services.notify.standings import Standings
from services.runtime.metrics import Metrics
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples

FALSE = {
    Fact.CALL_OPENED,
    Fact.CALL_OVERDUE,
    Fact.COMMAND_REFUSED,
    Fact.PROGRESS_OVERDUE,
    Fact.REFERRAL_ESCALATED,
    Fact.REFERRAL_OVERDUE,
}
PARTNER = samples.partner(answers={"seen_hours": 4})


async def all_read() -> Places:
    """A topic without partitions is read to its end."""
    return {}


class Instance:
    """One, as it is wired, with its loops taken by hand."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        footing = ledger.footing(Directory([PARTNER], [samples.corporation()]))
        self.ledger = ledger
        self._looking = Looking(
            "a",
            footing.database,
            footing.directory,
            Standings(footing.clock),
            Newer(),
            secrets=Secrets(folder),
            metrics=Metrics(),
            clock=footing.clock,
            read=CaughtUp(all_read),
            told=footing.committed,
            woken=footing.committed,
        )
        self.directory = footing.directory
        self.before: Counter[Fact] = Counter()
        self._loops: list[Loop] = []

    async def begin(self) -> None:
        """Another life."""
        self._loops = await self._looking.loops()

    async def look(self) -> None:
        """Each loop, a few times."""
        for _ in range(3):
            for loop in self._loops:
                await loop._step()  # noqa: SLF001  its own task would take it when the machine has time

    async def said(self) -> Counter[Fact]:
        """What people were put to work by, or told in vain, that was not so before."""
        return Counter(entry.fact for entry in await self.ledger.entries() if entry.fact in FALSE) - self.before

    async def deliver(self, referral: Referral) -> None:
        """It comes, and its partner has it."""
        await self.ledger.take(referral)
        claims = await self.ledger.claim()
        await self.ledger.conclude(*map(self.ledger.delivered, claims), directory=self.directory)


@pytest.fixture
async def instance(ledger: Ledger, tmp_path: Path) -> Instance:
    """One is to be seen at its partner, one sent, one decided, one telephoned about; one decision waits for its own."""
    made = Instance(ledger, tmp_path)
    await made.begin()
    deadline, about = ledger.now + timedelta(hours=8), samples.facts(urgency=Urgency.URGENT)
    await made.deliver(samples.referral(about=about, deadline=deadline))
    held = samples.referral("T-2", about=about, deadline=deadline, handling=Handling.HOLD)
    await ledger.take(held, samples.referral("T-3", about=about, deadline=deadline))
    await ledger.take(samples.referral("T-5", about=samples.facts(urgency=Urgency.EMERGENCY), deadline=deadline))
    await ledger.command(Action.RELEASE, samples.referral("T-4"))
    await made.look()
    made.before = await made.said()
    return made


async def test_what_is_late_after_it_is_told(instance: Instance) -> None:
    """That a clock leapt before has used up no call, no question and no deadline; a new life believes its clock."""
    instance.ledger.later(days=10)
    await instance.look()
    instance.ledger.later(days=-10)
    await instance.look()
    instance.ledger.later(hours=9)
    await instance.begin()
    await instance.look()
    assert {*await instance.said()} == FALSE - {Fact.COMMAND_REFUSED}
    instance.ledger.later(days=10)
    await instance.begin()
    await instance.look()
    assert {*await instance.said()} == FALSE


async def test_a_clock_that_leaps_and_comes_back_puts_nobody_to_work(instance: Instance) -> None:
    """It is told to who operates, and nobody is called; a decision that waits for its referral is not refused."""
    with capture_logs() as lines:
        instance.ledger.later(days=10)
        await instance.look()
    assert not await instance.said()
    assert [line["log_level"] for line in lines if line["event"] == "notify.clock_leapt"] == ["error"]
    instance.ledger.later(days=-10)
    await instance.look()
    assert not await instance.said()


async def test_what_is_delivered_by_a_clock_that_proves_right_has_its_time(instance: Instance) -> None:
    """It was behind before: what its partner got meanwhile was got then, and a person there has hours to see it."""
    await instance.begin()
    instance.ledger.later(days=1)
    referral = samples.referral("T-9", about=samples.facts(urgency=Urgency.URGENT))
    await instance.deliver(referral)
    await instance.look()
    await instance.begin()
    await instance.look()
    told = {(entry.referral, entry.fact) for entry in await instance.ledger.entries()}
    assert {fact for about, fact in told if about == referral.id}.isdisjoint(FALSE)

"""Two instances with different entries of one partner, on both databases: the newest entry counts, and only there."""

from dataclasses import replace
from typing import Any

from structlog.testing import capture_logs

from schemas.codes import Urgency
from schemas.delivery import DeliveryState
from schemas.partner import Partner
from schemas.referral import Referral
from services.notify.directory import Directory
from services.notify.live_gate import LiveGate
from services.notify.newest_entry import SIGNS, Newer
from services.notify.presence import Presence
from services.notify.standings import Standings
from services.notify.worker import Worker
from services.runtime.metrics import Metrics
from tests.contract.notify.ledger import LEASE, Ledger
from tests.contract.notify.polling import Beat, Server, delivered, task
from tests.contract.notify.scripted import Desk
from tests.contract.notify.web import serving
from tests.proven import proven
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

OLD, NEW = samples.partner(), samples.partner(concurrency=3)
MOVED = samples.partner(url="http://127.0.0.1:2/")
"""Another address, which nobody has checked."""

REAL = samples.facts(test=False, urgency=Urgency.URGENT)


class Instance:
    """One notify with this entry of the usual partner, wired as the service does."""

    def __init__(self, ledger: Ledger, name: str, entry: Partner) -> None:
        self.ledger, self.metrics, newer = ledger, Metrics(), Newer()
        self.directory = Directory([entry, samples.partner("tweede")], [samples.corporation()])
        footing, standings = ledger.footing(self.directory), Standings(lambda: ledger.now)
        self.desk = Desk(ledger, self.directory, name)
        self.presence = Presence(footing, name, self.metrics, newer)
        self.live_gate = LiveGate(footing, standings, self.metrics, newer)
        self.desk.worker = Worker(
            ledger.database,
            self.desk.find,
            replace(self.desk.delivering, closed_to_real=standings.closed),
            owner=name,
            lease=LEASE,
            concluded=lambda _: None,
            newer=newer,
        )

    async def look(self) -> None:
        """A minute of looks."""
        await self.presence.step()
        await self.live_gate.step()

    async def sends(self, keys: Desk, to: str = PARTNER) -> list[Any]:
        """Which referrals it sends there, once there is nothing left that it may."""
        self.desk.keys = keys.keys
        await self.desk.work()
        sent = [parcel.referral for parcel in self.desk.channels[to].sent]
        self.desk.channels[to].sent.clear()
        return sent


def ids_of(*records: str) -> list[Any]:
    """Of these referrals to the usual partner."""
    return [samples.referral(record).id for record in records]


async def taken(desk: Desk, record: str, to: str = PARTNER) -> None:
    """Test data that is due."""
    await desk.take(samples.referral(record, partner=to))


async def test_the_entry_that_was_taken_up_last_counts_until_all_have_it(ledger: Ledger) -> None:
    """Who has the older one leaves that partner alone, and no other; what it had in hand it ends."""
    old, new = Instance(ledger, "1", OLD), Instance(ledger, "2", OLD)
    await old.look()
    await new.look()
    desk = old.desk
    await taken(desk, "T-1")
    assert await old.sends(desk) == ids_of("T-1")
    new = Instance(ledger, "2", NEW)  # started again, with another file
    with capture_logs() as lines:
        await new.look()
        await old.look()
    told = [(line["event"], line.get("partner")) for line in lines]
    assert ("notify.partner_left", PARTNER) in told
    await taken(desk, "T-2")
    await taken(desk, "T-3", to="tweede")
    assert await old.sends(desk) == []
    assert await old.sends(desk, "tweede") == [samples.referral("T-3", partner="tweede").id]
    assert await new.sends(desk) == ids_of("T-2")
    old = Instance(ledger, "1", NEW)
    await old.look()
    await taken(desk, "T-4")
    assert await old.sends(desk) == ids_of("T-4")


async def test_an_instance_that_is_started_again_with_what_it_had_takes_up_nothing(ledger: Ledger) -> None:
    """A crash of the one that was not changed yet gives nothing back to the older entry, not after days either."""
    old, new = Instance(ledger, "1", OLD), Instance(ledger, "2", NEW)
    for each in (old, new):
        await each.look()
    for days in (0, 10):
        ledger.later(days=days)
        await new.look()
        again = Instance(ledger, "1", OLD)
        await again.look()
        await taken(old.desk, f"T-{days}")
        assert await again.sends(old.desk) == []
        assert await new.sends(old.desk) == ids_of(f"T-{days}")


async def test_what_is_taken_back_counts_again(ledger: Ledger) -> None:
    """A person puts the older file back: it was taken up last, whoever had it all the time, whoever is gone since."""
    old, new = Instance(ledger, "1", OLD), Instance(ledger, "2", NEW)
    for each in (old, new, Instance(ledger, "3", NEW), old):
        await each.look()
    await taken(old.desk, "T-1")
    assert await old.sends(old.desk) == []
    for each in (Instance(ledger, "3", OLD), old, new):
        await each.look()
    assert await new.sends(old.desk) == []
    assert await old.sends(old.desk) == ids_of("T-1")
    ledger.later(minutes=20)
    for each in (old, new, old):
        await each.look()
    await taken(old.desk, "T-2")
    assert await new.sends(old.desk) == []
    assert await old.sends(old.desk) == ids_of("T-2")


async def test_nothing_is_left_to_an_instance_that_is_gone(ledger: Ledger) -> None:
    """Somebody waits for help: after three minutes without a sign of it, the older entry is better than none."""
    old, new = Instance(ledger, "1", OLD), Instance(ledger, "2", NEW)
    for each in (old, new, old):
        await each.look()
    await taken(old.desk, "T-1")
    ledger.later(seconds=SIGNS.total_seconds())
    await old.look()
    assert await old.sends(old.desk) == []
    ledger.later(seconds=1)
    await old.look()
    assert await old.sends(old.desk) == ids_of("T-1")
    await new.look()
    await old.look()
    await taken(old.desk, "T-2")
    assert await old.sends(old.desk) == []


async def test_what_the_newest_entry_may_not_have_the_older_one_does_not_let_go(ledger: Ledger) -> None:
    """Its new address was not checked: it waits, is not parked and let go in turns, and the alert sees that."""
    await proven(ledger.database, [OLD], ledger.now)
    old, new = Instance(ledger, "1", OLD), Instance(ledger, "2", MOVED)
    for each in (old, new, old):
        await each.look()
    [referral] = await old.desk.take(samples.referral(about=REAL))
    for _ in range(3):
        ledger.later(minutes=1)
        for each in (old, new):
            await each.look()
            assert await each.sends(old.desk) == []
    line = await ledger.line(referral)
    assert (line.state, line.reason, line.moves) == (DeliveryState.PARKED, "changed-since-check", 1)
    live = f'seinpaal_partner_live_seconds{{partner="{PARTNER}"}} 0.0'
    assert all(live in each.metrics.text().decode() for each in (old, new))
    assert await went(ledger, referral, old)


async def went(ledger: Ledger, referral: Referral, old: Instance) -> bool:
    """Whether it goes by the older entry once that is the only one again."""
    await Instance(ledger, "2", OLD).look()
    for _ in range(2):
        await old.look()
    return await old.sends(old.desk) == [referral.id]


async def test_who_is_left_to_another_is_not_asked_either(ledger: Ledger, server: Server) -> None:
    """The question would go to an address that a person has changed."""
    newer = Newer()
    async with serving(server.handle) as url:
        beat = await Beat(ledger, str(url), newer=newer).begin()
        await delivered(ledger, referral := samples.referral())
        server.tasks = [task(referral, "accepted")]
        newer.left = frozenset({PARTNER})
        ledger.later(minutes=10)
        await beat.ask()
        assert server.asked == []
        newer.left = frozenset()
        await beat.ask()
        assert server.asked
        await beat.close()

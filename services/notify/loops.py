"""LOOPS: everything that looks after the ledger again and again, beside what sends and what publishes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from services.notify import early
from services.notify.caught_up import CaughtUp
from services.notify.certificates import Certificates
from services.notify.desk_clock import DeskClock
from services.notify.directory import Directory
from services.notify.disabled_partners import DisabledPartners
from services.notify.footing import Footing
from services.notify.gauges import Gauges
from services.notify.lane_settler import LaneSettler
from services.notify.live_gate import LiveGate
from services.notify.loop import Loop
from services.notify.newest_entry import Newer
from services.notify.presence import Presence
from services.notify.reminder import Reminder
from services.notify.secrets import Secrets
from services.notify.standings import Standings
from services.notify.steady_clock import SteadyClock
from services.notify.watchdog import Watchdog
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Looking:
    """What they look at and tell. `read`: how far all instances are with the topic of referrals.

    `told`: there is something to publish; `woken`: something to send, too.
    """

    instance: str
    database: Database
    directory: Directory
    standings: Standings
    newer: Newer
    secrets: Secrets
    metrics: Metrics
    clock: Clock
    read: CaughtUp
    told: Callable[[], None]
    woken: Callable[[], None]

    async def loops(self) -> list[Loop]:
        """Not started; what must be known before the first referral is sent is known."""
        told = Footing(self.database, self.directory, self.clock, self.told)
        woken = replace(told, committed=self.woken)
        late = replace(told, clock=SteadyClock(self.clock))
        presence = Presence(told, self.instance, self.metrics, self.newer)
        await presence.step()  # whom our last run knew, and we do not, nobody counts on us for
        watchdog = Watchdog(late)
        await watchdog.strand()
        reminder = Reminder(told, late)
        await reminder.begin()
        live_gate = LiveGate(woken, self.standings, self.metrics, self.newer)
        await live_gate.look()
        certificates = Certificates(self.directory.partners.values(), self.secrets, self.metrics, self.clock)
        return [
            Loop("presence", presence.step),
            Loop("watchdog", watchdog.step),
            Loop("desk-clock", DeskClock(late).step),
            Loop("reminder", reminder.step),
            Loop("early", early.Early(replace(woken, clock=late.clock), self.read).step),
            Loop("lane-settler", LaneSettler(woken).step),
            Loop("disabled-partners", DisabledPartners(woken).step),
            Loop("live-gate", live_gate.step),
            Loop("gauges", Gauges(self.database, self.metrics, self.clock).step),
            Loop("certificates", certificates.step),
        ]

"""Wires notify: opens its ledger, the keyring and Kafka, and keeps its loops going."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from random import random
from typing import Final

from schemas.codes import Stage
from schemas.topics import COMMANDS, REFERRALS, Topic
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.store import Keyring
from services.notify.attempt_log import concluded
from services.notify.caught_up import CaughtUp
from services.notify.collector import Collector
from services.notify.deliver import Delivering
from services.notify.desk import Desk
from services.notify.directory import heard_from, read_directory, shut_out
from services.notify.doors import doors
from services.notify.footing import Footing
from services.notify.foreign_requests import ForeignRequests
from services.notify.intake import Intake
from services.notify.loop import Loop
from services.notify.loops import Looking
from services.notify.newest_entry import Newer
from services.notify.offset_tables import stored_offsets
from services.notify.parking import Parking
from services.notify.partner_channels import outlets
from services.notify.polling_service import asking
from services.notify.reception.callers import callers
from services.notify.references import readable
from services.notify.relay import Relay
from services.notify.report_intake import Following
from services.notify.requests import unhurried
from services.notify.secrets import Secrets
from services.notify.settings import MIGRATIONS, NotifySettings
from services.notify.standings import Standings
from services.notify.topics import topics
from services.notify.worker import Worker
from services.runtime.clock import Clock, now
from services.runtime.database import Database
from services.runtime.first_start import start_with
from services.runtime.kafka import BatchSeen, Hop, SetAsides, Sink, ensure_topics, offsets
from services.runtime.log import get_logger
from services.runtime.metrics import Metrics
from services.runtime.service import Health, Part
from services.runtime.settings import KafkaSettings

DRAIN_SECONDS: Final = 25.0
"""How long what is under way may take when we stop."""

RELAY_SECONDS: Final = 10.0
"""How long the last facts may take to be published when we stop."""

ASK_SECONDS: Final = 5.0
"""How long answers to our questions may take when we stop: they can be asked again."""

MARGIN: Final = timedelta(seconds=5)
"""An attempt ends that long before its lease does."""

log = get_logger(__name__)


class NotifyService:
    """One of any number of instances in one consumer group, on one ledger."""

    name = "notify"

    def __init__(
        self,
        settings: NotifySettings,
        kafka: KafkaSettings,
        keys: KeyringSettings,
        *,
        observe: Callable[[BatchSeen], None] | None = None,
        metrics: Metrics | None = None,
        clock: Clock = now,
    ) -> None:
        """Reads partners and corporations at once; `observe` is told of every batch, in place of `metrics`.

        Raises Refused when one of them cannot be used.
        """
        self._settings, self._kafka, self._keys = settings, kafka, keys
        self._metrics = metrics or Metrics()
        self._observe = observe or self._metrics.observe_batch
        self._clock = clock
        self.directory: Final = heard_from(read_directory(settings.config), settings.reached_at)
        partners = self.directory.partners.values()
        unhurried(partners, settings.lease - MARGIN, MARGIN)
        secrets = Secrets(settings.secrets)
        readable(partners, secrets)
        self._doors = doors(partners, secrets)
        self._channels = outlets(partners, self._doors, secrets, settings.reached_at, source=kafka.source)
        self._standings, self._newer = Standings(clock), Newer()
        self._opened, self._listens = AsyncExitStack(), settings.listens
        self._callers = callers(self.directory.partners, secrets)
        self._parts: list[Part] = []

    async def start(self) -> None:
        """Open everything and join the group; what was opened is closed again when something is not there."""
        try:
            await self._open()
        except BaseException:
            await self.stop()
            raise
        log.info("notify.started", count=len(self.directory.partners))

    async def stop(self) -> None:
        """Take nothing more, finish and write what is under way, close everything."""
        await self._opened.aclose()

    def healthy(self) -> Health:
        """As its parts are."""
        return Health.of(self._parts)

    async def _open(self) -> None:
        keyring, keys = await open_keyring(self._keys)
        self._opened.push_async_callback(keys.stop)
        database = Database(self._settings.database_url, MIGRATIONS)
        self._opened.push_async_callback(database.stop)
        await ensure_topics(self._kafka, topics(self.directory))
        group = self._settings.group
        await start_with(database, self._kafka, {group: REFERRALS.name, f"{group}-commands": COMMANDS.name})
        sink = Sink(self._kafka, client_id=f"notify-{self._settings.instance}")
        self._opened.push_async_callback(sink.stop)
        await sink.start()
        for door in self._doors.values():  # no channel has connections beside its door's
            self._opened.push_async_callback(door.close)
        woken = await self._set_going(database, keyring, sink)
        footing = Footing(database, self.directory, self._clock, woken)
        aside = Parking(await keyring.parking_key(), self._clock)
        await self._join("notify", REFERRALS, Intake(footing, aside), sink, database)
        await self._join("notify-commands", COMMANDS, Desk(footing, aside), sink, database)
        foreign_requests = ForeignRequests(footing)
        self._opened.push_async_callback(foreign_requests.drain)
        self._begin(Loop("foreign-requests", foreign_requests.step))
        closed = self._standings.closed
        collector = Collector(database, keyring.find, self.directory, self._clock, woken, closed, foreign_requests.note)
        following = Following(footing, foreign_requests)
        poller = asking(self._settings, footing, self._doors, following, metrics=self._metrics, newer=self._newer)
        await self._receive(database, collector, following, poller.loop.wake)
        await poller.begin()  # once partners reach us, as their servers try a Subscription at once
        self._opened.push_async_callback(poller.drain, ASK_SECONDS)
        self._begin(poller.loop)

    async def _set_going(self, database: Database, keyring: Keyring, sink: Sink) -> Callable[[], None]:
        """Every loop; returns what to call when there may be something to send or to publish."""
        settings, clock = self._settings, self._clock
        publisher = Relay(database, sink.send, settings.instance, clock)
        relay = Loop("relay", publisher.step)
        worker = self._worker(database, keyring, relay.wake)
        sending = Loop("worker", worker.step)
        worker.wake = sending.wake

        def woken() -> None:
            """The ledger was changed: look what is to be sent and to be published."""
            worker.arrived()
            relay.wake()

        self._opened.push_async_callback(publisher.drain, RELAY_SECONDS)
        self._begin(relay)
        await worker.resume()
        self._opened.push_async_callback(worker.drain, DRAIN_SECONDS)  # also of a start that fails: that is no death
        looking = Looking(
            settings.instance,
            database,
            self.directory,
            self._standings,
            self._newer,
            secrets=Secrets(settings.secrets),
            metrics=self._metrics,
            clock=clock,
            read=CaughtUp(partial(offsets, self._kafka, settings.group, [REFERRALS.name])),
            told=relay.wake,
            woken=woken,
        )
        for loop in await looking.loops():
            self._begin(loop)
        self._begin(sending)
        return woken

    def _worker(self, database: Database, keyring: Keyring, told: Callable[[], None]) -> Worker:
        return Worker(
            database,
            keyring.find,
            self._delivering(),
            owner=self._settings.instance,
            lease=self._settings.lease,
            concluded=concluded(self._metrics, told),
            limits=self._settings.breaker,
            doors=self._doors,
            newer=self._newer,
        )

    async def _receive(
        self, database: Database, collector: Collector, following: Following, noticed: Callable[[], None]
    ) -> None:
        """Open the door to partners, where one is asked for."""
        if self._listens is None:
            for partner in shut_out(self.directory):
                log.warning("notify.partner_cannot_reach_us", partner=partner, setting="NOTIFY_LISTEN")
            return
        from services.notify.reception.routers import partner_routers  # noqa: PLC0415  a web framework: 0.2 s of a start
        from services.notify.reception.service import Reception  # noqa: PLC0415  same

        source, newer = self._kafka.source, self._newer
        routers = partner_routers(database, collector, following, self._clock, noticed, source=source, newer=newer)
        reception = Reception(self._listens, self._callers, routers, self._metrics, rate=self._settings.listen_rate)
        self._opened.push_async_callback(reception.stop)
        self._parts.append(reception)
        await reception.start()

    def _delivering(self) -> Delivering:
        return Delivering(
            directory=self.directory,
            channels=self._channels,
            schedule=self._settings.schedule,
            clock=self._clock,
            dice=random,
            patience=self._settings.lease - MARGIN,
            closed_to_real=self._standings.closed,
        )

    def _begin(self, loop: Loop) -> None:
        loop.start()
        self._opened.push_async_callback(loop.stop)
        self._parts.append(loop)

    async def _join(self, name: str, topic: Topic, reader: Intake | Desk, sink: Sink, database: Database) -> None:
        stored = stored_offsets(database, f"{self._settings.group}{name.removeprefix('notify')}")
        hop = Hop(
            name=name,
            settings=self._kafka,
            topics=[topic.name],
            group=stored.group,
            instance=self._settings.instance,
            handle=reader.handle,
            park=reader.park,
            sink=sink,
            stage=Stage.NOTIFY,
            stored=stored,
            asked=SetAsides(self._kafka),
            max_records=self._settings.max_records,
            observe=self._observe,
        )
        self._opened.push_async_callback(hop.stop)
        self._parts.append(hop)
        await hop.start()

"""Gathers what a reconciliation needs from Kafka, the log and the ledger, and looks twice where it must."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from schemas.corporation import Sources
from schemas.record import Record
from schemas.topics import AUDIT, COMMANDS, REFERRALS, SIGNALS
from services.audit.books import Books
from services.audit.reconcile import Picture, Reader, Reading, Reconciliation
from services.audit.reconcile import reconcile as compare
from services.audit.service import PLACE
from services.audit.settings import MIGRATIONS as LOG_MIGRATIONS
from services.audit.store import AuditStore
from services.console.ledger import LedgerCount, NotifyLedger
from services.console.look import Looking
from services.notify.settings import MIGRATIONS as LEDGER_MIGRATIONS
from services.runtime.database import look_into
from services.runtime.errors import Refused
from services.runtime.kafka import Offsets, offsets, owned, scan
from services.runtime.settings import KafkaSettings
from services.runtime.yaml_file import load_yaml

SECONDS_BETWEEN_ASKING: Final = 0.2
TIMES_ASKED_AGAIN: Final = 2
EVERY_STAGE: Final = "all"
"""Whose reading of a topic is that of several stages."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where everything is. `patience`: seconds that the readers get to take in what there was at the first look."""

    kafka: KafkaSettings
    audit_url: str
    notify_url: str
    config: Path
    patience: float = 15.0
    ingest_group: str = "ingest"
    router_group: str = "router"
    notify_group: str = "notify"
    audit_group: str = "audit"

    @property
    def command_groups(self) -> tuple[str, ...]:
        """Who reads commands: each stage carries out its own, and passes over the others'."""
        return tuple(f"{group}-commands" for group in (self.ingest_group, self.router_group, self.notify_group))


async def reconcile(gathering: Gathering) -> Reconciliation:
    """Look, and where something seems to be missing, wait for the readers and look again.

    Raises:
        Refused: the configuration cannot be read, or a database was never made.
        TryLater: a database is not there.
    """
    async with AsyncExitStack() as opened:
        log = await look_into(gathering.audit_url, LOG_MIGRATIONS, "AUDIT_DATABASE_URL")
        opened.push_async_callback(log.stop)
        notify = await look_into(gathering.notify_url, LEDGER_MIGRATIONS, "NOTIFY_DATABASE_URL")
        opened.push_async_callback(notify.stop)
        ledger = NotifyLedger(notify)
        kafka = _Kafka(gathering)
        looking = Looking(Books(log), ledger, kafka.readings, kafka.scan)

        async def caught_up(first: Picture) -> frozenset[Reader]:
            """Wait for the readers."""
            return await _caught_up(first, kafka, ledger, AuditStore(log), gathering.patience)

        return await judged(looking.look, caught_up)


async def judged(
    look: Callable[[int | None], Awaitable[Picture]], caught_up: Callable[[Picture], Awaitable[frozenset[Reader]]]
) -> Reconciliation:
    """Look twice, and a third time if the first list was full: what stood behind it cannot be recognised."""
    first = await look(None)
    if not first.suspects:
        return compare(first, first, frozenset())
    behind = await caught_up(first)
    second = await look(first.size)
    if first.more and second.suspects:
        first, behind = second, await caught_up(second)
        second = await look(first.size)
    return compare(first, second, behind)


class _Kafka:
    """How far each group is, and what is in a topic."""

    def __init__(self, gathering: Gathering) -> None:
        self._settings = gathering.kafka
        corporations = load_yaml(gathering.config / "sources.yaml", Sources).corporations
        self._sources = sorted({source.topic for corporation in corporations for source in corporation.sources})
        self._gathering = gathering

    async def readings(self) -> list[Reading]:
        """Every partition that a stage reads."""
        gathering = self._gathering
        return [
            *await self._sourced(),
            *await self.of("router", gathering.router_group, [SIGNALS.name]),
            *await self.of("notify", gathering.notify_group, [REFERRALS.name]),
            *together([await self.of(EVERY_STAGE, group, [COMMANDS.name]) for group in gathering.command_groups]),
        ]

    async def _sourced(self) -> list[Reading]:
        """Ingest's, with whether anybody has them: a source can be known to nobody who runs."""
        group = self._gathering.ingest_group
        had = await owned(self._settings, group)
        found = await self.of("ingest", group, self._sources)
        return [replace(one, owned=had is None or (one.topic, one.partition) in had) for one in found]

    async def of(self, stage: str, group: str, topics: Sequence[str]) -> list[Reading]:
        """One group's. A topic that does not exist holds nothing, whatever stood in it.

        A broker that has just started may not tell what was committed, so it is asked again before that is believed of
        a topic that holds anything.
        """
        found = await self._offsets(group, topics)
        for _ in range(TIMES_ASKED_AGAIN):
            if any(one.committed is not None for one in found.values()) or not any(one.end for one in found.values()):
                break
            await asyncio.sleep(SECONDS_BETWEEN_ASKING)
            found = await self._offsets(group, topics)
        missing = set(topics) - {topic for topic, _ in found}
        return [
            *(
                Reading(stage, topic, partition, one.beginning, one.committed, one.end)
                for (topic, partition), one in found.items()
            ),
            *(Reading(stage, topic, 0, 0, None, 0, exists=False) for topic in sorted(missing)),
        ]

    async def all_owned(self) -> bool:
        """Whether somebody has every partition in which records wait."""
        return all(reading.owned for reading in await self.readings() if reading.waiting)

    async def audit_end(self) -> int:
        """Where `audit.v1` ends now."""
        found = await self._offsets(self._gathering.audit_group, [AUDIT.name])
        return found[PLACE].end if PLACE in found else 0

    def scan(self, topic: str, start: int) -> AsyncIterator[Record]:
        """Every record of a topic."""
        return scan(self._settings, topic, start=start)

    async def _offsets(self, group: str, topics: Sequence[str]) -> dict[tuple[str, int], Offsets]:
        try:
            return await offsets(self._settings, group, topics)
        except Refused:
            if len(topics) == 1:
                return {}
        each = [await self._offsets(group, [topic]) for topic in topics]
        return {place: found for part in each for place, found in part.items()}


def together(each: Sequence[Sequence[Reading]]) -> list[Reading]:
    """Partitions that several groups read: the last one says how far all are. Only then every record has its fact."""
    last: dict[tuple[str, int], Reading] = {}
    for reading in (one for readings in each for one in readings):
        known = last.setdefault((reading.topic, reading.partition), reading)
        if reading.read < known.read:
            last[reading.topic, reading.partition] = reading
    return list(last.values())


async def _in_time(done: Callable[[], Awaitable[bool]], until: float) -> bool:
    """Ask again and again until it is done, or the time is over."""
    while not await done():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(SECONDS_BETWEEN_ASKING)
    return True


async def _caught_up(
    first: Picture, kafka: _Kafka, ledger: LedgerCount, store: AuditStore, patience: float
) -> frozenset[Reader]:
    """Wait until every reader has taken in all there was at the first look; tell who has not when time is up.

    In the order of the flow: what the router still decides, notify must take in, publish, and the log must have.
    """
    until = time.monotonic() + patience
    behind: set[Reader] = set()

    async def wait(reader: Reader, done: Callable[[], Awaitable[bool]]) -> None:
        """For one of them, and note it when it has not."""
        if not await _in_time(done, until):
            behind.add(reader)

    ends = {(reading.topic, reading.partition): reading.end for reading in first.readings}

    async def has_read(stage: str) -> bool:
        """Whether it committed everything that stood there at first."""
        readings = [reading for reading in await kafka.readings() if reading.stage == stage]
        return all(reading.read >= ends.get((reading.topic, reading.partition), 0) for reading in readings)

    await wait(Reader.ROUTER, lambda: has_read("router"))
    await wait(Reader.NOTIFY, lambda: has_read("notify"))
    newest = await ledger.newest()

    async def published() -> bool:
        """Whether everything that stood in the outbox has left it."""
        return not await ledger.unpublished(newest)

    await wait(Reader.OUTBOX, published)
    end = await kafka.audit_end()

    async def recorded() -> bool:
        """Whether the log holds every fact there was."""
        return await store.next_offset(PLACE) >= end

    await wait(Reader.AUDIT, recorded)
    await wait(Reader.INGEST, kafka.all_owned)
    return frozenset(behind)

"""Wires the audit stage: the database, the hop on `audit.v1`, and catching up after a restored backup."""

from collections.abc import Callable
from contextlib import aclosing
from typing import Final

from schemas.parked import Coordinates
from schemas.record import Record
from schemas.topics import AUDIT, PARKED
from services.audit.handler import Handler
from services.audit.settings import MIGRATIONS, AuditSettings
from services.audit.store import AuditStore, Place
from services.runtime.clock import Clock, now
from services.runtime.database import Database
from services.runtime.database_look import DatabaseLook
from services.runtime.errors import Refused
from services.runtime.kafka import (
    BatchSeen,
    Hop,
    Sink,
    TopicSpec,
    compacts,
    ensure_topics,
    offsets,
    record_at,
    scan,
    unseen,
)
from services.runtime.log import get_logger
from services.runtime.parking import ParkingKey
from services.runtime.server_log import warn_of_server_log
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings

log = get_logger(__name__)

PLACE: Final[Place] = (AUDIT.name, 0)
TOPICS: Final = (
    TopicSpec(AUDIT.name, AUDIT.partitions, AUDIT.configs(), exactly=True),
    TopicSpec(PARKED.name, PARKED.partitions, PARKED.configs()),
)


class OtherTopic(Refused):
    """The log was made of another `audit.v1` than this one; both together would be the log of neither."""

    def __init__(self, offset: int, kafka: KafkaSettings) -> None:
        super().__init__(
            f"audit: the log's first fact does not stand at offset {offset} of {AUDIT.name} at {kafka.bootstrap}: that "
            "is another broker, or it lost what it held. Set KAFKA_BOOTSTRAP to the one that the log was made of; "
            "where that is gone, deploy/README.md tells under Losing all of Kafka what is lost and how to go on"
        )


class AuditService:
    """Keeps the log. One process of it writes at a time; another one stands by."""

    name = "audit"

    def __init__(
        self,
        settings: AuditSettings,
        kafka: KafkaSettings,
        *,
        observe: Callable[[BatchSeen], None] = unseen,
        clock: Clock = now,
    ) -> None:
        """`observe` is told of every batch. Raises Refused when the parking key is not one."""
        self._kafka = kafka
        self._settings = settings
        self._database = Database(settings.database_url, MIGRATIONS)
        self._store = AuditStore(self._database)
        self._handler = Handler(self._store, ParkingKey.parse(settings.parking_key), clock, self._empty)
        self._look = DatabaseLook(self._database.look)
        self._sink = Sink(kafka, client_id="seinpaal-audit")
        self._hop = Hop(
            name=self.name,
            settings=kafka,
            topics=[AUDIT.name],
            group=settings.group,
            instance=settings.instance,
            handle=self._handler,
            park=self._handler.park,
            sink=self._sink,
            max_records=settings.max_records,
            observe=observe,
        )

    async def start(self) -> None:
        """Raises Refused when the topic drops facts, no longer holds what the log still lacks, or is another one."""
        try:
            await self._database.start()
            await warn_of_server_log(self._database)
            await ensure_topics(self._kafka, TOPICS)
            await self._require_lasting()
            await self._sink.start()
            await self._require_same()
            await self._catch_up()
            await self._hop.start()
            self._look.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Finish the batch in hand, then close."""
        await self._look.stop()
        await self._hop.stop()
        await self._sink.stop()
        await self._database.stop()

    def healthy(self) -> Health:
        """As the hop and the database are."""
        return Health.of((self._hop, self._look))

    async def _require_lasting(self) -> None:
        if await compacts(self._kafka, AUDIT.name):
            raise Refused(f"{AUDIT.name} drops facts for newer ones: set its cleanup.policy to delete")

    async def _require_same(self) -> None:
        """A broker that came back empty, or is another one, begins again at offset 0, and ids go by offsets."""
        first = await self._store.first()
        if first is None:
            return
        offset, salt = first
        where = (await offsets(self._kafka, self._settings.group, [AUDIT.name]))[PLACE]
        if offset < where.beginning:
            return
        place = Coordinates(topic=AUDIT.name, partition=0, offset=offset)
        record = await record_at(self._kafka, place)
        if record is None or ("salt", salt) not in record.headers:
            raise OtherTopic(offset, self._kafka)
        if where.end < (following := await self._store.next_offset(PLACE)):
            log.error("audit.shortened", why=f"{AUDIT.name} ends before offset {where.end}, the log before {following}")

    async def _catch_up(self) -> None:
        """A log restored from a backup ends before what its group committed: the topic still has the rest.

        A broker that has just started may not tell what was committed: then the rest is read too, to be sure.
        """
        following = await self._store.next_offset(PLACE)
        where = (await offsets(self._kafka, self._settings.group, [AUDIT.name]))[PLACE]
        if where.beginning > following:
            raise Refused(
                f"audit: the log ends before offset {following} and {AUDIT.name} begins at {where.beginning}: entries "
                "are missing. Restore a later backup of the log; where there is none, services/audit/README.md tells "
                "how to go on without them"
            )
        if where.committed is not None and where.committed <= following:
            return
        batch: list[Record] = []
        async for record in scan(self._kafka, AUDIT.name, start=following):
            batch.append(record)
            if len(batch) == self._settings.max_records:
                await self._take_in(batch)
                batch = []
        if batch:
            await self._take_in(batch)

    async def _empty(self, start: int, before: int) -> bool:
        return await empty(self._kafka, self._settings.group, start, before)

    async def _take_in(self, batch: list[Record]) -> None:
        await self._sink.send(await self._handler(batch))


async def empty(kafka: KafkaSettings, group: str, start: int, before: int) -> bool:
    """Whether no record of the topic stands from `start` to before `before`, and none was deleted there.

    Where the broker does not tell how it deletes it may have been, and somebody must give us the right to ask.
    """
    async with aclosing(scan(kafka, AUDIT.name, start=start)) as records:
        following = await anext(records, None)
    if following is None or following.offset < before:
        return False
    dropping = await compacts(kafka, AUDIT.name)
    if dropping is None:
        why = f"nothing stands before offset {before}: to go on, give us DescribeConfigs on {AUDIT.name}"
        log.warning("audit.gap", why=why)
    if dropping is not False:
        return False
    return (await offsets(kafka, group, [AUDIT.name]))[PLACE].beginning <= start

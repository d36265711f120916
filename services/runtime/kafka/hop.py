"""One hop: read a batch, handle it, have its outputs acknowledged, commit exactly that batch; or read it again."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from schemas.codes import Stage
from schemas.record import Record
from services.runtime.ending import cancelled
from services.runtime.errors import TryLater, told
from services.runtime.kafka.anew import Anew
from services.runtime.kafka.backoff import pause
from services.runtime.kafka.batch_seen import BatchSeen, Outcome, unseen
from services.runtime.kafka.behind import Behind, Stored
from services.runtime.kafka.carrying import Asked, Carried, Handler, Park, PartWaits, carry
from services.runtime.kafka.connection import bootstrap, reached, security
from services.runtime.kafka.expiry import Expiry
from services.runtime.kafka.liveness import Wait, judge
from services.runtime.kafka.namesake import Namesake, member_name
from services.runtime.kafka.opening import opened
from services.runtime.kafka.polling import Poll
from services.runtime.kafka.positions import first_offsets, next_offsets
from services.runtime.kafka.sink import Sink
from services.runtime.kafka.timing import USUAL, Timing
from services.runtime.kafka.topics import require_topics
from services.runtime.kafka.watch import Watch
from services.runtime.log import get_logger
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings

FETCH_MAX_WAIT_MS: Final = 1_000
FETCH_ROUND_MS: Final = 1_000  # how often aiokafka's fetcher looks round unasked; whatever happens wakes it earlier
METADATA_MAX_AGE_MS: Final = 30_000  # a topic or broker that was away is seen again after this, not after 5 minutes
CLOSING: Final = 10.0  # seconds for goodbyes, after the batch in hand

log = get_logger(__name__)


class Hop:
    """Reads topics as a static member of a group and carries every batch on: at least once, in order, none dropped."""

    _failures = 0
    _wait: Wait | None = None
    _broker: KafkaBroker | None = None
    _consumer: Any = None  # an AIOKafkaConsumer, once started

    def __init__(
        self,
        *,
        name: str,
        settings: KafkaSettings,
        topics: Sequence[str],
        group: str,
        instance: str,
        handle: Handler,
        park: Park,
        sink: Sink,
        stage: Stage | None = None,
        stored: Stored | None = None,
        asked: Asked | None = None,
        max_records: int = 500,
        observe: Callable[[BatchSeen], None] = unseen,
        timing: Timing = USUAL,
        ticks: Callable[[], float] = time.monotonic,
        dice: Callable[[], float] = random.random,
    ) -> None:
        """`instance` is this process's lasting name within the group: it finds its partitions again after a restart.

        `handle` turns records into outputs. It may be called again with the same records, all or one at a time, so
        what it changes must be the same when done twice. It raises `TryLater` when nothing can be decided now; a record
        for which it raises anything else is given to `park`, which returns what is written instead; so is one that
        holds up its partition, once `asked` tells that a person set it aside. `observe` is called after every batch,
        and must not raise. `sink` is started and stopped by whoever made it. `stage` is who tells by a fact
        what Kafka deleted unread; without one nobody does. `stored` is where the database stands that `handle` changes.
        """
        self.name = name
        self._settings, self._topics, self._group = settings, topics, group
        self._handle, self._park, self._asked, self._sink, self._observe = handle, park, asked, sink, observe
        self._max_records, self._timing, self._ticks, self._dice = max_records, timing, ticks, dice
        self._member = member_name(group, instance, topics)
        self._namesake = Namesake(settings, group, self._member)
        self._anew = Anew(name, timing.anew, ticks)
        self._behind = Behind(name, stored, self._anew, timing.anew, ticks)
        self._expiry = Expiry(group, stage, sink, self._anew, behind=self._behind)
        self._watch = Watch(timing, ticks, self._namesake, self._anew)
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Joins the group and returns when it has told us our partitions. May be tried again after it failed.

        Raises `Refused` for a topic that does not exist, `TryLater` when no broker answers.
        """
        self._stopping.clear()
        self._broker = broker = self._make_broker()
        try:
            await require_topics(self._settings, self._topics)
            with reached(self._settings):
                await opened(self._join(broker))
        except BaseException:
            await self.stop()
            raise

    async def _join(self, broker: KafkaBroker) -> None:
        """All in one task: between two, FastStream's loop would poll before the poll is ours."""
        subscriber = self._subscribe(broker)
        subscriber(self._on_batch)
        await broker.start()
        self._consumer = subscriber.consumer
        self._namesake.follow(self._consumer)
        self._consumer.getmany = Poll(self._consumer, self._watch, self._ticks, self._expiry.look)

    async def stop(self) -> None:
        """Finishes and commits the batch in hand, within the time `timing.stop`; takes no other. Safe to call twice."""
        self._stopping.set()
        self._namesake.step_aside()
        broker, self._broker = self._broker, None
        if broker is not None:
            with suppress(TimeoutError):  # a broker that hangs must not keep us: what it still holds open ends with us
                await asyncio.wait_for(broker.stop(), self._timing.stop + CLOSING)

    def healthy(self) -> Health:
        """Alive while batches get done or there are none, a while longer if they wait; refused for a name in use."""
        if self._consumer is None:
            return Health(alive=True, ready=False, why="not started")
        if self._namesake.found:
            return Health(alive=False, ready=False, why=self._namesake.why(self.name), refused=True)
        return judge(self._watch.progress(), self._ticks(), self._timing, self._wait)

    def lag(self) -> int:
        """Records not done yet, as far as the broker has told. 0 while we have no partitions."""
        return 0 if self._consumer is None else self._watch.lag(self._consumer)

    def _make_broker(self) -> KafkaBroker:
        return KafkaBroker(
            bootstrap(self._settings),
            security=security(self._settings),
            client_id=self._member,
            consumer_only=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
            graceful_timeout=self._timing.stop,
            apply_types=False,
            serializer=None,
            logger=None,  # what it would log, it would log with the record; `observe` tells what happened
        )

    def _subscribe(self, broker: KafkaBroker) -> Any:
        async def undecoded(records: tuple[Any, ...]) -> KafkaAckableMessage:
            """One message of the whole batch, of which nothing was read."""
            return KafkaAckableMessage(body=b"", raw_message=records, consumer=self._consumer)

        async def as_they_are(message: KafkaAckableMessage) -> Any:
            """The records, as the client gave them."""
            return message.raw_message

        return broker.subscriber(
            *self._topics,
            batch=True,
            max_records=self._max_records,
            group_id=self._group,
            group_instance_id=self._member,
            session_timeout_ms=int(self._timing.session * 1000),
            heartbeat_interval_ms=int(self._timing.session * 300),
            rebalance_timeout_ms=int(self._timing.rebalance * 1000),
            auto_offset_reset="earliest",
            isolation_level="read_committed",  # what a tenant's aborted transaction wrote never happened
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
            consumer_timeout_ms=FETCH_ROUND_MS,
            ack_policy=AckPolicy.MANUAL,
            parser=undecoded,
            decoder=as_they_are,
            listener=self._watch,
            no_reply=True,
        )

    async def _on_batch(self, records: Sequence[Record]) -> None:
        self._watch.take(len(records))
        began = self._ticks()
        outcome: Outcome = "later"
        carried, why = Carried(0), ""
        try:
            try:
                await self._behind.check(self._consumer, first_offsets(records))
                carried = await carry(records, self._handle, self._park, self._sink, self._asked)
            except PartWaits as waits:
                carried = waits.carried
                await self._commit(waits.done)
                raise
            outcome = await self._commit(records)
        except (Exception, asyncio.CancelledError) as error:  # whatever it is, nothing was committed: all comes again
            if cancelled():
                raise
            self._rewind(error.left if isinstance(error, PartWaits) else records)
            why = type(error).__name__
            self._wait = Wait(told(error), isinstance(error, TryLater))
            log.warning("hop.later", service=self.name, records=len(records), exc_info=error)
        finally:
            self._watch.put_down(finished=outcome != "later")
        try:
            self._observe(BatchSeen(self.name, len(records), *carried, self._ticks() - began, outcome, why))
        finally:
            await self._rest(outcome)

    async def _commit(self, records: Sequence[Record]) -> Outcome:
        """Only this batch's own offsets, and only where the partition is still ours."""
        consumer = self._consumer
        firsts, following = first_offsets(records), next_offsets(records)
        ours = consumer.assignment()
        kept = {where: offset for where, offset in following.items() if where in ours}
        offsets = await self._anew.placed(consumer, kept)
        if not offsets:
            return "moved"
        try:
            async with asyncio.timeout(self._timing.commit):
                await self._expiry.tell(consumer, {each: firsts[each.topic, each.partition] for each in offsets})
                await self._behind.keep(offsets)
                await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            return "moved"
        self._expiry.done({each: offset for each, (offset, _) in offsets.items()})
        return "committed" if len(offsets) == len(following) else "moved"

    def _rewind(self, records: Sequence[Record]) -> None:
        """Reads them again from the first of each partition. What moved away is read by its new owner."""
        ours = self._consumer.assignment()
        for where, offset in first_offsets(records).items():
            if where in ours:
                self._consumer.seek(TopicPartition(*where), offset)

    async def _rest(self, outcome: Outcome) -> None:
        """After a failure: a while, longer each time, unless we are to stop."""
        if outcome != "later":
            self._failures, self._wait = 0, None
            return
        self._failures += 1
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), pause(self._failures, self._dice()))

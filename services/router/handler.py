"""Conducts a batch: reads signals, recalls, decides, remembers, and hands out what must be written."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from schemas.cloudevents import REDRIVEN, attribute, header
from schemas.codes import Stage
from schemas.message import Malformed
from schemas.parked import Coordinates
from schemas.record import Output, Record
from schemas.signal import Signal
from services.router.batch import Arrived, Batch
from services.router.decision_template import Stamp
from services.router.in_force import Force
from services.router.store import Memory, Overlap
from services.runtime import tracing
from services.runtime.clock import Clock
from services.runtime.errors import TryLater, Unreadable
from services.runtime.metric_catalogue import DECISIONS
from services.runtime.metrics import Metrics
from services.runtime.parking import ParkingKey, parked
from services.runtime.trace_parent import TraceParent, child, parse_traceparent, trace_for

ATTEMPTS: Final = 5
"""How often a batch is decided anew because another instance was first, or another set was activated."""

LARGEST: Final = 800_000
"""Bytes of a signal. Its referral is larger, and must fit into one Kafka record (1 MB) before it is decided on."""


class Router:
    """Decides batches. Several may run at once on one database, and each may be given the same records again."""

    def __init__(
        self,
        memory: Memory,
        rules: Callable[[], Awaitable[Force]],
        parking: ParkingKey,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """`rules` gives the set in force; a batch asks once, and what it decided counts only while that set does."""
        self._memory = memory
        self._rules = rules
        self._parking = parking
        self._clock = clock
        self._metrics = metrics

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """What these records lead to, when all of it is remembered. The same records again give the same outputs.

        Raises:
            TryLater: when the memory is not there, or other instances keep deciding on the same signals.
        """
        began = self._clock()
        read = [self._read(record) for record in records]
        arrived = [one for one in read if isinstance(one, Arrived)]
        for _ in range(ATTEMPTS):
            try:
                decided = iter(await self._decide(arrived))
            except Overlap:
                continue
            self._span(records, read, began)
            return [output for one in read for output in (next(decided) if isinstance(one, Arrived) else one)]
        raise TryLater("router: other instances decide on the same signals")

    def park(self, record: Record, error: Exception) -> list[Output]:
        """The record put aside, sealed: it could not be read or carried."""
        return parked(record, error, stage=Stage.ROUTER, corporation=None, at=self._clock(), key=self._parking)

    def _span(self, records: Sequence[Record], read: Sequence[Arrived | list[Output]], began: datetime) -> None:
        """One span a decision, where somebody listens."""
        spans = tracing.current()
        if spans.on:
            ended = self._clock()
            for record, one in zip(records, read, strict=True):
                if isinstance(one, Arrived):
                    span, parent = _placed(record, one.signal)
                    known = {"signal": str(one.signal.id), "corporation": one.signal.corporation}
                    spans.record("router", span, parent, began, ended, **known)

    def _read(self, record: Record) -> Arrived | list[Output]:
        if record.value is None:
            return self.park(record, Unreadable("tombstone", fix="withdraw a signal with a signal that says so"))
        if len(record.value) > LARGEST:
            return self.park(record, Unreadable("too-large", fix=f"a signal has at most {LARGEST} bytes"))
        try:
            signal = Signal.read(record.value)
        except Malformed as error:
            return self.park(record, error)
        at = Coordinates(topic=record.topic, partition=record.partition, offset=record.offset)
        return Arrived(signal, at, str(_placed(record, signal)[0]), header(record, REDRIVEN) is not None)

    async def _decide(self, arrived: Sequence[Arrived]) -> list[list[Output]]:
        """One read and one write, whatever the size of the batch."""
        if not arrived:
            return []
        force = await self._rules()
        recalled = await self._memory.recall_for([one.signal for one in arrived])
        several = _several(arrived) if len(recalled.histories) < len(arrived) else frozenset()
        batch = Batch(force.rules, recalled.histories, recalled.households, Stamp(self._clock()), several)
        written = [batch.decide(one) for one in arrived]
        await self._memory.keep(batch.kept, force.activated, batch.households.moves, batch.said)
        for result, count in batch.results.items():
            self._metrics.add(DECISIONS, count, result)
        return written


def _several(arrived: Sequence[Arrived]) -> frozenset[UUID]:
    """The signals of which more than one event arrived."""
    events = Counter(one.signal.id for one in arrived)
    return frozenset(signal for signal, count in events.items() if count > 1)


def _placed(record: Record, signal: Signal) -> tuple[TraceParent, TraceParent]:
    """The router's span, below the one the record came with, or below the case's own beginning."""
    parent = parse_traceparent(attribute(record, "traceparent") or header(record, "traceparent"))
    parent = parent or trace_for(signal.id)
    return child(parent, "router", signal.event), parent

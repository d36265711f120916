"""Conducts a batch: reads signals, recalls, decides, remembers, and hands out what must be written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from schemas.cloudevents import attribute, header
from schemas.codes import Stage
from schemas.message import Malformed
from schemas.parked import Coordinates
from schemas.record import Output, Record
from schemas.signal import Signal
from services.router import outputs
from services.router.decide import decide
from services.router.decision import Duplicate, Overtaken, Past, Recorded, Repeated, Routed, Withdrawn
from services.router.memory import Earlier
from services.router.ruleset import RuleSet
from services.router.store import Kept, Memory, Overlap
from services.runtime.clock import Clock
from services.runtime.errors import TryLater, Unreadable
from services.runtime.parking import ParkingKey, parked
from services.runtime.trace_parent import TraceParent, child, parse_traceparent, trace_for

ATTEMPTS: Final = 5
"""How often a batch is decided anew because another instance was first."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One signal with where its record stands."""

    signal: Signal
    at: Coordinates
    trace: str


class Router:
    """Decides batches. Several may run at once on one database, and each may be given the same records again."""

    def __init__(self, memory: Memory, rules: Callable[[], RuleSet], parking: ParkingKey, clock: Clock) -> None:
        self._memory = memory
        self._rules = rules
        self._parking = parking
        self._clock = clock

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """What these records lead to, when all of it is remembered. The same records again give the same outputs.

        Raises:
            TryLater: when the memory is not there, or other instances keep deciding on the same signals.
        """
        read = [self._read(record) for record in records]
        arrived = [one for one in read if isinstance(one, Arrived)]
        for _ in range(ATTEMPTS):
            try:
                decided = iter(await self._decide(arrived))
            except Overlap:
                continue
            return [output for one in read for output in (next(decided) if isinstance(one, Arrived) else one)]
        raise TryLater("router: other instances decide on the same signals")

    def park(self, record: Record, error: Exception) -> list[Output]:
        """The record put aside, sealed: it could not be read or carried."""
        return parked(record, error, stage=Stage.ROUTER, corporation=None, at=self._clock(), key=self._parking)

    def _read(self, record: Record) -> Arrived | list[Output]:
        if record.value is None:
            return self.park(record, Unreadable("tombstone", fix="withdraw a signal with a signal that says so"))
        try:
            signal = Signal.read(record.value)
        except Malformed as error:
            return self.park(record, error)
        at = Coordinates(topic=record.topic, partition=record.partition, offset=record.offset)
        return Arrived(signal, at, str(_trace(record, signal)))

    async def _decide(self, arrived: Sequence[Arrived]) -> list[list[Output]]:
        """One read and one write, whatever the size of the batch."""
        if not arrived:
            return []
        histories = await self._memory.recall(one.signal.id for one in arrived)
        rules, now = self._rules(), self._clock()
        kept: list[Kept] = []
        written = [_one(one, rules, histories, now, kept) for one in arrived]
        await self._memory.keep(kept)
        return written


def _trace(record: Record, signal: Signal) -> TraceParent:
    """The router's place in the trace that the record came with, or in the case's own."""
    parent = parse_traceparent(attribute(record, "traceparent") or header(record, "traceparent"))
    return child(parent or trace_for(signal.id), "router", signal.event)


def _one(
    arrived: Arrived, rules: RuleSet, histories: dict[UUID, Earlier], now: datetime, kept: list[Kept]
) -> list[Output]:
    """Its outputs; what is new goes into `kept`, and into its history for the next event of the same signal."""
    signal = arrived.signal
    earlier = histories[signal.id]
    decision = decide(signal, arrived.at, rules, earlier, now)
    match decision:
        case Repeated(past=past):
            return outputs.of_decision(signal, past, arrived.trace)
        case Duplicate(past=past):
            return outputs.of_duplicate(signal, past, arrived.at, now, arrived.trace)
        case Routed() | Recorded() | Withdrawn() | Overtaken():
            past = Past(
                event=signal.event, changed_at=signal.changed_at, decided_at=now, at=arrived.at, decided=decision
            )
            kept.append(Kept(signal, past))
            histories[signal.id] = earlier.plus(past)
            return outputs.of_decision(signal, past, arrived.trace)

"""One batch: every record normalised, its particulars sealed, each input accounted for by exactly one fact."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, assert_never

from schemas import cloudevents
from schemas.record import Output, Record
from schemas.signal import Signal
from schemas.topics import SIGNALS
from services.ingest.areas import Atlas
from services.ingest.draft import Ignored
from services.ingest.facts import bsn_removed, coordinates, event_ignored, place_of, signal_accepted
from services.ingest.normalise import Accepted, Intake, normalise
from services.ingest.parking import put_aside
from services.keyring.seal import DataKey, seal
from services.keyring.store import Keyring
from services.runtime import tracing
from services.runtime.clock import Clock
from services.runtime.errors import Unreadable
from services.runtime.trace_parent import TraceParent, child, parse_traceparent, trace_for
from services.runtime.trail import recorded

ERASED: Final = "case-erased"
"""The case's key was destroyed: what still comes about it is not carried any more."""


class Ingest:
    """Turns records of source topics into signals, parked records and facts."""

    def __init__(self, intakes: Mapping[str, Intake], atlas: Atlas, keyring: Keyring, clock: Clock) -> None:
        """`intakes` by topic."""
        self._intakes = intakes
        self._atlas = atlas
        self._keyring = keyring
        self._clock = clock

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """What becomes of a batch. Handling it again makes the same ids.

        Raises:
            TryLater: when the keyring is not there.
        """
        now = self._clock()
        areas = self._atlas.on(now.date())
        outputs: list[Output] = []
        taken: list[tuple[Record, Intake, Accepted]] = []
        for record in records:
            intake = self._intakes[record.topic]
            outcome = normalise(record, intake, areas)
            match outcome:
                case Accepted():
                    taken.append((record, intake, outcome))
                case Ignored(reason=reason):
                    outputs.append(_passed_over(record, intake, reason, now))
                case Unreadable():
                    outputs.extend(put_aside(record, outcome, intake, now))
                case _:
                    assert_never(outcome)
        if taken:
            keys = await self._keyring.data_keys([accepted.signal for _, _, accepted in taken])
            for record, intake, accepted in taken:
                key = keys.get(accepted.signal)
                outputs.extend(
                    [_passed_over(record, intake, ERASED, now)]
                    if key is None
                    else _carried(record, intake, accepted, key, now)
                )
            self._span(taken, now)
        return outputs

    def _span(self, taken: Sequence[tuple[Record, Intake, Accepted]], began: datetime) -> None:
        """One span a signal, where somebody listens."""
        spans = tracing.current()
        if spans.on:
            ended = self._clock()
            for _, intake, accepted in taken:
                span, parent = placed(accepted)
                known = {"signal": str(accepted.signal), "corporation": intake.corporation.id}
                spans.record("ingest", span, parent, began, ended, **known)

    def park(self, record: Record, error: Exception) -> list[Output]:
        """What is written instead of a record that `handle` failed on, or whose outputs no broker takes."""
        return put_aside(record, error, self._intakes[record.topic], self._clock())


def sealed_signal(accepted: Accepted, intake: Intake, key: DataKey, trace: str, now: datetime) -> Output:
    """The signal as it goes to `signals.v1`, its particulars under the case's key."""
    signal = Signal(
        id=accepted.signal,
        event=accepted.event,
        corporation=intake.corporation.id,
        reference=accepted.reference,
        change=accepted.change,
        changed_at=accepted.changed_at,
        accepted_at=now,
        facts=accepted.facts,
        particulars=seal(key, accepted.particulars.reveal(), topic=SIGNALS.name, signal=accepted.signal),
    )
    return cloudevents.event(
        SIGNALS, id=signal.event, time=now, key=signal.facts.household, value=signal.write(), traceparent=trace
    )


def placed(accepted: Accepted) -> tuple[TraceParent, TraceParent | None]:
    """Its span, and the one it came with, if any: without one the case's own trace begins here."""
    came_with = parse_traceparent(accepted.trace) if accepted.trace else None
    return (trace_for(accepted.signal) if came_with is None else child(came_with, accepted.event)), came_with


def traced(accepted: Accepted) -> str:
    """The traceparent of what follows."""
    return str(placed(accepted)[0])


def _carried(record: Record, intake: Intake, accepted: Accepted, key: DataKey, now: datetime) -> list[Output]:
    place, trace, corporation = place_of(record), traced(accepted), intake.corporation.id
    fact = signal_accepted(place, accepted, corporation, now, trace=trace, account=coordinates(record))
    outputs = [sealed_signal(accepted, intake, key, trace, now), recorded(fact)]
    if accepted.removed:
        outputs.append(recorded(bsn_removed(place, accepted.removed, corporation, now, accepted=accepted)))
    return outputs


def _passed_over(record: Record, intake: Intake, reason: str, now: datetime) -> Output:
    account = coordinates(record)
    return recorded(event_ignored(place_of(record), reason, intake.corporation.id, now, account=account))

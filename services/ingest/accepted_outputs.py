"""What leaves ingest of a record that was accepted: its signal, sealed, and the facts about it."""

from datetime import datetime

from schemas import cloudevents
from schemas.record import Output, Record
from schemas.signal import Sealed, Signal
from schemas.topics import SIGNALS
from services.ingest.facts import bsn_removed, coordinates, place_of, signal_accepted
from services.ingest.normalise import Accepted
from services.keyring.seal import DataKey, seal
from services.runtime.trace_parent import TraceParent, child, parse_traceparent, trace_for
from services.runtime.trail import recorded


def carried(record: Record, accepted: Accepted, corporation: str, sealed: Sealed, now: datetime) -> list[Output]:
    """The signal, the fact that accounts for the record, and one more when numbers were taken out."""
    place, trace = place_of(record), traced(accepted)
    fact = signal_accepted(place, accepted, corporation, now, trace=trace, account=coordinates(record))
    outputs = [signal_of(accepted, corporation, sealed, trace, now), recorded(fact)]
    if accepted.removed:
        outputs.append(recorded(bsn_removed(place, accepted.removed, corporation, now, accepted=accepted)))
    return outputs


def signal_of(accepted: Accepted, corporation: str, sealed: Sealed, trace: str, now: datetime) -> Output:
    """The signal as it goes to `signals.v1`."""
    signal = Signal(
        id=accepted.signal,
        event=accepted.event,
        corporation=corporation,
        reference=accepted.reference,
        change=accepted.change,
        changed_at=accepted.changed_at,
        accepted_at=now,
        facts=accepted.facts,
        particulars=sealed,
    )
    return cloudevents.event(
        SIGNALS, id=signal.event, time=now, key=signal.facts.household, value=signal.write(), traceparent=trace
    )


def sealed_for(accepted: Accepted, key: DataKey) -> Sealed:
    """Its particulars under the case's key."""
    return seal(key, accepted.particulars.reveal(), topic=SIGNALS.name, signal=accepted.signal)


def placed(accepted: Accepted) -> tuple[TraceParent, TraceParent | None]:
    """Its span, and the one it came with, if any: without one the case's own trace begins here."""
    came_with = parse_traceparent(accepted.trace) if accepted.trace else None
    return (trace_for(accepted.signal) if came_with is None else child(came_with, accepted.event)), came_with


def traced(accepted: Accepted) -> str:
    """The traceparent of what follows."""
    return str(placed(accepted)[0])

"""SIGNAL TEMPLATE: what is written of an accepted record, filled in from what was written of a stand-in.

Two records that were accepted differ in ids, moments and what they carry, and in little else. So `carried` is asked
once for each of the few forms there are, and its words are kept with places in them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple

from schemas import cloudevents, ids
from schemas.audit import Fact
from schemas.cloudevents import Attributes
from schemas.codes import Change, Kind, Origin, Urgency
from schemas.message import moment
from schemas.record import Captured, Output, Record
from schemas.signal import Facts, Particulars, Sealed
from schemas.topics import SIGNALS
from services.ingest.accepted_outputs import carried, sealed_for, traced
from services.ingest.normalise import Accepted
from services.keyring.seal import DataKey, boxed
from services.runtime import trail
from services.runtime.template import Template

_PLAIN: Final = re.compile(r"[A-Za-z0-9._:/-]{1,64}", re.ASCII)
"""What JSON need not escape, and what `Signal.reference` and `Sealed.kid` take."""

_RECORD: Final = Captured("stand-in.topic", None, partition=2_098_765_431, offset=8_098_765_432_109_876_543)
_NOW: Final = datetime(2001, 3, 14, 15, 9, 26, 535_897, tzinfo=UTC)
_CHANGED_AT: Final = datetime(2002, 2, 27, 18, 28, 18, 284_590, tzinfo=UTC)
_CORPORATION: Final = "stand-in-corporation"
_REFERENCE: Final = "stand-in.reference"
_SEALED: Final = Sealed(kid="stand-in.kid", box="stand-in.box")
_FACTS: Final = Facts(
    kind=Kind.THREAT, urgency=Urgency.ROUTINE, origin=Origin.STAFF_OBSERVATION, country="NL", household="5a" * 16
)
_REMOVED: Final = 1_414_213_562


class Form(NamedTuple):
    """What decides how it is written, beside what is filled in."""

    change: Change
    referred: bool
    """Whether it has a reference."""


class Moulds(NamedTuple):
    """One form, with places for what is a record's own."""

    signal: Template
    accepted: Template
    removed: Template


class Stamp:
    """The moment of a batch, as it is written in a message and beside one."""

    def __init__(self, now: datetime) -> None:
        self.now: Final = now
        self.text: Final = moment(now)
        self.beside: Final = moment(now.astimezone(UTC))


class _Own(NamedTuple):
    """What a record has of its own in what is written of it."""

    signal: bytes
    event: bytes
    accepted: bytes
    removed: bytes
    corporation: bytes
    reference: bytes
    changed_at: bytes
    accepted_at: bytes
    facts: bytes
    kid: bytes
    box: bytes
    topic: bytes
    partition: bytes
    offset: bytes
    trace: bytes
    numbers: bytes


def written(record: Record, accepted: Accepted, corporation: str, key: DataKey, stamp: Stamp) -> list[Output]:
    """What `carried` would write of it, its particulars under that key."""
    if not _is_usual(accepted, key):
        return carried(record, accepted, corporation, sealed_for(accepted, key), stamp.now)
    box = boxed(key, accepted.particulars.reveal(), topic=SIGNALS.name, signal=accepted.signal)
    own = _own(record, accepted, corporation, (key.kid.encode(), box), stamp.text)
    made = _moulds(Form(accepted.change, accepted.reference is not None))
    household = accepted.facts.household.encode()
    outputs = [
        cloudevents.written(SIGNALS, Attributes(own.event, stamp.beside, own.trace), household, made.signal.fill(own)),
        trail.written(made.accepted.fill(own), Attributes(own.accepted, stamp.beside, own.trace), own.signal),
    ]
    if accepted.removed:
        about = Attributes(own.removed, stamp.beside)
        outputs.append(trail.written(made.removed.fill(own), about, own.signal))
    return outputs


def _is_usual(accepted: Accepted, key: DataKey) -> bool:
    """Whether its values can be filled in as they are: all others are codes, ids and moments of ours."""
    return _PLAIN.fullmatch(key.kid) is not None and (
        accepted.reference is None or _PLAIN.fullmatch(accepted.reference) is not None
    )


@cache
def _moulds(form: Form) -> Moulds:
    """There are four."""
    stand_in = Accepted(
        signal=ids.derived(ids.NAMESPACE, "stand-in", "signal"),
        event=ids.derived(ids.NAMESPACE, "stand-in", "event"),
        reference=_REFERENCE if form.referred else None,
        change=form.change,
        changed_at=_CHANGED_AT,
        facts=_FACTS,
        particulars=Particulars(),
        removed=_REMOVED,
        trace=None,
        dwelled=False,
    )
    marks = _own(_RECORD, stand_in, _CORPORATION, (_SEALED.kid.encode(), _SEALED.box.encode()), moment(_NOW))
    outputs: Sequence[Output] = carried(_RECORD, stand_in, _CORPORATION, _SEALED, _NOW)
    return Moulds(*(Template(output.value, marks) for output in outputs))


def _own(record: Record, accepted: Accepted, corporation: str, sealed: tuple[bytes, bytes], now: bytes) -> _Own:
    topic, partition, offset = record.topic, str(record.partition), str(record.offset)
    place = ids.record_text(topic, partition, offset, record.timestamp)
    removed = accepted.removed
    return _Own(
        signal=str(accepted.signal).encode(),
        event=str(accepted.event).encode(),
        accepted=ids.entry_text(place, Fact.SIGNAL_ACCEPTED).encode(),
        removed=ids.entry_text(place, Fact.BSN_REMOVED).encode() if removed else b"",
        corporation=corporation.encode(),
        reference=(accepted.reference or "").encode(),
        changed_at=moment(accepted.changed_at),
        accepted_at=now,
        facts=accepted.facts.write(),
        kid=sealed[0],
        box=sealed[1],
        topic=topic.encode(),
        partition=partition.encode(),
        offset=offset.encode(),
        trace=traced(accepted).encode(),
        numbers=str(removed).encode(),
    )

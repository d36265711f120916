"""One batch: every record normalised, its particulars sealed, each input accounted for by exactly one fact."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, assert_never

from schemas.legal import Country
from schemas.record import Output, Record
from services.ingest.accepted_outputs import placed
from services.ingest.areas import Atlas, Lookup
from services.ingest.draft import Ignored
from services.ingest.earlier_signals import in_question, settled
from services.ingest.facts import coordinates, event_ignored, place_of
from services.ingest.normalise import Accepted, Intake, Outcome, normalise
from services.ingest.parking import put_aside
from services.ingest.signal_template import Stamp, written
from services.keyring.store import Keyring
from services.runtime import tracing
from services.runtime.clock import Clock
from services.runtime.errors import Unreadable
from services.runtime.parking import weight
from services.runtime.trail import recorded

LARGE: Final = 256 * 1024
"""Bytes of a batch that may take seconds, in which Kafka and a probe must hear of us: it is read in a thread."""

ERASED: Final = "case-erased"
"""The case's key was destroyed: what still comes about it is not carried any more."""


class Ingest:
    """Turns records of source topics into signals, parked records and facts."""

    def __init__(self, intakes: Mapping[str, Intake], atlas: Atlas, keyring: Keyring, clock: Clock) -> None:
        """`intakes` by topic."""
        self._intakes = intakes
        self._countries: Final = {intake.corporation.country for intake in intakes.values()}
        self._atlas = atlas
        self._keyring = keyring
        self._clock = clock

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """What becomes of a batch. Handling it again makes the same ids.

        Raises:
            TryLater: when the keyring is not there.
        """
        now = self._clock()
        outputs: list[Output] = []
        taken: list[tuple[Record, Intake, Accepted]] = []
        areas = {country: self._atlas.at(now, country) for country in self._countries}
        large = sum(map(weight, records)) >= LARGE
        read = await asyncio.to_thread(self._read, records, areas) if large else self._read(records, areas)
        if asked := in_question(read):
            read = settled(read, await self._keyring.known(asked))
        for record, outcome in zip(records, read, strict=True):
            intake = self._intakes[record.topic]
            match outcome:
                case Accepted():
                    taken.append((record, intake, outcome))
                case Ignored(reason=reason):
                    outputs.append(_passed_over(record, intake, reason, now))
                case Unreadable():
                    outputs.extend(await _put_aside(record, outcome, intake, now, large=large))
                case _:
                    assert_never(outcome)
        if taken:
            keys = await self._keyring.data_keys([accepted.signal for _, _, accepted in taken])
            stamp = Stamp(now)
            for record, intake, accepted in taken:
                key = keys.get(accepted.signal)
                outputs.extend(
                    [_passed_over(record, intake, ERASED, now)]
                    if key is None
                    else written(record, accepted, intake.corporation.id, key, stamp)
                )
            self._span(taken, now)
        return outputs

    def _read(self, records: Sequence[Record], areas: Mapping[Country, Lookup]) -> list[Outcome]:
        with_intakes = ((record, self._intakes[record.topic]) for record in records)
        return [normalise(record, intake, areas[intake.corporation.country]) for record, intake in with_intakes]

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


async def _put_aside(record: Record, why: Unreadable, intake: Intake, now: datetime, *, large: bool) -> list[Output]:
    """All its numbers are looked for once more, which takes longer than reading it did."""
    if large:
        return await asyncio.to_thread(put_aside, record, why, intake, now)
    return put_aside(record, why, intake, now)


def _passed_over(record: Record, intake: Intake, reason: str, now: datetime) -> Output:
    account = coordinates(record)
    return recorded(event_ignored(place_of(record), reason, intake.corporation.id, now, account=account))

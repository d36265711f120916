"""Redriving: a parked record is opened and goes the same way again, with today's configuration.

Ingest does it for every stage, since it alone reads commands and may open what was parked: an event of a tenant system
is normalised again, and a message of ours is written to its own topic again, where its stage takes it up.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from schemas.cloudevents import REDRIVEN
from schemas.codes import Stage
from schemas.command import Action, Command, carried_out_by
from schemas.message import Malformed
from schemas.parked import Coordinates, Parked
from schemas.record import Output, Record
from schemas.topics import REWRITTEN
from services.ingest.accepted_outputs import sealed_for, signal_of, traced
from services.ingest.areas import Atlas
from services.ingest.draft import Ignored
from services.ingest.earlier_signals import WAS_A_SIGNAL, in_question, settled
from services.ingest.facts import (
    bsn_removed,
    command_refused,
    event_ignored,
    place_of,
    record_redriven,
    signal_accepted,
)
from services.ingest.handler import ERASED
from services.ingest.normalise import Accepted, Intake, Outcome, normalise
from services.ingest.parking import command_put_aside, put_aside
from services.keyring.seal import SealBroken
from services.keyring.store import Keyring
from services.runtime.clock import Clock
from services.runtime.command_record import command_in
from services.runtime.errors import Refused, Unreadable
from services.runtime.parked_box import Standing
from services.runtime.parking import ParkingKey
from services.runtime.trail import command_taken, recorded

ACCEPTED = "accepted"
IGNORED = "ignored"
WRITTEN = "written-again"

NOT_YET = "not-possible-yet"
"""An erasure: no version of ours carries it out."""

ANOTHER, CLOSED = "another-record", "cannot-be-opened"
KEY_UNKNOWN = "key-unknown"
"""Its parking key is in another keyring than ours: it goes on waiting."""

LET_GO, FORBIDDEN = "no-longer-there", "may-not-be-read"
"""Why a record that was left in its topic is not read again: that has let it go, or does not let us."""

Stands = Callable[[Coordinates], Awaitable[Record | None]]


class Redrive:
    """Reads commands and carries out the redriving of parked records; all others are for other stages."""

    def __init__(  # noqa: PLR0917  what it works with
        self,
        intakes: Mapping[str, Intake],
        house: ParkingKey,
        atlas: Atlas,
        keyring: Keyring,
        clock: Clock,
        stands: Stands,
    ) -> None:
        """`intakes` by topic; under the key `house` commands are parked that nobody can read.

        `stands` reads a record that was left where it stood; it raises as Kafka's `record_at` does.
        """
        self._intakes = intakes
        self._house = house
        self._atlas = atlas
        self._keyring = keyring
        self._clock = clock
        self._stands = stands

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """What becomes of the commands. Carrying one out again makes the same ids.

        Raises:
            Malformed, Unreadable: when a record is no command of ours.
            TryLater: when the keyring is not there, or the broker of what was left in its topic.
        """
        outputs: list[Output] = []
        for record in records:
            command = command_in(record)
            if carried_out_by(command) is Stage.INGEST:
                outputs.append(command_taken(record, command, Stage.INGEST))
                if command.action is not Action.SET_ASIDE:  # the hop does that which the record holds up
                    outputs.extend(await self._carried_out(command, command.parked))
        return outputs

    def park(self, record: Record, error: Exception) -> list[Output]:
        """What is written instead of a command that cannot be read: whatever that is, no BSN of it is kept."""
        shown = error if isinstance(error, Malformed | Unreadable) else Unreadable(f"unexpected-{type(error).__name__}")
        return command_put_aside(record, shown, self._house, self._clock())

    async def _carried_out(self, command: Command, parking: Parked | None) -> list[Output]:
        now = self._clock()
        if parking is None:
            return [recorded(command_refused(command, now, reason=NOT_YET))]
        if parking.id != command.target:
            return [recorded(command_refused(command, now, reason=ANOTHER))]
        intake = self._intakes.get(parking.origin.topic)
        if intake is None and parking.origin.topic not in REWRITTEN:
            return [recorded(command_refused(command, now, reason="no-such-source"))]
        record = await self._opened(parking)
        if isinstance(record, str):
            return [recorded(command_refused(command, now, reason=record))]
        if intake is None:
            return [
                _written_again(record, command),
                recorded(record_redriven(command, parking.corporation, now, reason=WRITTEN)),
            ]
        return await self._again(command, record, intake, now)

    async def _opened(self, parking: Parked) -> Record | str:
        """The record, or why there is none."""
        try:
            kept = await self._keyring.open_parked(parking)
        except SealBroken:
            return CLOSED
        except Refused:
            return KEY_UNKNOWN
        if not isinstance(kept, Standing):
            return kept
        try:
            found = await self._stands(parking.origin)
        except Refused:
            return FORBIDDEN
        if found is None:
            return LET_GO
        return found if kept.is_of(found) else ANOTHER

    async def _again(self, command: Command, record: Record, intake: Intake, now: datetime) -> list[Output]:
        """The same path. Parking accounted for the input already, so none of these facts does."""
        corporation, place = intake.corporation, place_of(record)
        areas = self._atlas.at(now, corporation.country)
        outcome = await self._settled(normalise(record, intake, areas), command)
        match outcome:
            case Accepted():
                return await self._accepted(command, record, intake, outcome, now)
            case Ignored(reason=reason):
                ignored = event_ignored(place, reason, corporation.id, now, account=None)
                return [recorded(ignored), recorded(record_redriven(command, corporation.id, now, reason=IGNORED))]
            case Unreadable():
                again, _, *removed = put_aside(record, outcome, intake, now)
                refused = command_refused(command, now, reason=outcome.reason, field=outcome.field)
                return [again, *removed, recorded(refused)]
            case _:
                assert_never(outcome)

    async def _settled(self, outcome: Outcome, command: Command) -> Outcome:
        """As for any record; who redrives what waits as `was-a-signal`, without mapping its code, has it ignored."""
        asked = in_question([outcome])
        was = command.parked is not None and command.parked.reason == WAS_A_SIGNAL
        if not asked or (was and isinstance(outcome, Ignored)):
            return outcome
        return settled([outcome], await self._keyring.known(asked))[0]

    async def _accepted(
        self, command: Command, record: Record, intake: Intake, accepted: Accepted, now: datetime
    ) -> list[Output]:
        corporation, place = intake.corporation.id, place_of(record)
        key = (await self._keyring.data_keys([accepted.signal])).get(accepted.signal)
        if key is None:
            return [recorded(record_redriven(command, corporation, now, reason=ERASED, accepted=accepted))]
        trace = traced(accepted)
        facts = [
            signal_accepted(place, accepted, corporation, now, trace=trace, account=None),
            record_redriven(command, corporation, now, reason=ACCEPTED, accepted=accepted),
        ]
        if accepted.removed:
            facts.append(bsn_removed(place, accepted.removed, corporation, now, accepted=accepted))
        signal = signal_of(accepted, corporation, sealed_for(accepted, key), trace, now)
        return [signal, *(recorded(fact) for fact in facts)]


def _written_again(record: Record, command: Command) -> Output:
    """The message as it stood, byte for byte, with the command that said so; headers without a value are left out."""
    headers = [(name, value) for name, value in record.headers if value is not None and name != REDRIVEN]
    headers.append((REDRIVEN, str(command.id).encode()))
    return Output(record.topic, record.key, record.value or b"", headers)

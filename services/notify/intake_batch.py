"""INTAKE BATCH: what one batch of referrals does to the ledger, worked out in memory before anything is written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from schemas import ids
from schemas.record import Output
from services.notify import moves
from services.notify.arrival import Again, Arrived, Entered, Reread, enter
from services.notify.calling import Needed, emergency
from services.notify.facts import Tells
from services.notify.lanes import lanes, settle
from services.notify.line import Line


class IntakeBatch:
    """The lines of the cases a batch is about, as they were and as they become."""

    def __init__(
        self, cases: Mapping[UUID, Sequence[Line]], partners: Collection[str], tells: Tells, at: datetime
    ) -> None:
        self.outputs: list[Output] = []
        self._lines = {case: {line.referral: line for line in lines} for case, lines in cases.items()}
        self._before = {line.referral: line for lines in cases.values() for line in lines}
        self.calls: list[Needed] = []
        self.questions: dict[UUID, UUID] = {}
        self._contents: dict[UUID, bytes] = {}
        self._partners = partners
        self._tells = tells
        self._at = at

    def take(self, arrived: Arrived) -> None:
        """One referral, in the order of its topic. Every record that is new to us is accounted for by one fact."""
        case = self._lines[arrived.referral.signal]
        match enter(arrived, case.values(), self._partners, self._at):
            case Reread():
                return
            case Again(line=line):
                cause = ids.input_id(arrived.at.topic, arrived.at.partition, arrived.at.offset)
                self.outputs.append(moves.again(line, self._at, arrived.at, cause))
            case Entered(line=line):
                self._contents[line.referral] = arrived.content
                self._keep(moves.entered(line, self._at, self._tells))
                if call := emergency(line, arrived.referral, self._at):
                    self.calls.append(call)

    def settle(self) -> None:
        """Every lane, once the whole batch is in: what was withdrawn in the same batch is never sent."""
        for lane in lanes(line for case in self._lines.values() for line in case.values()):
            what = settle(lane)
            self.questions |= what.questions
            for moved in moves.settled(what, self._at, self._tells):
                self._keep(moved)

    def new(self) -> Iterator[tuple[Line, bytes]]:
        """Lines to be added, with their content."""
        for line in self._all():
            if line.referral in self._contents:
                yield line, self._contents[line.referral]

    def changed(self) -> Iterator[Line]:
        """Lines that stood there, and stand differently."""
        for line in self._all():
            before = self._before.get(line.referral)
            if before is not None and before is not line:
                yield line

    def _all(self) -> Iterator[Line]:
        for case in self._lines.values():
            yield from case.values()

    def _keep(self, moved: moves.Moved) -> None:
        self._lines[moved.line.signal][moved.line.referral] = moved.line
        self.outputs.extend(moved.outputs)

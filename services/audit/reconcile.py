"""Reconciles: whether everything that was read is accounted for once, and everything accepted is somewhere.

Records move from Kafka to a stage, from there to Kafka and the log, and nobody can stop them all to count. So one looks
twice: what seems to be missing at the first look, and still is at the second, after every reader has taken in all
there was at the first, is lost. What a reader has not come to yet is in flight. Where there was too much to list at the
first look, one looks a third time: only what is listed can be recognised.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from schemas.topics import COMMANDS, REFERRALS
from services.audit.findings import (
    Differs,
    Doubled,
    Expired,
    Finding,
    Missing,
    Shortened,
    Unaccepted,
    Undecided,
    Unledgered,
    Unread,
)

RELAYED: Final = frozenset({REFERRALS.name, COMMANDS.name})
"""Topics whose records notify accounts for, through its outbox."""


class Reader(StrEnum):
    """Who takes in what others wrote."""

    INGEST = "ingest"
    ROUTER = "router"
    NOTIFY = "notify"
    OUTBOX = "outbox"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Reading:
    """One partition: how far its reader is, and what the log tells of what it read.

    `committed` None: nothing was read yet. `accounted` offsets below it have `facts` between them, the lowest `first`.
    """

    stage: str
    topic: str
    partition: int
    beginning: int
    committed: int | None
    end: int
    first: int | None = None
    accounted: int = 0
    facts: int = 0
    absent: int = 0
    """Offsets without a fact where the topic holds no record: expired, or of a transaction."""
    owned: bool = True
    """Whether a member of the group has it, as far as that was asked and the group knows."""
    exists: bool = True
    """Of a topic that does not exist this is all there is, and of every partition."""

    @property
    def read(self) -> int:
        """The offset before which everything was read."""
        return self.beginning if self.committed is None else self.committed

    @property
    def lowest(self) -> int:
        """From where on every record must be accounted for: older ones have expired, and were so before."""
        lowest = self.beginning if self.first is None else min(self.first, self.beginning)
        return min(lowest, self.read)

    @property
    def waiting(self) -> int:
        """Records that are not read yet."""
        return max(0, self.end - max(self.read, self.beginning))

    @property
    def whole(self) -> bool:
        """Whether as many offsets are accounted for as were read."""
        return self.accounted == self.read - self.lowest


@dataclass(slots=True)
class Book:
    """The counts of one corporation. Of signals: accepted, and what became of them. Of referrals: where they are.

    `router_parked` signals and `notify_parked` referrals could not be read, and wait for a person.
    """

    accepted: int = 0
    decided: int = 0
    recorded_only: int = 0
    overtaken: int = 0
    withdrawn: int = 0
    router_parked: int = 0
    referrals: int = 0
    notify_parked: int = 0
    states: Counter[DeliveryState] = field(default_factory=Counter)

    @property
    def at_router(self) -> int:
        """Signals that the router has yet to decide on."""
        return self.accepted - self.decided - self.overtaken - self.withdrawn - self.router_parked

    @property
    def at_notify(self) -> int:
        """Referrals that have yet to come into the ledger."""
        return self.referrals - sum(self.states.values()) - self.notify_parked


@dataclass(frozen=True, slots=True)
class Picture:
    """What one look found. `suspects` may be in flight; of each kind, `more` were left out as there are too many."""

    readings: tuple[Reading, ...]
    books: dict[str, Book]
    suspects: frozenset[Finding]
    more: Counter[type[Finding]] = field(default_factory=Counter)
    size: int = 0
    """Lines the log had before the look."""
    parked: Counter[str] = field(default_factory=Counter)
    """Records each stage could not read, and that wait for a person."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The newest picture, what is lost or doubled, and what was still under way when we stopped looking."""

    picture: Picture
    found: tuple[Finding, ...]
    in_flight: tuple[Finding, ...]
    behind: frozenset[Reader]
    not_listed: int = 0
    """Found, or not told apart from it, and too many to list."""
    in_flight_not_listed: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything is accounted for."""
        return not self.found and not self.not_listed


_AWAITED: Final[Mapping[type[Finding], frozenset[Reader]]] = {
    Missing: frozenset({Reader.AUDIT}),
    Undecided: frozenset({Reader.ROUTER, Reader.AUDIT}),
    Unaccepted: frozenset({Reader.AUDIT}),
    Unledgered: frozenset({Reader.NOTIFY, Reader.OUTBOX, Reader.AUDIT}),
    Differs: frozenset({Reader.OUTBOX, Reader.AUDIT}),
}
"""While one of these is behind, nothing of the kind is certain."""


def reconcile(first: Picture, second: Picture, behind: frozenset[Reader]) -> Reconciliation:
    """`behind` are the readers that have not taken in, before the second look, all there was at the first."""
    found: list[Finding] = []
    in_flight: list[Finding] = []
    for suspect in sorted(second.suspects, key=repr):
        sure, unsure = _settled(suspect, first, behind)
        found += sure
        in_flight += unsure
    waits = sum(number for kind, number in second.more.items() if behind & _awaited(kind))
    return Reconciliation(second, tuple(found), tuple(in_flight), behind, second.more.total() - waits, waits)


def _awaited(kind: type[Finding]) -> frozenset[Reader]:
    return _AWAITED.get(kind, frozenset())


def _settled(suspect: Finding, first: Picture, behind: frozenset[Reader]) -> tuple[list[Finding], list[Finding]]:
    """What of it is certain, and what may be in flight."""
    sure = not behind & _awaited(type(suspect))
    match suspect:
        case Doubled() | Expired() | Shortened():
            return [suspect], []
        case Missing(topic=topic):
            sure &= topic not in RELAYED or Reader.OUTBOX not in behind
            return _split(suspect, first.readings) if sure else ([], [suspect])
        case Undecided(inputs=inputs) | Unledgered(inputs=inputs):
            return _seen_twice(suspect, first, sure=sure and _committed(inputs, first.readings))
        case Unread() | Unaccepted() | Differs():
            return _seen_twice(suspect, first, sure=sure)


def _seen_twice(suspect: Finding, first: Picture, *, sure: bool) -> tuple[list[Finding], list[Finding]]:
    return ([suspect], []) if sure and suspect in first.suspects else ([], [suspect])


def _split(suspect: Missing, readings: Sequence[Reading]) -> tuple[list[Finding], list[Finding]]:
    """What was read before the first look is certain: its facts were written before it was committed."""
    read = next((one.read for one in readings if (one.topic, one.partition) == (suspect.topic, suspect.partition)), 0)
    if suspect.last < read:
        return [suspect], []
    if suspect.first >= read:
        return [], [suspect]
    return [replace(suspect, last=read - 1)], [replace(suspect, first=read)]


def _committed(inputs: Sequence[Coordinates], readings: Sequence[Reading]) -> bool:
    """Whether all of them were committed at the first look: if not, what follows from them may not be written yet.

    What its topic no longer has is not read again, so nothing follows from it any more.
    """
    known = {(one.topic, one.partition): one for one in readings}
    those = ((at, known.get((at.topic, at.partition))) for at in inputs)
    return all(one is None or at.offset < one.read or at.offset >= one.end for at, one in those)

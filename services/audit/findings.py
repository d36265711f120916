"""FINDINGS: what a reconciliation may find."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from schemas.delivery import DeliveryState
from schemas.parked import Coordinates


@dataclass(frozen=True, slots=True)
class Missing:
    """Records of these offsets, both included, were read and no fact accounts for them."""

    topic: str
    partition: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Doubled:
    """More than one fact accounts for this record."""

    topic: str
    partition: int
    offset: int
    facts: int


@dataclass(frozen=True, slots=True)
class Expired:
    """Kafka deleted records of these offsets before they were read."""

    topic: str
    partition: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Shortened:
    """Facts account for records up to `last`, and the topic ends before `end`: what stood there is gone from Kafka.

    Its broker lost them, perhaps with others that nobody had read, or the topic was made anew.
    """

    topic: str
    partition: int
    last: int
    end: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Records wait here, and nobody in the group has this partition; `committed` None: nobody ever read it."""

    topic: str
    partition: int
    committed: int | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """An event was accepted and nothing was decided about it. `inputs` are the records it came from, redrives too."""

    event: UUID
    inputs: tuple[Coordinates, ...] = ()


@dataclass(frozen=True, slots=True)
class Unaccepted:
    """Something was decided about an event that was never accepted."""

    event: UUID


@dataclass(frozen=True, slots=True)
class Unledgered:
    """A signal led to so many referrals, and another number came into the ledger. `inputs` were decided about.

    `unread` more came to notify, which could not read them: they are parked, and wait for a person.
    """

    signal: UUID
    decided: int
    entered: int
    inputs: tuple[Coordinates, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Differs:
    """The ledger has the referral in one state and the log in another; None where one of them does not have it."""

    referral: UUID
    ledger: DeliveryState | None
    log: DeliveryState | None


Finding: TypeAlias = Missing | Doubled | Expired | Shortened | Unread | Undecided | Unaccepted | Unledgered | Differs


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of them; `more` were left out as there are too many."""

    told: Sequence[Finding]
    more: int = 0

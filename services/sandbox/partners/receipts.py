"""What a partner can tell of the referrals it got: how often each was created, repeated, changed; never its content."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Arrival(StrEnum):
    """What one delivery did to the partner's system of record."""

    CREATED = "created"
    REPEATED = "repeated"
    CHANGED = "changed"


@dataclass(slots=True)
class Receipt:
    """One referral. `created` must be 1: more is a duplicate in the partner's system of record."""

    identifier: str
    created: int = 0
    repeated: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the partner saw it: its route, without ids, query or body; how long it took, in seconds."""

    at: datetime
    method: str
    route: str
    status: int
    took: float


class Receipts:
    """A partner's ledger of referrals, and its latest requests."""

    def __init__(self, requests: int = 10_000) -> None:
        self._by_identifier: dict[str, Receipt] = {}
        self.requests: deque[Seen] = deque(maxlen=requests)

    @property
    def by_identifier(self) -> Mapping[str, Receipt]:
        """Receipts by the referral's identifier (`system|value`, or the webhook-id)."""
        return MappingProxyType(self._by_identifier)

    def count(self, arrivals: Iterable[tuple[str, str]]) -> None:
        """Add (identifier, arrival) pairs."""
        for identifier, arrival in arrivals:
            receipt = self._by_identifier.setdefault(identifier, Receipt(identifier))
            match Arrival(arrival):
                case Arrival.CREATED:
                    receipt.created += 1
                case Arrival.REPEATED:
                    receipt.repeated += 1
                case Arrival.CHANGED:
                    receipt.changed += 1

    def duplicates(self) -> list[str]:
        """Identifiers that were created more than once: what must never happen."""
        return [receipt.identifier for receipt in self._by_identifier.values() if receipt.created > 1]

    def as_json(self) -> dict[str, Any]:
        """The whole ledger, for a console or a test in another process."""
        return {"receipts": [asdict(receipt) for receipt in self._by_identifier.values()]}

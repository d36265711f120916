"""LINE: where one referral stands; the content stays sealed in the ledger beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from schemas import ids
from schemas.codes import LegalBasis, PartnerKind
from schemas.delivery import FINAL, Delivery, DeliveryState
from schemas.outcome import OutcomeStatus
from schemas.parked import Coordinates
from schemas.referral import ReferralChange

Row = tuple[Any, ...]
Kind = tuple[str | None, DeliveryState, bool]
"""What referrals are counted by: partner, state, and whether it was told that they are late."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the ledger without its content; what each field means is told in `tables.py`.

    Two are no columns. `stood`: how the row was counted when it was read, None when it is new. `row`: what the driver
    gave of it, where somebody may read it again soon; what was changed since has none.
    """

    referral: UUID
    signal: UUID
    corporation: str
    reference: str | None
    recipient: str
    partner: str | None
    kind: PartnerKind | None
    revision: int
    change: ReferralChange
    state: DeliveryState
    rank: int
    queued_at: datetime
    deadline: datetime
    changed_at: datetime
    topic: str
    partition: int
    offset: int
    traceparent: str | None = None
    reason: str | None = None
    chosen: bool = False
    legal_basis: LegalBasis | None = None
    attempts: int = 0
    rung: int = 0
    due_at: datetime | None = None
    lease_until: datetime | None = None
    fence: int = 0
    moves: int = 0
    uncertain: bool = False
    overdue: bool = False
    told: OutcomeStatus | None = None
    lost: int = 0
    blamed: int = 0
    decided: bool = False
    stood: Kind | None = field(default=None, compare=False)
    row: Row | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, row: Iterable[Any], as_given: Row | None = None) -> "Line":
        """From a row that begins with these columns, in their order; `as_given`: the same as the driver gave it."""
        made: Line = object.__new__(cls)
        for (put, known), value in zip(_COLUMNS, row, strict=False):
            put(made, known[value] if known is not None else value)
        _PUTS["stood"](made, (made.partner, made.state, made.overdue))
        _PUTS["row"](made, as_given)
        return made

    @property
    def final(self) -> bool:
        """Nothing more happens to it."""
        return self.state in FINAL

    @property
    def in_flight(self) -> bool:
        """An attempt has begun and is not concluded."""
        return self.lease_until is not None

    @property
    def may_have_arrived(self) -> bool:
        """The partner has it, or may have it."""
        return self.state is DeliveryState.DELIVERED or self.uncertain or self.in_flight

    @property
    def abandoned(self) -> "Line":
        """The same, when nobody sends it any more: whoever had it under a lease that ended may have sent it."""
        return self.but(uncertain=self.uncertain or self.in_flight)

    @property
    def thread(self) -> UUID:
        """What the recipient knows all its revisions by: the id that the first of them has."""
        return ids.referral_id(self.signal, self.recipient, 1)

    @property
    def origin(self) -> Coordinates:
        """The record that brought it."""
        return Coordinates(topic=self.topic, partition=self.partition, offset=self.offset)

    def to(
        self, state: DeliveryState, at: datetime, *, reason: str | None = None, due_at: datetime | None = None
    ) -> "Line":
        """The same line in another state, out of anybody's hands: whoever had it is still there."""
        return self.but(state=state, reason=reason, due_at=due_at, lease_until=None, changed_at=at, lost=0, blamed=0)

    def but(self, **changes: Any) -> "Line":
        """The same line with these fields changed: `dataclasses.replace`, at a third of its cost.

        A delivery changes its line several times. Raises KeyError for what is no field.
        """
        made: Line = object.__new__(Line)
        for put, value in zip(_PUTS.values(), _ALL(self), strict=True):
            put(made, value)
        _PUTS["row"](made, None)
        for name, value in changes.items():
            _PUTS[name](made, value)
        return made

    @property
    def delivery(self) -> Delivery:
        """As people and scripts see it."""
        return Delivery(
            referral=self.referral,
            signal=self.signal,
            corporation=self.corporation,
            partner=self.partner,
            revision=self.revision,
            state=self.state,
            reason=self.reason,
            attempts=self.attempts,
            due_at=self.due_at,
            deadline=self.deadline,
            changed_at=self.changed_at,
        )


_PUTS: Final[dict[str, Callable[[Line, Any], None]]] = {
    each.name: Line.__dict__[each.name].__set__ for each in fields(Line)
}
_ALL: Final = attrgetter(*_PUTS)
_CODES: Final[dict[str, type[StrEnum]]] = {
    "kind": PartnerKind,
    "change": ReferralChange,
    "state": DeliveryState,
    "legal_basis": LegalBasis,
    "told": OutcomeStatus,
}


def _known(name: str) -> dict[str | None, StrEnum | None] | None:
    """Each code of that column: to look one up costs a fifth of asking its type."""
    codes = _CODES.get(name)
    return None if codes is None else {None: None, **{code.value: code for code in codes}}


_COLUMNS: Final = [(put, _known(name)) for name, put in _PUTS.items() if name not in {"stood", "row"}]

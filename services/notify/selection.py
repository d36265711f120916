"""SELECTION: which referrals are meant, by state, partner, reason and moment: for a list, or for one decision.

Each state is read off an index of its own, so a million others cost nothing (`tables.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, not_, select, tuple_

from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.line import Line
from services.notify.tables import DELIVERY

_PLACE: Final = (DELIVERY.c.changed_at, DELIVERY.c.referral)


class Mark(NamedTuple):
    """A place in the order of the list: when the line there changed, and which it is."""

    changed_at: datetime
    referral: UUID

    def __str__(self) -> str:
        """As it is given on a command line."""
        return f"{self.changed_at.isoformat()}/{self.referral}"


def mark_of(line: Line) -> Mark:
    """Where this line stands in it."""
    return Mark(line.changed_at, line.referral)


@dataclass(frozen=True, slots=True)
class Selection:
    """Referrals in these states; of a partner, with a reason, changed between two moments, where given.

    `resting`: not being sent at this moment. `waits_at`: waits for a later attempt than that moment's. `withdrawals`:
    none of those, or nothing else.
    """

    states: tuple[DeliveryState, ...] = tuple(DeliveryState)
    partner: str | None = None
    because: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    resting: bool = False
    waits_at: datetime | None = None
    withdrawals: bool | None = None

    @property
    def later(self) -> "Selection | None":
        """What changed since `before`, and is not chosen for that alone; None where something else counts too."""
        if self.before is None or self != Selection(self.states, self.partner, before=self.before):
            return None
        return Selection(self.states, self.partner, since=self.before)

    def of(self, columns: Sequence[Any], state: DeliveryState) -> Select[Any]:
        """Those columns of what is chosen in one of its states."""
        query = select(*columns).where(DELIVERY.c.state == state.value)
        if self.partner is not None:
            query = query.where(DELIVERY.c.partner == self.partner)
        if self.because is not None:
            query = query.where(DELIVERY.c.reason == self.because)
        if self.since is not None:
            query = query.where(DELIVERY.c.changed_at >= self.since)
        if self.before is not None:
            query = query.where(DELIVERY.c.changed_at < self.before)
        if self.resting:
            query = query.where(DELIVERY.c.lease_until.is_(None))
        if self.withdrawals is not None:
            withdraws = DELIVERY.c.change == ReferralChange.WITHDRAWAL.value
            query = query.where(withdraws if self.withdrawals else not_(withdraws))
        return query if self.waits_at is None else query.where(DELIVERY.c.due_at > self.waits_at)

    def latest(self, columns: Sequence[Any], state: DeliveryState, most: int, after: Mark | None) -> Select[Any]:
        """The latest change first, on from `after`."""
        query = self.of(columns, state).order_by(*(column.desc() for column in _PLACE)).limit(most)
        return query if after is None else query.where(tuple_(*_PLACE) < tuple(after))

    def earliest(self, columns: Sequence[Any], state: DeliveryState, most: int, after: Mark | None) -> Select[Any]:
        """The longest unchanged first, on from `after`."""
        query = self.of(columns, state).order_by(*_PLACE).limit(most)
        return query if after is None else query.where(tuple_(*_PLACE) > tuple(after))


EVERYTHING: Final = Selection()

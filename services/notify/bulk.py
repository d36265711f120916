"""BULK: which referrals a decision about many is about, and whether to go on with it. No line is changed here."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import DeliveryState
from services.notify import store
from services.notify.line import Line
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, OPEN

SLICE: Final = 200
"""Commands at once; the next ones go when these were tried."""

ENOUGH: Final = 20
"""So many that were tried say whether it makes sense."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Referrals in one state; of a partner, parked because of a code, queued between two moments, where given."""

    state: DeliveryState
    partner: str | None = None
    because: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def of(self, columns: Sequence[Any]) -> Select[Any]:
        """Those columns of what is chosen."""
        query = select(*columns).where(OPEN, DELIVERY.c.state == self.state.value)
        if self.partner is not None:
            query = query.where(DELIVERY.c.partner == self.partner)
        if self.because is not None:
            query = query.where(DELIVERY.c.reason == self.because)
        if self.since is not None:
            query = query.where(DELIVERY.c.queued_at >= self.since)
        return query if self.before is None else query.where(DELIVERY.c.queued_at < self.before)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of what was sent again so far: how many were tried, and how many of those failed again."""

    tried: int
    failed: int

    @property
    def hopeless(self) -> bool:
        """Most of it fails again: what was wrong still is."""
        return self.tried >= ENOUGH and self.failed * 2 >= self.tried


async def counted(connection: AsyncConnection, choice: Choice, bound: int) -> Counter[str]:
    """How many of which partner, counted no further than the bound."""
    some = choice.of((DELIVERY.c.partner,)).limit(bound).subquery()
    rows = await connection.execute(select(some.c.partner, func.count()).group_by(some.c.partner))
    return Counter({name or "nobody": number for name, number in rows})


async def chosen(connection: AsyncConnection, choice: Choice, most: int) -> list[Line]:
    """So many of them, the longest waiting of a partner first; the ledger is not read beyond them."""
    query = choice.of(COLUMNS).limit(most)
    ordered = query if choice.partner is None else query.order_by(DELIVERY.c.queued_at)
    return [Line.of(row) for row in await connection.execute(ordered)]


async def progress(connection: AsyncConnection, given: Mapping[UUID, int]) -> Progress:
    """How these do; each with the number of its last change when it was chosen."""
    found = await store.named(connection, list(given))
    return judged([(line, given[line.referral]) for line in found.values()])


def judged(lines: Collection[tuple[Line, int]]) -> Progress:
    """Parked again, or waiting for another rung, is failed. Not released yet, or due and not sent yet, is not tried.

    What waits behind another one of its lane is not waited for.
    """
    tried = [line for line, seen in lines if line.moves > seen and not (_waits(line) and line.rung == 0)]
    behind = sum(line.moves > seen and _waits(line) and line.due_at is None for line, seen in lines)
    failed = sum(line.state is DeliveryState.PARKED or _waits(line) for line in tried)
    return Progress(len(tried) + behind, failed)


def _waits(line: Line) -> bool:
    return line.state is DeliveryState.PENDING

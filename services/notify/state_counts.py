"""STATE COUNTS: how many referrals there are, kept by the transactions that change them. Nobody ever counts the ledger.

A row is a difference. Two transactions never wait for each other's row, and adding rows up changes no sum.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Boolean, Column, Integer, String, Table, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import DeliveryState
from services.notify.line import Kind, Line
from services.notify.tables import COUNTER, metadata

MANY: Final = 200
"""Rows that are worth adding up."""


# How many referrals there are: the sum of `lines` by partner, state and overdue. Every transaction that changes a
# referral's state adds what it changed, so nobody waits for anybody; now and then the rows are added up.
TALLY: Final = Table(
    "notify_tally",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("partner", String(63)),
    Column("state", String(16), nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("lines", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """So many referrals of one kind."""

    partner: str | None
    state: DeliveryState
    overdue: bool
    lines: int


async def counted(connection: AsyncConnection, lines: Iterable[Line]) -> None:
    """These are written now; each knows how it stood before."""
    differences: Counter[Kind] = Counter()
    for line in lines:
        if line.stood is not None:
            differences[line.stood] -= 1
        differences[line.partner, line.state, line.overdue] += 1
    rows = [_row(*kind, number) for kind, number in differences.items() if number]
    if rows:
        await connection.execute(insert(TALLY), rows)


async def sums(connection: AsyncConnection) -> list[Sum]:
    """How many there are now, of every kind there is."""
    lines = func.sum(TALLY.c.lines).label("lines")
    query = select(TALLY.c.partner, TALLY.c.state, TALLY.c.overdue, lines)
    rows = await connection.execute(query.group_by(TALLY.c.partner, TALLY.c.state, TALLY.c.overdue))
    return [Sum(row.partner, DeliveryState(row.state), row.overdue, row.lines) for row in rows if row.lines]


async def many(connection: AsyncConnection) -> bool:
    """Whether there are so many rows that they are worth adding up."""
    found: int = (await connection.execute(select(func.count()).select_from(TALLY))).scalar_one()
    return found > MANY


async def folded(connection: AsyncConnection) -> None:
    """Add the rows up; in a transaction of its own. Two at once each take their own rows, so no sum changes."""
    taken = delete(TALLY).returning(TALLY.c.partner, TALLY.c.state, TALLY.c.overdue, TALLY.c.lines)
    differences: Counter[Kind] = Counter()
    for row in await connection.execute(taken):
        differences[row.partner, DeliveryState(row.state), row.overdue] += row.lines
    rows = [_row(*kind, number) for kind, number in differences.items() if number]
    if rows:
        await connection.execute(insert(TALLY), rows)


def _row(partner: str | None, state: DeliveryState, overdue: bool, lines: int) -> dict[str, object]:  # noqa: FBT001  a column
    return {"partner": partner, "state": state, "overdue": overdue, "lines": lines}

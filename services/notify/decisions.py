"""DECISIONS: every command once, with what became of it; what a person decided stays readable."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Command
from services.notify.tables import COMMAND
from services.runtime.database import insert_ignore


@dataclass(frozen=True, slots=True)
class Decision:
    """One command that was carried out, or refused with a code."""

    id: UUID
    target: UUID
    at: datetime
    action: str | None
    actor: str | None
    reason: str | None
    partner: str | None
    refusal: str | None


_COLUMNS: Final[tuple[Any, ...]] = tuple(COMMAND.c[name] for name in Decision.__slots__)


async def taken(connection: AsyncConnection, command: Command, at: datetime) -> bool:
    """Whether it is ours to carry out: nobody has, and nobody else can until this transaction ends."""
    row = {
        "id": command.id,
        "target": command.target,
        "at": at,
        "action": command.action,
        "actor": command.actor,
        "reason": command.reason,
        "partner": command.partner,
    }
    new = insert_ignore(COMMAND).values([row]).returning(COMMAND.c.id)
    return (await connection.execute(new)).scalar() is not None


async def refused(connection: AsyncConnection, command: Command, reason: str) -> None:
    """It could not be carried out, and never will be."""
    await connection.execute(update(COMMAND).where(COMMAND.c.id == command.id).values(refusal=reason))


async def about(connection: AsyncConnection, targets: Collection[UUID]) -> Sequence[Decision]:
    """Everything that people decided about these, oldest first."""
    query = select(*_COLUMNS).where(COMMAND.c.target.in_(sorted(targets))).order_by(COMMAND.c.at, COMMAND.c.id)
    return [Decision(*row) for row in await connection.execute(query)]


async def found(connection: AsyncConnection, command: UUID) -> Decision | None:
    """What became of it; None while nobody has carried it out."""
    row = (await connection.execute(select(*_COLUMNS).where(COMMAND.c.id == command))).one_or_none()
    return None if row is None else Decision(*row)


async def refusals(connection: AsyncConnection, targets: Collection[UUID]) -> Counter[UUID]:
    """How many decisions about each of these were refused."""
    refused = (
        select(COMMAND.c.target, func.count().label("number"))
        .where(COMMAND.c.target.in_(sorted(targets)), COMMAND.c.refusal.is_not(None))
        .group_by(COMMAND.c.target)
    )
    rows = await connection.execute(refused) if targets else ()
    return Counter({row.target: row.number for row in rows})

"""EARLY STORE: decisions about what the ledger does not have yet, in SQL, inside a transaction of the caller."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Action, Command
from schemas.topics import REFERRALS
from services.notify.call_tables import CALL
from services.notify.early_tables import EARLY
from services.notify.intake_parts import Waits
from services.notify.tables import DELIVERY
from services.runtime.bulk import among, counts
from services.runtime.database import insert_ignore

KEPT: Final = timedelta(days=1)
"""How long a decision waits at least; longer while what was there by then is still to be read."""

LONGEST: Final = REFERRALS.retention or KEPT
"""How long it waits at most: what was not read by then, its topic holds no more."""

FOR_A_CALL: Final = timedelta(days=7)
"""The same of a call that was made: a clock opens it, perhaps days after its referral has come."""

SOON: Final = timedelta(minutes=1)
"""A decision that waits longer is told to be late: its referral should have been read by now."""

SLICE: Final = 100
"""Decisions in one step."""


async def keep(connection: AsyncConnection, command: Command, at: datetime) -> None:
    """For when that comes which it is about. Kept twice is kept once, for as long as at first."""
    until = at + (FOR_A_CALL if command.action is Action.CALL_DONE else KEPT)
    row = {"command": command.id, "target": command.target, "until": until, "content": command.write()}
    await connection.execute(insert_ignore(EARLY).values([row]))


async def waiting(connection: AsyncConnection, targets: Collection[UUID]) -> list[Waits]:
    """What waits for these; it goes on to."""
    query = select(EARLY.c.number, EARLY.c.content).where(among(connection, EARLY.c.target, sorted(targets)))
    rows = await connection.execute(query)
    read = ((row.number, Command.read(bytes(row.content))) for row in rows)
    return [Waits(number, command.target, command.at) for number, command in read]


async def taken_up(
    connection: AsyncConnection, targets: Collection[UUID], *those: ColumnElement[bool]
) -> list[Command]:
    """Those that wait for these, in the order in which they were read; they wait no longer. Their cases are locked."""
    if not targets:
        return []
    gone = delete(EARLY).where(among(connection, EARLY.c.target, sorted(targets)), *those)
    rows = await connection.execute(gone.returning(EARLY.c.number, EARLY.c.content))
    return [Command.read(bytes(row.content)) for row in sorted(rows, key=lambda row: row.number)]


async def ages(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """How many wait for up to a minute, for up to a day, and longer, while their referrals may still be to be read."""
    fresh = EARLY.c.until > now + KEPT - SOON
    of = {
        "in-time": fresh,
        "late": ~fresh & (EARLY.c.until > now),
        "very-late": EARLY.c.until <= now,
    }
    return await counts(connection, {name: select(EARLY.c.number).where(when) for name, when in of.items()})


async def ripe(connection: AsyncConnection, over: datetime) -> Sequence[UUID]:
    """The referrals and calls for which something waits that can be carried out, or was to wait until `over`."""
    line, call = exists().where(DELIVERY.c.referral == EARLY.c.target), exists().where(CALL.c.id == EARLY.c.target)
    query = select(EARLY.c.target).where(or_(EARLY.c.until <= over, line, call)).distinct().limit(SLICE)
    return list((await connection.execute(query)).scalars())

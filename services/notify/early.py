"""EARLY: decisions that came before their referral wait for it, and are carried out in the moment in which it comes.

After a restore both are read again, each at its own pace. To refuse such a decision would be to forget a release, or to
send what a person had cancelled. Every function works in a transaction of its caller.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Action, Command
from services.notify import store
from services.notify.commanding import PARTNER_ACTIONS
from services.notify.deciding import decide
from services.notify.early_tables import EARLY
from services.notify.footing import POLL, Footing
from services.notify.tables import DELIVERY
from services.runtime.bulk import among
from services.runtime.database import insert_ignore

KEPT: Final = timedelta(days=1)
"""How long a decision waits for its referral before it is refused: all topics are read again within that."""

SLICE: Final = 100
"""Decisions in one step."""


def about_a_referral(command: Command) -> bool:
    """Whether its target is a line of the ledger."""
    return command.action not in PARTNER_ACTIONS and command.action is not Action.CALL_DONE


async def keep(connection: AsyncConnection, command: Command, at: datetime) -> None:
    """For when its referral comes. Kept twice is kept once, for as long as at first."""
    row = {"command": command.id, "target": command.target, "until": at + KEPT, "content": command.write()}
    await connection.execute(insert_ignore(EARLY).values([row]))


async def taken_up(
    connection: AsyncConnection, targets: Collection[UUID], *those: ColumnElement[bool]
) -> list[Command]:
    """Those that wait for these, in the order in which they were read; they wait no longer. Their cases are locked."""
    if not targets:
        return []
    gone = delete(EARLY).where(among(connection, EARLY.c.target, sorted(targets)), *those)
    rows = await connection.execute(gone.returning(EARLY.c.number, EARLY.c.content))
    return [Command.read(bytes(row.content)) for row in sorted(rows, key=lambda row: row.number)]


class Early:
    """Refuses what waited too long; and carries out what was kept in the moment in which its referral came."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing

    async def step(self) -> float:
        """One slice; returns when to look again, in seconds."""
        at = self._footing.clock()
        async with self._footing.database.read() as connection:
            targets = await ripe(connection, at)
        for target in targets:
            async with self._footing.database.begin() as connection:
                stands = await store.standing(connection, [target])  # locked first, as everywhere
                over = () if stands else (EARLY.c.until <= at,)
                await carry_out(connection, [target], self._footing, at, *over)
        if targets:
            self._footing.committed()
        return 0.0 if len(targets) == SLICE else POLL


async def carry_out(
    connection: AsyncConnection, targets: Collection[UUID], footing: Footing, at: datetime, *those: ColumnElement[bool]
) -> None:
    """Carry out, or refuse, what waits for these; `those`: of it no more than this."""
    for command in await taken_up(connection, targets, *those):
        await decide(connection, command, footing.directory, at)


async def ripe(connection: AsyncConnection, at: datetime) -> Sequence[UUID]:
    """The referrals for which something waits that is to be carried out, or refused, now."""
    stands = exists().where(DELIVERY.c.referral == EARLY.c.target)
    query = select(EARLY.c.target).where(or_(EARLY.c.until <= at, stands)).distinct().limit(SLICE)
    return list((await connection.execute(query)).scalars())

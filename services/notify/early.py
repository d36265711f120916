"""EARLY: decisions that came before their referral, or call, wait for it, and are carried out as soon as it comes.

After a restore both are read again, each at its own pace. To refuse such a decision would be to forget a release, to
send what a person had cancelled, or to have somebody make a call again.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Command
from services.notify import calls, store
from services.notify.caught_up import CaughtUp
from services.notify.commanding import PARTNER_ACTIONS
from services.notify.deciding import decide
from services.notify.early_store import KEPT, LONGEST, SLICE, ripe, taken_up
from services.notify.early_tables import EARLY
from services.notify.footing import POLL, Footing


def may_wait(command: Command) -> bool:
    """Whether its target comes with a referral: a line of the ledger, or a call of its book."""
    return command.action not in PARTNER_ACTIONS


async def there(connection: AsyncConnection, target: UUID) -> bool:
    """Whether the ledger has it, locked until the transaction ends: the line before a call, as everywhere."""
    if await store.standing(connection, [target]):
        return True
    return await calls.entry(connection, target) is not None


class Early:
    """Refuses what waited too long; and carries out what was kept while that came which it is about."""

    def __init__(self, footing: Footing, read: CaughtUp) -> None:
        """`read`: how far all instances have come with the topic of referrals."""
        self._footing = footing
        self._read = read

    async def step(self) -> float:
        """One slice; returns when to look again, in seconds.

        Raises:
            TryLater: something is to be refused, and the broker does not tell whether its referral is still to be read.
        """
        at = self._footing.clock()
        many = await self._slice(at, at - (LONGEST - KEPT))
        if many < SLICE and (over := await self._over(at)) is not None:
            many = await self._slice(at, over)
        return 0.0 if many == SLICE else POLL

    async def _over(self, at: datetime) -> datetime | None:
        """Of which time limits everything that was there by then has been read; asked when one has passed."""
        async with self._footing.database.read() as connection:
            passed = (await connection.execute(select(EARLY.c.number).where(EARLY.c.until <= at).limit(1))).all()
        read = await self._read.until(at) if passed else None
        return None if read is None else min(read, at)

    async def _slice(self, at: datetime, over: datetime) -> int:
        """Those whose time is over, and those for which it is there now; returns about how many targets."""
        async with self._footing.database.read() as connection:
            targets = await ripe(connection, over)
        for target in targets:
            async with self._footing.database.begin() as connection:
                those = () if await there(connection, target) else (EARLY.c.until <= over,)
                await carry_out(connection, [target], self._footing, at, *those)
        if targets:
            self._footing.committed()
        return len(targets)


async def carry_out(
    connection: AsyncConnection, targets: Collection[UUID], footing: Footing, at: datetime, *those: ColumnElement[bool]
) -> None:
    """Carry out, or refuse, what waits for these; `those`: of it no more than this."""
    for command in await taken_up(connection, targets, *those):
        await decide(connection, command, footing.directory, at)

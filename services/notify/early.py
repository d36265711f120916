"""EARLY: decisions that came before their referral wait for it, and are carried out in the moment in which it comes.

After a restore both are read again, each at its own pace. To refuse such a decision would be to forget a release, or to
send what a person had cancelled. Every function works in a transaction of its caller.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Action, Command
from schemas.topics import REFERRALS
from services.notify import store
from services.notify.caught_up import CaughtUp
from services.notify.commanding import PARTNER_ACTIONS
from services.notify.deciding import decide
from services.notify.early_tables import EARLY
from services.notify.footing import POLL, Footing
from services.notify.parts import Waits
from services.notify.tables import DELIVERY
from services.runtime.bulk import among
from services.runtime.database import insert_ignore

KEPT: Final = timedelta(days=1)
"""How long a decision waits for its referral at least; longer while what was there by then is still to be read."""

LONGEST: Final = REFERRALS.retention or KEPT
"""How long it waits at most: what was not read by then, its topic holds no more."""

SOON: Final = timedelta(minutes=1)
"""A decision that waits longer is told to be late: its referral should have been read by now."""

SLICE: Final = 100
"""Decisions in one step."""


def about_a_referral(command: Command) -> bool:
    """Whether its target is a line of the ledger."""
    return command.action not in PARTNER_ACTIONS and command.action is not Action.CALL_DONE


async def keep(connection: AsyncConnection, command: Command, at: datetime) -> None:
    """For when its referral comes. Kept twice is kept once, for as long as at first."""
    row = {"command": command.id, "target": command.target, "until": at + KEPT, "content": command.write()}
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
    counts = [select(func.count()).select_from(EARLY).where(when).scalar_subquery() for when in of.values()]
    return dict(zip(of, (await connection.execute(select(*counts))).one(), strict=True))


class Early:
    """Refuses what waited too long; and carries out what was kept in the moment in which its referral came."""

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
        """Those whose time is over, and those whose referral is there; returns about how many referrals."""
        async with self._footing.database.read() as connection:
            targets = await ripe(connection, over)
        for target in targets:
            async with self._footing.database.begin() as connection:
                stands = await store.standing(connection, [target])  # locked first, as everywhere
                those = () if stands else (EARLY.c.until <= over,)
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


async def ripe(connection: AsyncConnection, over: datetime) -> Sequence[UUID]:
    """The referrals for which something waits that is to be carried out, or that was to wait until `over` at most."""
    stands = exists().where(DELIVERY.c.referral == EARLY.c.target)
    query = select(EARLY.c.target).where(or_(EARLY.c.until <= over, stands)).distinct().limit(SLICE)
    return list((await connection.execute(query)).scalars())

"""POLLING STORE: when partners are asked, in SQL. Every function works in a transaction of its caller."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import progress_store
from services.notify.polling_round import Open, Round
from services.notify.progress_tables import ASKING, NOTICED, OPEN, THREAD
from services.notify.thread import Thread
from services.runtime.database import insert_ignore

ONCE_MORE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Instead of when it was asked about, of one that is again, after those that were not asked about yet."""

_NAMES: Final = tuple(column.name for column in ASKING.c)
_LEASED: Final = update(ASKING).where(ASKING.c.partner == bindparam("of"), ASKING.c.fence == bindparam("held"))
_ASKED: Final = (
    update(THREAD)
    .where(THREAD.c.thread == bindparam("b_thread"), THREAD.c.partner == bindparam("b_partner"))
    .values(asked_at=bindparam("b_at"), task=func.coalesce(bindparam("b_task"), THREAD.c.task))
)
_READ: Final = (
    update(THREAD)
    .where(THREAD.c.thread == bindparam("b_thread"), THREAD.c.noticed == bindparam("b_noticed"))
    .values(noticed=0)
)


async def begin(connection: AsyncConnection, partners: Collection[str], now: datetime) -> None:
    """At a start: whoever is asked has a round, and Subscriptions are made as things are configured now."""
    if partners:
        rows = [{"partner": name, "due_at": now, "fence": 0, "failures": 0} for name in sorted(partners)]
        await connection.execute(insert_ignore(ASKING), rows)
        await connection.execute(update(ASKING).where(ASKING.c.partner.in_(sorted(partners))).values(renew_at=now))


async def rounds(connection: AsyncConnection) -> dict[str, Round]:
    """Of every partner that is or was asked."""
    return {row.partner: _round(row) for row in await connection.execute(select(ASKING))}


async def never_asked(connection: AsyncConnection, partners: Collection[str]) -> set[str]:
    """Those of these partners with a thread that we never asked about."""
    if not partners:
        return set()
    query = select(THREAD.c.partner).where(OPEN, THREAD.c.partner.in_(sorted(partners)), THREAD.c.asked_at.is_(None))
    return set((await connection.execute(query.distinct())).scalars())


async def claim(connection: AsyncConnection, round_: Round, until: datetime) -> Round | None:
    """The round under our lease; None when somebody else took the turn since we looked."""
    fence = round_.fence + 1
    taken = _LEASED.values(leased_until=until, fence=fence)
    ours = (await connection.execute(taken, {"of": round_.partner, "held": round_.fence})).rowcount == 1
    return replace(round_, leased_until=until, fence=fence) if ours else None


async def held(connection: AsyncConnection, partner: str, fence: int) -> Round | None:
    """The round, locked until the transaction ends; None when the turn is not ours any more."""
    query = select(ASKING).where(ASKING.c.partner == partner, ASKING.c.fence == fence).with_for_update()
    row = (await connection.execute(query)).first()
    return None if row is None else _round(row)


async def change(connection: AsyncConnection, round_: Round) -> None:
    """What became of it; the caller holds its lock."""
    values = {name: getattr(round_, name) for name in _NAMES if name not in {"partner", "fence"}}
    await connection.execute(_LEASED.values(values), {"of": round_.partner, "held": round_.fence})


async def noticed(connection: AsyncConnection, partner: str, most: int) -> list[Open]:
    """Those of which the partner said that they changed."""
    query = select(THREAD).where(THREAD.c.partner == partner, NOTICED).order_by(THREAD.c.thread).limit(most)
    return [_open(row) for row in await connection.execute(query)]


async def due(
    connection: AsyncConnection, partner: str, now: datetime, *, gap: timedelta, unknown: timedelta, most: int
) -> list[Open]:
    """Threads it is not done with and that were not asked about for so long, those asked about longest ago first.

    Those whose Task was not found yet are asked about again sooner; those that a clock ahead of ours asked about, now.
    """
    asked = THREAD.c.asked_at
    sought = and_(THREAD.c.task.is_(None), asked <= now - unknown)
    waits = or_(asked.is_(None), asked <= now - gap, sought, asked > now + progress_store.AHEAD)
    query = select(THREAD).where(THREAD.c.partner == partner, OPEN, waits)
    rows = await connection.execute(query.order_by(THREAD.c.asked_at.asc().nulls_first()).limit(most))
    return [_open(row) for row in rows]


async def next_due(connection: AsyncConnection, partner: str, gap: timedelta, unknown: timedelta) -> datetime | None:
    """When the first of its threads is due again; None when none is open."""
    mine = (THREAD.c.partner == partner, OPEN)
    first = select(func.min(THREAD.c.asked_at)).where(*mine)
    oldest = (await connection.execute(first)).scalar()
    sought = (await connection.execute(first.where(THREAD.c.task.is_(None)))).scalar()
    times = [at + wait for at, wait in ((oldest, gap), (sought, unknown)) if at is not None]
    return min(times, default=None)


async def asked(connection: AsyncConnection, partner: str, tasks: Mapping[UUID, str | None], at: datetime) -> None:
    """We asked about these; the Task of each has this id there, where we know it now."""
    new = ((thread, tasks[thread]) for thread in sorted(tasks))
    rows = [{"b_thread": thread, "b_partner": partner, "b_at": at, "b_task": task} for thread, task in new]
    if rows:
        await connection.execute(_ASKED, rows)


async def seen(connection: AsyncConnection, opened: Sequence[Open]) -> None:
    """These were read, unless the partner said once more that they changed."""
    rows = [{"b_thread": each.thread.thread, "b_noticed": each.noticed} for each in opened]
    if rows:
        await connection.execute(_READ, rows)


async def known(connection: AsyncConnection, partner: str, tasks: Collection[str]) -> bool:
    """Whether any Task of the partner's with such an id is about a referral of ours."""
    mine = (THREAD.c.partner == partner, THREAD.c.task.in_(sorted(tasks)))
    return (await connection.execute(select(THREAD.c.thread).where(*mine).limit(1))).first() is not None


async def notice(connection: AsyncConnection, partner: str, tasks: Collection[str], now: datetime) -> None:
    """The partner says that these Tasks of its own changed."""
    await _lock(connection, partner)
    mine = await _locked(connection, THREAD.c.partner == partner, THREAD.c.task.in_(sorted(tasks)))
    await connection.execute(update(THREAD).where(THREAD.c.thread.in_(mine)).values(noticed=THREAD.c.noticed + 1))
    await _hurry(connection, partner, now)


async def ask_all(connection: AsyncConnection, partner: str, now: datetime) -> None:
    """The partner says that something changed, and not what: all are asked about again.

    Those that still wait from the last time come first, however often it says so, or they would wait for ever.
    """
    await _lock(connection, partner)
    mine = (THREAD.c.partner == partner, OPEN)
    waits = select(THREAD.c.thread).where(*mine, THREAD.c.asked_at.is_(None)).limit(1)
    after = None if (await connection.execute(waits)).first() is None else ONCE_MORE
    asked = await _locked(connection, *mine, THREAD.c.asked_at.is_not(None), THREAD.c.asked_at.is_distinct_from(after))
    await connection.execute(update(THREAD).where(THREAD.c.thread.in_(asked)).values(asked_at=after))
    # also of a turn under way, which knows by it that the answer may be from before
    await connection.execute(update(ASKING).where(ASKING.c.partner == partner).values(due_at=now))


async def renew(connection: AsyncConnection, partner: str, at: datetime) -> None:
    """Its server notifies us no more: the Subscription is renewed in the first turn from then on."""
    later = or_(ASKING.c.renew_at.is_(None), ASKING.c.renew_at > at)
    await connection.execute(update(ASKING).where(ASKING.c.partner == partner, later).values(renew_at=at))


async def _lock(connection: AsyncConnection, partner: str) -> None:
    """The round first, then its threads, as where a turn is written: nobody waits in a circle."""
    await connection.execute(select(ASKING.c.partner).where(ASKING.c.partner == partner).with_for_update())


async def _locked(connection: AsyncConnection, *mine: Any) -> list[UUID]:
    query = select(THREAD.c.thread).where(*mine).order_by(THREAD.c.thread).with_for_update()
    return list((await connection.execute(query)).scalars())


async def _hurry(connection: AsyncConnection, partner: str, now: datetime) -> None:
    soon = update(ASKING).where(ASKING.c.partner == partner, ASKING.c.due_at > now)
    await connection.execute(soon.values(due_at=now))


def _round(row: Any) -> Round:
    return Round(*(getattr(row, name) for name in Round.__slots__))


def _open(row: Any) -> Open:
    return Open(Thread.of(row), row.task, row.asked_at, row.noticed)

"""Threads in SQL. Every function works in a transaction of its caller, who holds the lock of the referral's line."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.milestones import first
from services.notify.progress_tables import OPEN, THREAD
from services.notify.thread import Thread
from services.runtime.bulk import Rows

AHEAD: Final = timedelta(hours=1)
"""No clock of an instance is so far ahead of another's: one was wrong."""

_OURS: Final = frozenset({"thread", "asked_at", "task", "noticed"})
"""What no report changes."""

_CHANGING: Final = tuple(column.name for column in THREAD.c if column.name not in _OURS)
_NAMES: Final = ("thread", *_CHANGING)
_CHANGE: Final = (
    update(THREAD)
    .where(THREAD.c.thread == bindparam("b_thread"))
    .values({name: bindparam(f"b_{name}") for name in _CHANGING})
)
_NEW: Final = upsert(THREAD)
_BEGIN: Final = Rows(
    _NEW.on_conflict_do_update(
        index_elements=[THREAD.c.thread],
        set_={name: _NEW.excluded[name] for name in _CHANGING if name != "version"}
        | {"version": THREAD.c.version + 1}
        | {name: case((_NEW.excluded.partner == THREAD.c.partner, THREAD.c[name])) for name in ("asked_at", "task")}
        | {"noticed": case((_NEW.excluded.partner == THREAD.c.partner, THREAD.c.noticed), else_=0)},
        where=or_(_NEW.excluded.revision > THREAD.c.revision, THREAD.c.left),
    ),
    _NAMES,
)


async def begin(connection: AsyncConnection, lines: Iterable[Line], directory: Directory) -> None:
    """The partner has these since they changed. What it told already of the same revision stands.

    When they are looked at first is written with them: to look at each as soon as it is there would cost as much again.
    """
    begun = [_looked_at(Thread.begun(line, line.changed_at), directory) for line in lines]
    begun.sort(key=attrgetter("thread"))
    await _BEGIN.write(connection, [tuple(map(each.row.__getitem__, _NAMES)) for each in begun])


def _looked_at(begun: Thread, directory: Directory) -> Thread:
    return replace(begun, look_at=first(begun, directory.answers(begun.partner)))


async def about(connection: AsyncConnection, id: UUID) -> Thread | None:  # noqa: A002  either of two kinds
    """The thread of this id, or of the referral of this id."""
    query = select(THREAD).where(or_(THREAD.c.thread == id, THREAD.c.referral == id)).limit(1)
    row = (await connection.execute(query)).first()
    return None if row is None else Thread.of(row)


async def locked(connection: AsyncConnection, threads: Collection[UUID]) -> list[Thread]:
    """As they stand now, and until the transaction ends; in one order, so that nobody waits in a circle."""
    if not threads:
        return []
    query = select(THREAD).where(THREAD.c.thread.in_(sorted(threads))).order_by(THREAD.c.thread).with_for_update()
    return [Thread.of(row) for row in await connection.execute(query)]


async def change(connection: AsyncConnection, threads: Iterable[Thread]) -> None:
    """What became of them."""
    rows = [{f"b_{name}": value for name, value in each.row.items()} for each in threads]
    if rows:
        await connection.execute(_CHANGE, rows)


async def earliest(connection: AsyncConnection, others: Collection[str]) -> datetime | None:
    """When milestones of any thread are to be looked at next, but those of the `others`."""
    ours = THREAD.c.partner.not_in(sorted(others))
    found: datetime | None = (await connection.execute(select(func.min(THREAD.c.look_at)).where(OPEN, ours))).scalar()
    return found


async def to_look_at(
    connection: AsyncConnection, now: datetime, most: int, others: Collection[str]
) -> dict[UUID, UUID]:
    """Threads whose milestones are to be looked at, each with its referral; but those of the `others`."""
    ours = THREAD.c.partner.not_in(sorted(others))
    columns = (THREAD.c.thread, THREAD.c.referral)
    query = select(*columns).where(OPEN, ours, THREAD.c.look_at <= now).order_by(THREAD.c.look_at).limit(most)
    return {row.thread: row.referral for row in await connection.execute(query)}


async def heal(connection: AsyncConnection, now: datetime) -> int:
    """What partners got by a clock far ahead of ours, they have from now on; returns how many threads that were."""
    ahead = select(THREAD.c.thread).where(OPEN, THREAD.c.since > now + AHEAD).order_by(THREAD.c.thread)
    found = (await connection.execute(ahead.with_for_update())).scalars().all()
    if found:
        await connection.execute(update(THREAD).where(THREAD.c.thread.in_(found)).values(since=now, look_at=now))
    return len(found)


async def look_again(connection: AsyncConnection, at: datetime) -> None:
    """At every milestone still to come: the times that partners are given may have changed."""
    await connection.execute(update(THREAD).where(OPEN).values(look_at=at))

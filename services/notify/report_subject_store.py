"""REPORT SUBJECT STORE: the line that is reported on and its thread, found and begun in a caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import DeliveryState
from schemas.progress import Progress
from services.notify import moves, outbox, progress_store, store
from services.notify.conclusion import settled
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.ownership import Named, named
from services.notify.report_subject import NotYet, arrived, fetches, has, marked, spoken_of, theirs
from services.notify.thread import Thread
from services.runtime.errors import TryLater

REPORTED: Final = "reported"
"""Why it is delivered: its partner reports on it, and the answer to its last attempt was lost."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line, its thread, and the older revision of it that was named, if one was."""

    line: Line
    thread: Thread
    older: int | None = None


def speakable(known: Named, about: UUID, partner: str) -> bool:
    """Whether there is anything it may speak of. What waits for a person is to it as what nobody ever had."""
    has_one = known.thread is not None and known.thread.partner == partner
    return has_one or bool(theirs(known.lane, about, partner, known.since))


async def looked_up(
    connection: AsyncConnection, known: Named, about: UUID, partner: str, directory: Directory
) -> Line | NotYet | None:
    """What it could speak of, and nothing is begun; for what is nothing of its own the database is not asked."""
    if not known.belongs_to(partner):
        return None
    return await _spoken(connection, theirs(known.lane, about, partner, known.since), about, partner, directory)


async def found(connection: AsyncConnection, about: UUID, partner: str, directory: Directory) -> Found | NotYet | None:
    """Its line and thread, locked in this order, as a conclusion does. Of what may be there, it is begun.

    Also where another partner had it, and turned it down: the one that has it now may be faster than our answer.
    """
    known = await named(connection, about)
    referral = about if known.thread is None else known.thread.referral
    line = (await store.standing(connection, [referral])).get(referral)
    if line is None:
        return None
    if known.thread is None or known.thread.left:
        lane = theirs(await store.case(connection, line.signal), about, partner, known.since)
        match await _spoken(connection, lane, about, partner, directory):
            case Line() as spoken:
                line = await _begun(connection, spoken, directory)
            case what if known.thread is None or known.thread.partner != partner:
                return what
    (thread,) = await progress_store.locked(connection, [line.thread])
    if thread.referral != line.referral:
        raise TryLater("notify: a newer revision has just arrived at the partner")
    return Found(line, thread, known.older) if thread.partner == partner else None


async def newer(
    connection: AsyncConnection, stands: Found, names: Collection[UUID], directory: Directory
) -> Found | NotYet:
    """The later revision that the partner names, begun, when it may have it; the caller has locked its case."""
    thread = stands.thread
    lines = [each for each in (await store.named(connection, names)).values() if each.thread == thread.thread]
    later = theirs(lines, thread.thread, thread.partner, thread.standing.revision + 1)
    match await _spoken(connection, later, thread.thread, thread.partner, directory):
        case Line() as spoken:
            newest = await _begun(connection, spoken, directory)
            (begun,) = await progress_store.locked(connection, [thread.thread])
            return Found(newest, begun)
        case NotYet() as what:
            return what
        case None:
            return stands


async def answered(
    connection: AsyncConnection,
    line: Line,
    status: Progress,
    *,
    named: Collection[UUID],
    directory: Directory,
    at: datetime,
) -> Line:
    """Delivered, where that word answers what a lost answer left open; then what waited behind it goes."""
    if line.partner is None or line.state is not DeliveryState.PENDING or not line.uncertain:
        return line
    if not arrived(line, status, await store.sent(connection, [line.referral], line.partner), named):
        return line
    there = moves.delivered(line, at, directory.tells, reason=REPORTED)
    await store.change(connection, [there.line])
    follows = await settled(connection, [there.line], directory.tells)
    await outbox.put(connection, [output for each in (there, *follows) for output in each.outputs])
    return (await store.named(connection, [line.referral]))[line.referral]  # as it stands, to be changed further


async def _spoken(
    connection: AsyncConnection, lines: Sequence[Line], about: UUID, partner: str, directory: Directory
) -> Line | NotYet | None:
    """Which of these it speaks of; what was sent is looked up only where nothing is known to be there."""
    fetched = fetches(directory.partners.get(partner))
    unsure = not any(has(line, fetched=fetched) for line in lines)
    tried = await store.sent(connection, [line.referral for line in lines], partner) if lines and unsure else {}
    return spoken_of(lines, about, tried, fetched=fetched)


async def _begun(connection: AsyncConnection, line: Line, directory: Directory) -> Line:
    """Its thread begins; and from now on it counts as what may have arrived, however its attempt ends."""
    if (after := marked(line)) != line:
        await store.change(connection, [after])
    await progress_store.begin(connection, [after], directory)
    return after

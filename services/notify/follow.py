"""FOLLOW: takes a partner's report into the ledger, with all that follows from it, in one transaction."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import AuditEntry, Fact
from schemas.call import CallReason
from schemas.referral import Referral
from services.notify import held, outbox, progress_store, store
from services.notify.belonging import Named, named
from services.notify.call_opening import open_call
from services.notify.directory import Directory
from services.notify.following import follow
from services.notify.footing import Footing
from services.notify.line import Line
from services.notify.progress import Advanced, Late, Refused, Report, Same, Standing, advance
from services.notify.prying import Prying
from services.notify.refusing import Refusals, refused
from services.notify.thread import Thread
from services.runtime.errors import TryLater
from services.runtime.trail import recorded


@dataclass(frozen=True, slots=True)
class Taken:
    """The report was taken, or was known or late: `thread` is how it stands now."""

    thread: Thread


@dataclass(frozen=True, slots=True)
class Declined:
    """It contradicts what was told before. `reason` is a stable code, `entry` tells the audit log."""

    reason: str
    thread: Thread
    entry: AuditEntry | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """It was written on an older version than there is."""

    thread: Thread


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing of that name for this partner."""


Told = Report | Callable[[Thread], Report]
"""A report, or what makes one of how it stands."""


class Follows(Protocol):
    """Whoever takes what partners report."""

    async def find(self, partner: str, about: UUID) -> Thread | None:
        """How it stands, when it is this partner's."""

    async def take(
        self, partner: str, about: UUID, report: Told, *, version: int | None = None, names: Collection[UUID] = ()
    ) -> Taken | Declined | Stale | Nothing:
        """One report. `version` is the one it was written on, `names` the revisions that it names."""


Found = tuple[Line, Thread, int | None]
"""A line, its thread, and the older revision of it that was named, if one was."""


class Following:
    """Takes reports, wherever they come from. The same one twice changes nothing the second time."""

    def __init__(self, footing: Footing, prying: Prying) -> None:
        self._footing = footing
        self._prying = prying
        self._refusals = Refusals()

    async def find(self, partner: str, about: UUID) -> Thread | None:
        """How it stands, when it is this partner's; any revision's id leads there. Raises TryLater.

        That it asked for another's is on the audit log afterwards: the answer is as soon as that of an unknown id.
        """
        found = await self._named(about)
        if found.line is not None and not found.belongs_to(partner):
            self._prying.note(found.line, partner, None)
        return found.thread if found.thread is not None and found.thread.partner == partner else None

    async def take(
        self, partner: str, about: UUID, report: Told, *, version: int | None = None, names: Collection[UUID] = ()
    ) -> Taken | Declined | Stale | Nothing:
        """One report about a thread, or about a referral. `version` is the one it was written on.

        Of the revisions that it `names` the partner may have one of which we do not know yet that it arrived.

        Of another's, as of nobody's, nothing is locked or written before the answer: that would take longer, and tell.
        Raises TryLater, and whatever `report` raises: then nothing is written.
        """
        found = await self._named(about)
        if not found.belongs_to(partner):
            if found.line is not None:
                self._prying.note(found.line, partner, None, Fact.PROGRESS_REFUSED)
            return Nothing()
        async with self._footing.database.begin() as connection:
            told = await self._take(connection, partner, about, report, version=version, names=names)
        if isinstance(told, Declined) and told.entry is not None:
            self._refusals.written(told.entry)
        self._footing.committed()
        return told

    async def _named(self, about: UUID) -> Named:
        async with self._footing.database.read() as connection:
            return await named(connection, about)

    async def _take(
        self,
        connection: AsyncConnection,
        partner: str,
        about: UUID,
        report: Told,
        *,
        version: int | None,
        names: Collection[UUID],
    ) -> Taken | Declined | Stale | Nothing:
        at = self._footing.clock()
        found = await self._thread(connection, partner, about)
        if found is None:
            return Nothing()
        line, thread, older = found
        if older is None and names and thread.referral not in names:
            line, thread = await _newer(connection, line, thread, names, self._footing.directory)
        told = report if isinstance(report, Report) else report(thread)
        if older is not None:
            told = replace(told, revision=older)
        match advance(thread.standing, told):
            case Advanced() | Late() | Refused() if version not in {None, thread.version}:
                return Stale(thread)
            case Same(standing=standing):
                again = replace(thread, standing=standing)
                await progress_store.change(connection, [again] if again != thread else [])
                return Taken(again)
            case Late():
                return Taken(thread)
            case Refused(reason=reason):
                entry = refused(line, partner, reason, told.status, at)
                await outbox.put(connection, [] if self._refusals.wrote(entry) else [recorded(entry)])
                return Declined(reason, thread, entry)
            case Advanced(standing=standing):
                return Taken(await self._advanced(connection, line, thread, standing, told))

    async def _advanced(
        self, connection: AsyncConnection, line: Line, thread: Thread, standing: Standing, told: Report
    ) -> Thread:
        at = self._footing.clock()
        case = await store.case(connection, line.signal)
        facts = Referral.read(await store.content(connection, line.referral)).facts
        tried = await store.tried(connection, line.signal)
        followed = follow(
            self._footing.directory,
            thread,
            line,
            case=case,
            tried=tried,
            standing=standing,
            report=told,
            facts=facts,
            at=at,
        )
        await progress_store.change(connection, [followed.thread])
        await store.change(connection, [followed.line])
        if followed.line.moves > line.moves:
            await held.asked_anew(connection, [line.referral])
        await outbox.put(connection, followed.outputs)
        if followed.call_by is not None:
            await open_call(connection, followed.line, CallReason.TURNED_DOWN, followed.call_by, at)
        return followed.thread

    async def _thread(self, connection: AsyncConnection, partner: str, about: UUID) -> Found | None:
        """Its line and itself, locked in this order, as a conclusion does. Of what may be there, it is begun.

        Also where another partner had it, and turned it down: the one that has it now may be faster than our answer.
        """
        known = await named(connection, about)
        referral = about if known.thread is None else known.thread.referral
        line = (await store.standing(connection, [referral])).get(referral)
        if line is None:
            return None
        left = known.thread is not None and known.thread.left
        since = 1 if known.thread is None else known.thread.standing.revision
        theirs = await _theirs(connection, line, about, partner, since) if known.thread is None or left else None
        if theirs is not None:
            line = theirs
            await progress_store.begin(connection, [line], self._footing.directory)
        elif known.thread is None or known.thread.partner != partner:
            return None
        (thread,) = await progress_store.locked(connection, [line.thread])
        if thread.referral != line.referral:
            raise TryLater("notify: a newer revision has just arrived at the partner")
        return (line, thread, known.older) if thread.partner == partner else None


async def _theirs(connection: AsyncConnection, line: Line, about: UUID, partner: str, since: int) -> Line | None:
    """What the partner may have of it; the caller has locked its case.

    Of the first revision, whose id they all are known by, it may never have heard: then the newest one that went there.
    What it had before revision `since`, at which it was turned down, is not given back to it.
    """
    if line.partner == partner and line.may_have_arrived:
        return line
    case = await store.case(connection, line.signal) if about == line.thread else ()
    had = [each for each in case if (each.thread, each.partner) == (about, partner) and each.may_have_arrived]
    return max((each for each in had if each.revision >= since), key=attrgetter("revision"), default=None)


async def _newer(
    connection: AsyncConnection, line: Line, thread: Thread, names: Collection[UUID], directory: Directory
) -> tuple[Line, Thread]:
    """The later revision that the partner speaks of, begun, when it may have it; the caller has locked its case."""
    lines = (await store.named(connection, names)).values()
    theirs = [each for each in lines if (each.thread, each.partner) == (thread.thread, thread.partner)]
    later = [each for each in theirs if each.revision > thread.standing.revision and each.may_have_arrived]
    if not later:
        return line, thread
    newest = max(later, key=attrgetter("revision"))
    await progress_store.begin(connection, [newest], directory)
    (begun,) = await progress_store.locked(connection, [thread.thread])
    return newest, begun

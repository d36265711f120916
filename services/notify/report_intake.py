"""REPORT INTAKE: takes a partner's report into the ledger, with all that follows from it, in one transaction."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import AuditEntry, Fact
from schemas.call import CallReason
from schemas.referral import Referral
from services.notify import held, outbox, progress_store, report_subject_store, store
from services.notify.call_opening import open_call
from services.notify.footing import Footing
from services.notify.foreign_requests import ForeignRequests
from services.notify.line import Line
from services.notify.milestones import TURNED_DOWN_WITHIN, call_by
from services.notify.ownership import Named, named
from services.notify.progress import Advanced, Late, Refused, Report, Same, Standing, advance
from services.notify.refused_reports import Refusals, refused
from services.notify.report_effects import follow
from services.notify.report_subject import NOT_GOING, NotYet
from services.notify.report_subject_store import Found
from services.notify.thread import Thread
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
class Absent:
    """It is this partner's and cannot have it as far as we know. `reason`: of `report_subject`; `entry`: as above."""

    reason: str
    entry: AuditEntry | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing of that name for this partner."""


Told = Report | Callable[[Thread], Report]
"""A report, or what makes one of how it stands."""


class Follows(Protocol):
    """Whoever takes what partners report."""

    async def find(self, partner: str, about: UUID) -> Thread | Absent | None:
        """How it stands, when it is this partner's."""

    async def take(
        self, partner: str, about: UUID, report: Told, *, version: int | None = None, names: Collection[UUID] = ()
    ) -> Taken | Declined | Stale | Absent | Nothing:
        """One report. `version` is the one it was written on, `names` the revisions that it names."""


class Following:
    """Takes reports, wherever they come from. The same one twice changes nothing the second time."""

    def __init__(self, footing: Footing, foreign_requests: ForeignRequests) -> None:
        self._footing = footing
        self._foreign_requests = foreign_requests
        self._refusals = Refusals()

    async def find(self, partner: str, about: UUID) -> Thread | Absent | None:
        """How it stands, when it is this partner's; any revision's id leads there. Raises TryLater.

        That it asked for another's is on the audit log afterwards: the answer is as soon as that of an unknown id.
        """
        found = await self._named(about)
        if found.line is not None and not found.belongs_to(partner):
            self._foreign_requests.note(found.line, partner, None)
        if found.thread is not None and found.thread.partner == partner:
            return found.thread
        async with self._footing.database.read() as connection:
            spoken = await report_subject_store.looked_up(connection, found, about, partner, self._footing.directory)
        match spoken:
            case Line():
                return Thread.begun(spoken, spoken.changed_at)
            case NotYet(reason=reason) if reason != NOT_GOING:
                return Absent(reason)
            case _:
                return None

    async def take(
        self, partner: str, about: UUID, report: Told, *, version: int | None = None, names: Collection[UUID] = ()
    ) -> Taken | Declined | Stale | Absent | Nothing:
        """One report about a thread, or about a referral. `version` is the one it was written on.

        Of the revisions that it `names` the partner may have one of which we do not know yet that it arrived.

        Of another's, as of nobody's, nothing is locked or written before the answer: that would take longer, and tell.
        Raises TryLater, and whatever `report` raises: then nothing is written.
        """
        found = await self._named(about)
        if not found.belongs_to(partner):
            if found.line is not None:
                self._foreign_requests.note(found.line, partner, None, Fact.PROGRESS_REFUSED)
            return Nothing()
        if not report_subject_store.speakable(found, about, partner):
            return Nothing()
        async with self._footing.database.begin() as connection:
            told = await self._take(connection, partner, about, report, version=version, names=names)
        if isinstance(told, Declined | Absent) and told.entry is not None:
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
    ) -> Taken | Declined | Stale | Absent | Nothing:
        at = self._footing.clock()
        found = await report_subject_store.found(connection, about, partner, self._footing.directory)
        if isinstance(found, Found) and found.older is None and names and found.thread.referral not in names:
            found = await report_subject_store.newer(connection, found, names, self._footing.directory)
        if not isinstance(found, Found):
            return Nothing() if found is None else await self._absent(connection, found, partner, report, at)
        line, thread, older = found.line, found.thread, found.older
        told = report if isinstance(report, Report) else report(thread)
        if older is not None:
            told = replace(told, revision=older)
        step = advance(thread.standing, told)
        if version not in {None, thread.version} and not isinstance(step, Same):
            return Stale(thread)
        meant, directory = {about, *names}, self._footing.directory
        line = await report_subject_store.answered(
            connection, line, told.status, named=meant, directory=directory, at=at
        )
        match step:
            case Same(standing=standing):
                again = replace(thread, standing=standing)
                await progress_store.change(connection, [again] if again != thread else [])
                return Taken(again)
            case Late():
                return Taken(thread)
            case Refused(reason=reason):
                entry = refused(line, partner, reason, told.status, at)
                await self._put_before_a_person(connection, line, entry)
                return Declined(reason, thread, entry)
            case Advanced(standing=standing):
                return Taken(await self._advanced(connection, line, thread, standing, told))

    async def _absent(
        self, connection: AsyncConnection, what: NotYet, partner: str, report: Told, at: datetime
    ) -> Absent:
        """What was ended as it cannot have arrived, and its partner has all the same: a person must hear of it."""
        if what.reason != NOT_GOING:
            return Absent(what.reason)
        told = report if isinstance(report, Report) else report(Thread.begun(what.line, what.line.changed_at))
        entry = refused(what.line, partner, what.reason, told.status, at)
        await self._put_before_a_person(connection, what.line, entry)
        return Absent(what.reason, entry)

    async def _put_before_a_person(self, connection: AsyncConnection, line: Line, entry: AuditEntry) -> None:
        """The fact, and a call with a clock: the partner is told that a person was told, and nobody watches facts.

        Once for each revision: what was said there on the telephone is not asked again.
        """
        if self._refusals.wrote(entry):
            return
        await outbox.put(connection, [recorded(entry)])
        due_at = call_by(line.rank, TURNED_DOWN_WITHIN, entry.at)
        if due_at is not None:
            await open_call(connection, line, CallReason.CONTRADICTED, due_at, entry.at)

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

"""DESK READING: what the desk shows, read from one moment of the ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.call import Call
from schemas.codes import Urgency
from schemas.partner import Partner
from schemas.referral import Referral, ReferralChange
from schemas.signal import Facts
from schemas.words import Language
from services.notify import calls, decisions, delivery_words, held, store
from services.notify import desk_words as words
from services.notify.call_tables import CALL, OPEN
from services.notify.calling import ALARM, urgency_of
from services.notify.calls import Entry
from services.notify.directory import Directory, read_directory
from services.notify.dossier import Dossier, dossier
from services.notify.escalation import Waiting
from services.notify.ledger_view import looking, span
from services.notify.line import Line
from services.notify.settings import NotifySettings
from services.notify.tables import DELIVERY, WAITS
from services.runtime.errors import Refused


@dataclass(frozen=True, slots=True)
class Question:
    """One held referral in the list: its line, what the router told of it, and whose it is."""

    line: Line
    referral: Referral
    assigned_to: str | None


@dataclass(frozen=True, slots=True)
class Calling:
    """One call, with whom to call. `partner` None: nobody was chosen, or it is not configured any more.

    `later`: the newest revision for the same recipient, where one came after the call was opened.
    """

    call: Call
    line: Line
    referral: Referral
    corporation: str
    partner: Partner | None
    later: Referral | None = None

    @property
    def withdrawn(self) -> bool:
        """Whether the corporation took it back since: who is called should hear that, if it was called at all."""
        return self.later is not None and self.later.change is ReferralChange.WITHDRAWAL

    @property
    def facts(self) -> Facts:
        """What is known of it now; of what was taken back, what was known when the call was opened."""
        return self.referral.facts if self.later is None or self.withdrawn else self.later.facts

    def numbers(self, language: Language) -> list[str]:
        """The emergency number, where it is one, and the partner's name and number."""
        alarm = f"{ALARM[self.referral.facts.country]} ({words.ALARM.in_(language)})"
        emergency = [alarm] if self.referral.facts.urgency is Urgency.EMERGENCY else []
        if self.partner is None:
            return [*emergency, f"{words.TO.in_(language)}: {words.NOBODY.in_(language)}"]
        return [*emergency, self.partner.name, self.partner.telephone or words.NO_NUMBER.in_(language)]

    def as_data(self) -> dict[str, Any]:
        """As `--json` prints it: ids, codes and times, and whom to telephone where."""
        return {
            **self.call.model_dump(mode="json", exclude_none=True),
            "alarm": ALARM[self.referral.facts.country],
            "urgency": self.referral.facts.urgency,
            "partner_name": self.partner.name if self.partner else None,
            "telephone": self.partner.telephone if self.partner else None,
            "reference": self.line.reference,
            "state": self.line.state,
            "later": str(self.later.id) if self.later else None,
            "withdrawn": self.withdrawn,
        }


@dataclass(frozen=True, slots=True)
class DeskReading:
    """Reads the ledger beside the configuration."""

    connection: AsyncConnection
    directory: Directory

    async def questions(self, most: int) -> list[Question]:
        """What waits for a person, what is due first at the top."""
        query = select(*store.COLUMNS, DELIVERY.c.content).where(WAITS).order_by(DELIVERY.c.deadline).limit(most)
        rows = (await self.connection.execute(query)).all()
        waiting: dict[UUID, Waiting] = {}
        for start in range(0, len(rows), store.CHUNK):
            part = rows[start : start + store.CHUNK]
            waiting |= await held.waiting(self.connection, [row.referral for row in part])
        return [self._question(Line.of(row), row.content, waiting) for row in rows]

    async def dossier(self, line: Line, now: datetime) -> Dossier:
        """The referral that waits, what its case went through, and who is asked. `line` may be in any state."""
        query = select(*store.COLUMNS).where(DELIVERY.c.signal == line.signal)
        case = [Line.of(row) for row in await self.connection.execute(query)]
        decided = await decisions.about(self.connection, [each.referral for each in case])
        waiting = (await held.waiting(self.connection, [line.referral])).get(line.referral, Waiting())
        referral = Referral.read(await store.content(self.connection, line.referral))
        tried = await store.tried(self.connection, line.signal)
        return dossier(
            line,
            referral,
            case=case,
            decided=decided,
            waiting=waiting,
            directory=self.directory,
            now=now,
            tried=tried,
        )

    async def calls(self, most: int, *, done: bool) -> list[Calling]:
        """The open ones, what is due first at the top; or the ones that were made, the latest first."""
        query = select(*calls.COLUMNS).limit(most).order_by(CALL.c.due_at).where(OPEN)
        if done:
            query = (
                select(*calls.COLUMNS).limit(most).order_by(CALL.c.done_at.desc()).where(CALL.c.done_at.is_not(None))
            )
        return [await self._calling(Entry.of(row)) for row in (await self.connection.execute(query)).all()]

    async def one_call(self, text: str, language: Language) -> Calling:
        """The call whose id begins so.

        Raises:
            Refused: when there is none, or more than one.
        """
        first, last = span(text, language)
        query = select(*calls.COLUMNS).where(CALL.c.id.between(first, last)).limit(2)
        found = [Entry.of(row) for row in await self.connection.execute(query)]
        if len(found) != 1:
            begins = delivery_words.MANY_CALLS_BEGIN if found else delivery_words.NO_CALL_BEGINS
            raise Refused(delivery_words.LOOK_AT_CALLS.in_(language).format(begins.in_(language), text))
        return await self._calling(found[0])

    async def _calling(self, entry: Entry) -> Calling:
        line = (await store.named(self.connection, [entry.referral]))[entry.referral]
        referral = Referral.read(await store.content(self.connection, line.referral))
        corporation = self.directory.corporations.get(line.corporation)
        return Calling(
            call=self._call(entry, line),
            line=line,
            referral=referral,
            corporation=corporation.name if corporation else line.corporation,
            partner=self.directory.partners.get(line.partner or ""),
            later=await self._later(line),
        )

    async def _later(self, line: Line) -> Referral | None:
        """The newest revision after that one, for whom it was for."""
        after = (DELIVERY.c.signal == line.signal, DELIVERY.c.recipient == line.recipient)
        newest = DELIVERY.c.revision.desc()
        query = select(DELIVERY.c.content).where(*after, DELIVERY.c.revision > line.revision).order_by(newest).limit(1)
        content = (await self.connection.execute(query)).scalar()
        return None if content is None else Referral.read(content)

    def _call(self, entry: Entry, line: Line) -> Call:
        asked = self.directory.asked(line.corporation, urgency_of(line))
        return Call(
            id=entry.id,
            referral=entry.referral,
            signal=entry.signal,
            corporation=line.corporation,
            partner=line.partner,
            why=entry.why,
            opened_at=entry.opened_at,
            due_at=entry.due_at,
            overdue=entry.overdue,
            assigned_to=Waiting(entry.assigned_to).whose(asked),
            done_at=entry.done_at,
            done_by=entry.done_by,
            outcome=entry.outcome,
        )

    def _question(self, line: Line, content: bytes, waiting: dict[UUID, Waiting]) -> Question:
        asked = self.directory.asked(line.corporation, urgency_of(line))
        return Question(line, Referral.read(content), waiting.get(line.referral, Waiting()).whose(asked))


@asynccontextmanager
async def reading(settings: NotifySettings) -> AsyncIterator[DeskReading]:
    """One moment of the ledger. Raises Refused when it, or the configuration, cannot be read."""
    directory = read_directory(settings.config)
    async with looking(settings) as look:
        yield DeskReading(look.connection, directory)

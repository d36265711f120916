"""LEDGER VIEW: the ledger as people at a command line see it: no content, found by the first digits of an id."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import Delivery
from schemas.words import Language
from services.notify import delivery_words as words
from services.notify import store
from services.notify.line import Line
from services.notify.selection import Mark, Selection
from services.notify.settings import MIGRATIONS, NotifySettings
from services.notify.tables import ATTEMPT
from services.runtime.database import look_into
from services.runtime.errors import Refused

_DIGITS: Final = 32


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt, without content."""

    attempt: int
    at: datetime
    outcome: str
    reason: str | None
    status: int | None
    seconds: float
    digest: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """Reads the ledger as it stood when it was opened: one snapshot for all that is asked."""

    connection: AsyncConnection

    async def listed(self, choice: Selection, most: int, after: Mark | None = None) -> list[Delivery]:
        """The latest change first, on from `after`."""
        return [line.delivery for line in await store.listed(self.connection, choice, most=most, after=after)]

    async def one(self, text: str, language: Language) -> Line:
        """The one whose id begins so.

        Raises:
            Refused: when there is none, or more than one.
        """
        found = await store.between(self.connection, *span(text, language))
        if len(found) != 1:
            begins = words.MANY_BEGIN if found else words.NONE_BEGINS
            raise Refused(words.LOOK.in_(language).format(begins.in_(language), text))
        return found[0]

    async def attempts(self, referral: UUID) -> list[Tried]:
        """Every attempt, in order."""
        columns: tuple[Any, ...] = tuple(ATTEMPT.c[name] for name in Tried.__slots__)
        query = select(*columns).where(ATTEMPT.c.referral == referral).order_by(ATTEMPT.c.attempt)
        return [Tried(*row) for row in await self.connection.execute(query)]


@asynccontextmanager
async def looking(settings: NotifySettings) -> AsyncIterator[Look]:
    """One moment of the ledger."""
    database = await look_into(settings.database_url, MIGRATIONS, "NOTIFY_DATABASE_URL")
    try:
        async with database.read() as connection:
            yield Look(connection)
    finally:
        await database.stop()


def span(text: str, language: Language) -> tuple[UUID, UUID]:
    """The first and the last id that begin so.

    Raises:
        Refused: when no id can.
    """
    digits = text.replace("-", "").lower()
    try:
        return UUID(digits.ljust(_DIGITS, "0")), UUID(digits.ljust(_DIGITS, "f"))
    except ValueError:
        raise Refused(words.NO_ID.in_(language).format(text)) from None


def marked(text: str, language: Language) -> Mark:
    """A place in the list, as it was printed.

    Raises:
        Refused: when it is none.
    """
    moment, _, referral = text.partition("/")
    try:
        at = datetime.fromisoformat(moment)
        return Mark(at.replace(tzinfo=at.tzinfo or UTC), UUID(referral))
    except ValueError:
        raise Refused(words.NO_PLACE.in_(language).format(text)) from None

"""OWNERSHIP: what an id is about that somebody names, and whose: it takes as long for another's as for nobody's."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import progress_store, store
from services.notify.line import Line
from services.notify.thread import Thread


@dataclass(frozen=True, slots=True)
class Named:
    """A thread, and a line of it; `older`: the revision that was named, when the partner has a newer one since.

    `later`: for whom its revisions are since the one that the thread is of. A person may have chosen for these alone.
    `lane`: all of its revisions that are known by that id.
    """

    thread: Thread | None = None
    line: Line | None = None
    older: int | None = None
    later: frozenset[str | None] = frozenset()
    lane: tuple[Line, ...] = ()

    @property
    def since(self) -> int:
        """The revision that the thread is of."""
        return 1 if self.thread is None else self.thread.standing.revision

    def belongs_to(self, partner: str) -> bool:
        """Whether it is this partner's: what it has, or what is on its way there or was chosen for it."""
        has = self.thread is not None and self.thread.partner == partner
        return has or partner in self.later or (self.line is not None and self.line.partner == partner)


async def named(connection: AsyncConnection, about: UUID) -> Named:
    """What is known by the id of a thread, or by that of any revision; as many statements whatever there is."""
    known = await progress_store.about(connection, about)
    referral = about if known is None else known.referral
    line = (await store.named(connection, [referral])).get(referral)
    newer = await progress_store.about(connection, about if line is None else line.thread)
    case = await store.case(connection, about if line is None else line.signal)
    since = 1 if known is None else known.standing.revision
    lane = tuple(each for each in case if about in {each.thread, each.referral})
    later = frozenset(each.partner for each in lane if each.thread == about and each.revision >= since)
    if known is not None:
        return Named(known, line, later=later, lane=lane)
    if line is not None and newer is not None and newer.standing.revision > line.revision:
        return Named(newer, line, line.revision, lane=lane)
    return Named(None, line, later=later, lane=lane)

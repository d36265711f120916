"""One look at the log for all who watch: a single poller, and every page gets what it found."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from schemas.audit import Fact
from schemas.words import Language
from services.audit.line import Line
from services.audit.log import AuditLog
from services.audit.tally import Tally
from services.console.answers import Counts, Glimpse
from services.console.view import FOR_A_PERSON, counts, row
from services.runtime.errors import SeinpaalError
from services.runtime.log import get_logger

log = get_logger(__name__)

ROWS: Final = 50
"""Lines a page shows, and gets at most in one go."""

MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Look:
    """What the newest look found; `new` are the lines since the look before it."""

    number: int
    counts: Counts
    per_minute: int | None = None
    new: tuple[Line, ...] = ()
    urgent: tuple[Line, ...] = ()
    skipped: int = 0
    stale: bool = False


class Feed:
    """Looks only while somebody watches or asks; how many they are makes no difference to the database."""

    def __init__(self, log: AuditLog, *, seconds: float, ticks: Callable[[], float] = time.monotonic) -> None:
        """`seconds` lie between two looks; `ticks` gives seconds of a monotonic clock."""
        self.watching = 0
        self._log = log
        self._seconds = seconds
        self._ticks = ticks
        self._tally = Tally()
        self._last = -1
        self._shown: deque[Line] = deque(maxlen=ROWS)
        self._urgent: deque[Line] = deque(maxlen=ROWS)
        self._sizes: deque[tuple[float, int]] = deque()
        self._found = _Look(0, counts(self._tally, 0))
        self._looked = float("-inf")
        self._looking: asyncio.Task[None] | None = None
        self._poller: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._closing = asyncio.Event()
        self._written: dict[tuple[Language, bool], tuple[int, str]] = {}

    async def watch(self, language: Language) -> AsyncGenerator[str]:
        """What a page gets, as JSON: everything first, then what is new; everything again when it was too slow."""
        self.watching += 1
        try:
            await self.look()
            if not self.polling:
                self._poller = asyncio.create_task(self._poll())
            seen: int | None = None
            while not self._closing.is_set():
                text = self._glimpse(language, whole=seen is None or self._found.number != seen + 1)
                seen = self._found.number  # before the page takes it: there may be news by then
                yield text
                async with self._news:
                    while self._found.number == seen and not self._closing.is_set():
                        await self._news.wait()
        finally:
            self.watching -= 1

    async def counts(self) -> Counts:
        """Where everything stands."""
        await self.look()
        return self._found.counts

    @property
    def stale(self) -> bool:
        """Whether the log could not be read at the last look."""
        return self._found.stale

    @property
    def polling(self) -> bool:
        """Whether the poller runs."""
        return self._poller is not None and not self._poller.done()

    async def look(self) -> None:
        """Look now, unless somebody does or just did."""
        if self._looking is None or self._looking.done():
            if self._ticks() - self._looked < self._seconds / 2:
                return
            self._looking = asyncio.create_task(self._look())
        await asyncio.shield(self._looking)  # whoever asked may leave; the others still want it

    async def close(self) -> None:
        """Every page's stream ends."""
        self._closing.set()
        async with self._news:
            self._news.notify_all()
        await asyncio.gather(*(task for task in (self._poller, self._looking) if task is not None))

    async def _poll(self) -> None:
        while self.watching and not self._closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._seconds)
            await self.look()

    async def _look(self) -> None:
        before = self._found
        try:
            found = await self._beyond(before)
        except Exception as error:  # whatever it is: the pages say that they stand still, and it is looked again
            if not isinstance(error, SeinpaalError):
                log.error("console.feed", exc_info=error)  # noqa: TRY400  told in our own way
            found = replace(_quiet(before), stale=True)
        self._looked = self._ticks()
        if found == _quiet(before):
            return
        self._found = replace(found, number=found.number + 1)
        async with self._news:
            self._news.notify_all()

    async def _beyond(self, before: _Look) -> _Look:
        seen = self._last
        more = await self._log.counted(seen)
        put_back = more.last < seen
        if put_back:  # or a standby took over that lacked the last lines: they come again, and must count once
            seen = -1
            more = await self._log.counted(seen)
        last = more.last
        new = await self._lines(seen, last) if more.counted else ()
        asked = any(each.fact in FOR_A_PERSON for each in more.counted)
        urgent = await self._lines(seen, last, FOR_A_PERSON) if asked else ()
        if put_back:
            self._forget()
        skipped = max(0, last - seen - len(new))
        self._tally.take(more)
        self._last = last
        self._shown.extend(new)
        self._urgent.extend(urgent)
        found = counts(self._tally, last + 1)
        number = before.number + put_back  # one that no page gets: each starts over
        return _Look(number, found, self._per_minute(last + 1), new, urgent, skipped)

    def _forget(self) -> None:
        self._tally = Tally()
        self._shown.clear()
        self._urgent.clear()
        self._sizes.clear()

    async def _lines(self, seen: int, last: int, facts: Collection[Fact] = ()) -> tuple[Line, ...]:
        lines = await self._log.newest(ROWS, facts, beyond=seen)
        return tuple(line for line in lines if line.index <= last)

    def _per_minute(self, size: int) -> int | None:
        """Over the last minute; nobody knows how many those were before it has been looked at for so long."""
        now = self._ticks()
        if self._sizes and self._sizes[-1][0] < now - max(MINUTE, 2 * self._seconds):  # nobody watched for a while
            self._sizes.clear()
        self._sizes.append((now, size))
        while len(self._sizes) > 1 and self._sizes[1][0] <= now - MINUTE:
            self._sizes.popleft()
        since, before = self._sizes[0]
        return round((size - before) * MINUTE / (now - since)) if now - since >= MINUTE else None

    def _glimpse(self, language: Language, *, whole: bool) -> str:
        """Written once for all pages of a language."""
        look = self._found
        number, text = self._written.get((language, whole), (-1, ""))
        if number == look.number:
            return text
        glimpse = Glimpse(
            whole=whole,
            stale=look.stale,
            counts=look.counts,
            rows=[row(line, language) for line in (self._shown if whole else look.new)],
            for_a_person=[row(line, language) for line in (self._urgent if whole else look.urgent)],
            skipped=0 if whole else look.skipped,
            per_minute=look.per_minute,
        )
        text = glimpse.model_dump_json()
        self._written[language, whole] = (look.number, text)
        return text


def _quiet(look: _Look) -> _Look:
    return replace(look, new=(), urgent=(), skipped=0)

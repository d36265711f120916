"""One look at everything that a reconciliation compares: Kafka's offsets, the log, the ledger."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from schemas.record import Record
from services.audit.books import MOST, Books
from services.audit.findings import Differs, Expired, Finding, Listed, Missing, Unread
from services.audit.reconcile import Book, Picture, Reading
from services.console.ledger import LedgerCount

Readings = Callable[[], Awaitable[list[Reading]]]
"""How far every reader is, without what the log tells of it."""

Scan = Callable[[str, int], AsyncIterator[Record]]
"""Every record of a topic from an offset on, partition by partition, in order."""

PAGE: Final = 10_000
SPANS: Final = 256
"""Parts in which ledger and log are compared, so that a part fits in memory however many there are."""

FEW: Final = 20_000
"""Lines of the log for which one part will do."""


@dataclass
class Looking:
    """Where to look. Every `look` reads anew."""

    books: Books
    ledger: LedgerCount
    readings: Readings
    scan: Scan
    _suspects: list[Finding] = field(default_factory=list)
    _more: Counter[type[Finding]] = field(default_factory=Counter)

    async def look(self, known: int | None = None) -> Picture:
        """What there is now. Offsets are read first: whatever was committed then has its facts by now.

        Of what is on its way only the first `known` lines of the log are asked, or those that there are: what came
        after an earlier look cannot crowd out what was there.
        """
        self._suspects, self._more = [], Counter()
        known = await self.books.size() if known is None else known
        readings = [await self.books.accounted(reading) for reading in await self.readings()]
        for reading in readings:
            if reading.committed is not None and reading.committed < reading.beginning:
                self._add([Expired(reading.topic, reading.partition, reading.committed, reading.beginning - 1)])
            self._add(await self.books.shortened(reading, known))
            if reading.waiting and not reading.owned:
                self._add([Unread(reading.topic, reading.partition, reading.committed)])
            self._take(await self.books.expired(reading))
            if reading.facts != reading.accounted:
                self._take(await self.books.doubled(reading))
        readings = await self._verified(readings)
        self._take(await self.books.undecided(known))
        self._take(await self.books.unledgered(known))
        books = await self.books.book()
        await self._compare(books)
        parked = await self.books.parked()
        return Picture(tuple(readings), books, frozenset(self._suspects), self._more, known, parked)

    async def _verified(self, readings: Sequence[Reading]) -> list[Reading]:
        """An offset without a fact is a suspect if there is a record: a transaction takes offsets without one."""
        checked: dict[tuple[str, int], Reading] = {(reading.topic, reading.partition): reading for reading in readings}
        for topic in {reading.topic for reading in readings if not reading.whole}:
            mine = {reading.partition: reading for reading in readings if reading.topic == topic}
            missing = await self._missing(topic, mine)
            self._add(missing)
            for partition, reading in mine.items():
                gone = sum(one.last - one.first + 1 for one in missing if one.partition == partition)
                absent = reading.read - reading.lowest - reading.accounted - gone
                checked[topic, partition] = replace(reading, absent=absent)
        return list(checked.values())

    async def _missing(self, topic: str, readings: dict[int, Reading]) -> list[Missing]:
        accounted = {partition: _Accounted(self.books, reading) for partition, reading in readings.items()}
        missing: list[Missing] = []
        async for record in self.scan(topic, min(reading.lowest for reading in readings.values())):
            reading = readings.get(record.partition)
            if reading is None or record.offset >= reading.read or await accounted[record.partition].has(record.offset):
                continue
            if missing and (missing[-1].partition, missing[-1].last + 1) == (record.partition, record.offset):
                missing[-1] = replace(missing[-1], last=record.offset)
            else:
                missing.append(Missing(topic, record.partition, record.offset, record.offset))
        return missing

    async def _compare(self, books: dict[str, Book]) -> None:
        """Every referral of the ledger with the log's last word on it, and the other way round."""
        for low, high in _spans(1 if await self.books.size() < FEW else SPANS):
            told = await self.books.states(low, high)
            differing: list[Differs] = []
            for one in await self.ledger.standing(low, high):
                books.setdefault(one.corporation, Book()).states[one.state] += 1
                state = told.pop(one.referral, None)
                if state is not one.state:
                    differing.append(Differs(one.referral, one.state, state))
            differing += [Differs(referral, None, state) for referral, state in told.items()]
            self._add(differing)

    def _add(self, suspects: Iterable[Finding]) -> None:
        """At most so many of a kind are told one by one."""
        kinds = Counter(type(one) for one in self._suspects)
        for one in suspects:
            if kinds[type(one)] < MOST:
                self._suspects.append(one)
            else:
                self._more[type(one)] += 1
            kinds[type(one)] += 1

    def _take(self, listed: Listed) -> None:
        self._add(listed.told)
        if listed.more:
            self._more[type(listed.told[-1])] += listed.more


class _Accounted:
    """Whether a fact accounts for an offset, asked in rising order, read page by page."""

    def __init__(self, books: Books, reading: Reading) -> None:
        self._books = books
        self._reading = reading
        self._page: list[int] = []
        self._place = 0
        self._last = reading.lowest - 1
        self._ended = False

    async def has(self, offset: int) -> bool:
        """True when it is among them."""
        while not self._ended and self._last < offset:
            self._page = await self._books.offsets(self._reading, self._last, PAGE)
            self._place = 0
            self._ended = not self._page
            self._last = self._page[-1] if self._page else self._last
        while self._place < len(self._page) and self._page[self._place] < offset:
            self._place += 1
        return self._place < len(self._page) and self._page[self._place] == offset


def _spans(parts: int) -> Iterator[tuple[UUID, UUID]]:
    """All ids, in equal parts."""
    step = 2**128 // parts
    return ((UUID(int=part * step), UUID(int=(part + 1) * step - 1)) for part in range(parts))

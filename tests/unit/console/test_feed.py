"""One poller for all pages."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import aclosing
from io import StringIO
from unittest.mock import patch

import pytest
from rich.console import Console

from schemas.audit import AuditEntry, Fact
from services.audit.line import Line
from services.audit.log import AuditLog
from services.audit.tally import Increment
from services.console.answers import Glimpse
from services.console.feed import ROWS, Feed
from services.runtime.errors import TryLater
from services.sandbox.view import QUIET_LOOKS, View
from tests.unit.audit.samples import accepted, replayed, story
from tests.unit.audit.world import World
from tests.unit.console.conftest import Growing


class Counting(AuditLog):
    """Counts how often it is asked; can be away."""

    asked = 0
    away = False

    async def counted(self, beyond: int = -1) -> Increment:
        """As the log, unless it is away."""
        self.asked += 1
        if self.away:
            raise TryLater("database: not now")
        return await super().counted(beyond)

    async def newest(self, limit: int, facts: Collection[Fact] = (), *, beyond: int = -1) -> list[Line]:
        """As the log."""
        self.asked += 1
        return await super().newest(limit, facts, beyond=beyond)


class Ticks:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def log(growing: Growing) -> Counting:
    """The log that grows."""
    return Counting(growing.database)


async def glimpse(watching: AsyncIterator[str]) -> Glimpse:
    """The next thing a page gets."""
    async with asyncio.timeout(10):
        return Glimpse.model_validate_json(await anext(watching))


async def test_a_page_gets_everything_first_and_then_what_is_new(growing: Growing, log: Counting) -> None:
    """The newest lines and the counts, then only what was added; oldest first."""
    await growing.take([accepted(number) for number in range(ROWS + 10)])
    feed = Feed(log, seconds=0.05)
    async with aclosing(feed.watch("en")) as page:
        first = await glimpse(page)
        assert (first.whole, first.counts.accepted, first.skipped) == (True, ROWS + 10, 0)
        assert [row.index for row in first.rows] == list(range(10, ROWS + 10))
        await growing.take(story(500))
        second = await glimpse(page)
        assert (second.whole, second.counts.facts, second.counts.delivered) == (False, ROWS + 15, 1)
        assert [row.index for row in second.rows] == list(range(ROWS + 10, ROWS + 15))
    await feed.close()


async def test_the_page_and_the_terminal_count_a_replay_alike(growing: Growing, log: Counting) -> None:
    """The same events told again, at both: no more was accepted than before, and nothing is on its way for it."""
    await growing.take(replayed())
    feed, written = Feed(log, seconds=0.0), StringIO()
    view = View(Console(file=written, width=200))
    view.open({"page": "http://127.0.0.1"})
    for _ in range(QUIET_LOOKS):
        await view.look(log, Counter())
    counts = await feed.counts()
    assert (counts.accepted, counts.in_progress, counts.at_router, counts.router_parked) == (7, 6, 1, 1)
    counted = "signals: 7 accepted; referrals: 0 delivered, 0 held, 0 parked; records parked: 1; in progress: 6"
    assert counted in written.getvalue()
    await feed.close()


async def test_a_flood_is_counted_and_not_shown_whole(growing: Growing, log: Counting) -> None:
    """A page gets the newest lines of a flood, and how many it does not get."""
    feed = Feed(log, seconds=0.05)
    async with aclosing(feed.watch("en")) as page:
        assert (await glimpse(page)).rows == []
        await growing.take([accepted(number) for number in range(1000)])
        flood = await glimpse(page)
        assert (len(flood.rows), flood.skipped, flood.counts.accepted) == (ROWS, 1000 - ROWS, 1000)
    await feed.close()


async def test_what_needs_a_person_is_not_lost_in_a_flood(growing: Growing, log: Counting) -> None:
    """It is told beside the newest lines, however many came after it."""
    world = World()
    while not any(entry.fact is Fact.REFERRAL_HELD for entry in world.entries):
        world.happen()
    feed = Feed(log, seconds=0.05)
    async with aclosing(feed.watch("en")) as page:
        await glimpse(page)
        await growing.take([*world.entries, *(accepted(number) for number in range(2 * ROWS))])
        flood = await glimpse(page)
    assert Fact.REFERRAL_HELD in {row.fact for row in flood.for_a_person}
    assert all(row.attention for row in flood.for_a_person)
    await feed.close()


async def test_many_pages_cost_as_much_as_one(growing: Growing, log: Counting) -> None:
    """A hundred pages get every change, and the database is asked as often as for one."""
    ticks = Ticks()
    feed = Feed(log, seconds=0.2, ticks=ticks)
    pages = [feed.watch("en" if number % 2 else "nl") for number in range(100)]
    for page in pages:
        assert (await glimpse(page)).whole
    assert log.asked == 1
    await growing.take(story(1))
    ticks.now += 1
    for found in await asyncio.gather(*(glimpse(page) for page in pages)):
        assert found.counts.facts == 5
    assert log.asked <= 4
    for page in pages:
        await page.aclose()
    await feed.close()


async def test_nobody_watching_costs_nothing(growing: Growing, log: Counting) -> None:
    """When the last page is gone, the poller ends: nothing is left that could ask."""
    before = asyncio.all_tasks()
    feed = Feed(log, seconds=0.01)
    page = feed.watch("en")
    await glimpse(page)
    await page.aclose()
    assert feed.watching == 0
    left = asyncio.all_tasks() - before
    assert left
    async with asyncio.timeout(10):
        await asyncio.gather(*left)
    asked = log.asked
    await growing.take(story(1))
    assert (feed.polling, log.asked) == (False, asked)
    assert asyncio.all_tasks() == before


async def test_a_page_that_was_too_slow_starts_over(growing: Growing, log: Counting) -> None:
    """It missed some: it gets everything again instead of a gap nobody sees."""
    feed = Feed(log, seconds=0.01)
    async with aclosing(feed.watch("en")) as slow, aclosing(feed.watch("en")) as quick:
        await glimpse(slow)
        await glimpse(quick)
        for number in range(3):
            await growing.take(story(number))
            await glimpse(quick)
        late = await glimpse(slow)
    assert late.whole
    assert [row.index for row in late.rows] == list(range(15))
    await feed.close()


async def test_a_log_that_cannot_be_read_is_told(growing: Growing, log: Counting) -> None:
    """The numbers stand, marked as older, until it can be read again."""
    await growing.take(story(1))
    feed = Feed(log, seconds=0.01)
    async with aclosing(feed.watch("en")) as page:
        assert not (await glimpse(page)).stale
        log.away = True
        away = await glimpse(page)
        assert (away.stale, away.counts.facts, feed.stale) == (True, 5, True)
        await growing.take(story(2))
        log.away = False
        back = await glimpse(page)
        assert (back.stale, back.counts.facts) == (False, 10)
    await feed.close()


async def test_a_fault_of_ours_does_not_end_the_looking(growing: Growing, log: Counting) -> None:
    """A page that stands still says so, and goes on when the fault has gone."""
    feed = Feed(log, seconds=0.05)
    async with aclosing(feed.watch("en")) as page:
        assert not (await glimpse(page)).stale
        with patch.object(log, "counted", side_effect=KeyError("fault")):
            assert (await glimpse(page)).stale
            assert feed.polling
            await growing.take(story(1))  # before it is looked again: else a look may find the fault gone, and no more
        back = await glimpse(page)
        assert (back.stale, back.counts.facts) == (False, 5)
    await feed.close()


async def test_a_fact_of_a_later_version_stops_no_page(growing: Growing, log: Counting) -> None:
    """While stages are upgraded one after the other, the page shows it and counts on."""
    later = AuditEntry.read(accepted(9).write().replace(b"signal.accepted", b"signal.imagined"))
    await growing.take([later, *story(1)])
    feed = Feed(log, seconds=60)
    async with aclosing(feed.watch("en")) as page:
        found = await anext(page)
    assert '"sentence":"Fact of a later version: signal.imagined"' in found
    assert '"stale":false' in found
    assert (await feed.counts()).delivered == 1
    await feed.close()


async def test_a_log_that_was_put_back_is_counted_anew(growing: Growing, log: Counting) -> None:
    """What it lost and took in again counts once, as in a console that starts now; pages get everything again."""
    await growing.take(story(1))
    ticks = Ticks()
    feed = Feed(log, seconds=0.02, ticks=ticks)
    async with aclosing(feed.watch("en")) as page:
        await glimpse(page)
        lost = story(2)
        await growing.take(lost)
        ticks.now += 1
        assert (await glimpse(page)).counts.delivered == 2
        await growing.put_back(len(lost))
        ticks.now += 1
        back = await glimpse(page)
        assert (back.whole, back.counts.facts, back.counts.delivered) == (True, 5, 1)
        assert [row.index for row in back.rows] == list(range(5))
        await growing.take(lost)
        ticks.now += 1
        again = await glimpse(page)
    assert again.counts == await Feed(log, seconds=0.0).counts()
    assert (again.counts.facts, again.counts.accepted, again.counts.delivered) == (10, 2, 2)
    await feed.close()


async def test_every_stream_ends_when_the_console_stops(log: Counting) -> None:
    """Whoever waits for news is let go."""
    feed = Feed(log, seconds=60)
    page = feed.watch("en")
    await glimpse(page)
    waiting = asyncio.create_task(anext(page, None))
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await feed.close()
        assert await waiting is None


async def test_facts_a_minute_are_those_of_the_last_minute(growing: Growing, log: Counting) -> None:
    """Not known before it was watched for a minute, nor after a while in which nobody watched."""
    ticks = Ticks()
    await growing.take(story(1))
    feed = Feed(log, seconds=0.02, ticks=ticks)
    async with aclosing(feed.watch("en")) as page:
        assert (await glimpse(page)).per_minute is None
        for seconds, told in ((30, None), (30, 10), (30, 10)):
            await growing.take(story(int(ticks.now) + 2))
            ticks.now += seconds
            assert (await glimpse(page)).per_minute == told
        ticks.now += 30
        assert (await glimpse(page)).per_minute == 5
        ticks.now += 61
        assert (await glimpse(page)).per_minute is None
    await feed.close()

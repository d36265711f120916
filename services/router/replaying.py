"""REPLAYING: reads recorded events a page at a time, decides them again, and tells how far it is."""

from collections.abc import Callable

from services.router import recorded_events, version_client
from services.router.replay import Course, compared
from services.router.replay_totals import Question, ReplayTotals
from services.router.report import Report
from services.router.ruleset import RuleSet

Tell = Callable[[int, int], None]
"""How many events are done, of how many."""


async def replayed(asked: Question, before: RuleSet, after: RuleSet, database_url: str, tell: Tell) -> Report:
    """The report. One snapshot is read, whatever the routers go on to decide; nothing is written.

    Raises:
        Refused: no router ever ran on that database.
        TryLater: the database is not there.
    """
    reckoning = ReplayTotals()
    async with version_client.looking(database_url) as database, database.read() as connection:
        every, forgotten = await recorded_events.sizes(connection, asked.since, asked.until)
        tell(0, every)
        done = 0
        async for group in recorded_events.groups(connection, asked.since, asked.until):
            was, would = Course(before, group.retold), Course(after, group.retold)
            async for page in group.pages:
                for one in compared(page, was, would, asked.on):
                    reckoning.add(one)
                done += sum(one.counts for one in page)
                tell(done, every)
    return reckoning.report(asked, forgotten)

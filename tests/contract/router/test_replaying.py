"""A replay of what the router has kept, on both databases."""

from datetime import timedelta

from sqlalchemy import func, select, update

from schemas import ids
from schemas.codes import Change
from schemas.signal import Signal
from services.router import recorded_events
from services.router.difference import What
from services.router.replay_totals import Question
from services.router.replaying import replayed
from services.router.report import Report
from services.router.tables import EVENT
from services.runtime.database import Database
from tests.contract.router.conftest import RULES, MakeRouter
from tests.contract.router.test_handler import record
from tests.unit.router.samples import NOW, rule_set, signal


def of_case(number: int) -> Signal:
    """The first event of a case in a household of its own."""
    case = ids.derived(ids.NAMESPACE, "case", number)
    facts = signal().facts.model_copy(update={"household": f"{number:032x}"})
    return signal().model_copy(update={"id": case, "event": ids.event_id(case, "1"), "facts": facts})


async def asked(url: str) -> tuple[Report, list[tuple[int, int]]]:
    """The shipped example against no rules at all, and how far it said it was."""
    told: list[tuple[int, int]] = []
    nothing = rule_set()
    question = Question(RULES.version, nothing.version, NOW - timedelta(days=1), NOW + timedelta(days=1))
    report = await replayed(question, RULES, nothing, url, lambda done, every: told.append((done, every)))
    return report, told


async def test_everything_that_was_kept_is_decided_again_once_and_nothing_is_written(
    router: MakeRouter, database: Database, database_url: str
) -> None:
    """More households than are read at once; withdrawn and overtaken events go along and are not counted twice."""
    cases = [of_case(number) for number in range(recorded_events.CHUNK + 3)]
    events = [*cases, signal("1"), signal("3", after=3), signal("2", after=2)]
    events.append(signal("4", after=4, change=Change.WITHDRAWN))
    await router().handle([record(event, offset) for offset, event in enumerate(events)])
    before = await kept(database)
    report, told = await asked(database_url)
    assert report.totals.events == len(cases) + 2
    assert report.totals.differences == {What.GAINED: len(cases) + 2, What.LOST: len(cases) + 2}
    assert told[-1] == (len(cases) + 3, len(cases) + 3)
    assert await kept(database) == before
    assert (await asked(database_url))[0].digest == report.digest


async def test_a_signal_that_moved_keeps_its_history(router: MakeRouter, database: Database, database_url: str) -> None:
    """A correction names another dwelling: what was decided in the first, before the period, is read with it."""
    moved = signal("2", after=2, household="f" * 32)
    await router().handle([record(signal("1"), 0), record(moved, 1)])
    earlier = update(EVENT).where(EVENT.c.revision == 1).values(decided_at=NOW - timedelta(days=9))
    async with database.begin() as connection:
        await connection.execute(earlier)
    groups = list[list[tuple[int, bool]]]()
    async with database.read() as connection:
        async for group in recorded_events.groups(connection, NOW, NOW + timedelta(days=1)):
            groups.append([(one.revision, one.counts) async for page in group.pages for one in page])
    assert groups == [[(1, False), (2, True)]]
    assert (await asked(database_url))[0].totals.events == 1


async def test_what_is_forgotten_is_said_to_be(router: MakeRouter, database: Database, database_url: str) -> None:
    """Its facts are gone: it cannot be decided again, and the report counts it."""
    await router().handle([record(of_case(1), 0), record(of_case(2), 1)])
    async with database.begin() as connection:
        await connection.execute(update(EVENT).where(EVENT.c.signal == of_case(1).id).values(facts="", household=None))
    totals = (await asked(database_url))[0].totals
    assert (totals.events, totals.forgotten) == (1, 1)


async def kept(database: Database) -> int:
    """How many events there are."""
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(EVENT))).scalar_one())

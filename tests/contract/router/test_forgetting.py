"""Facts of signals are forgotten in time, on both databases, and nothing a later event is decided by goes with them."""

import asyncio
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from schemas.codes import Change
from services.router.forgetting import Forgetting
from services.router.store import Memory
from services.router.tables import EVENT
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.metrics import Metrics
from tests.contract.router.conftest import MakeRouter, Sole
from tests.contract.router.test_handler import record, referrals, without_salt
from tests.contract.router.test_memory import kept, of_case
from tests.unit.router.samples import NOW, SIGNAL, rule_set, signal

DAYS = 30


@pytest.fixture
def memory(database: Database) -> Memory:
    """The memory on it."""
    return Sole(database)


def forgetting(memory: Memory, metrics: Metrics, later: timedelta) -> Forgetting:
    """As an instance would at that time after everything was decided."""
    return Forgetting(memory, lambda: NOW + later, metrics, household_days=400, fact_days=DAYS)


async def with_facts(database: Database) -> int:
    """How many events still have them; what is emptied is emptied whole."""
    query = select(func.count()).select_from(EVENT)
    async with database.read() as connection:
        known = (await connection.execute(query.where(EVENT.c.household.is_not(None)))).scalar_one()
        assert (await connection.execute(query.where(EVENT.c.facts != ""))).scalar_one() == known
    return int(known)


async def test_facts_are_kept_to_the_day_and_no_longer(memory: Memory, database: Database, metrics: Metrics) -> None:
    """At exactly the last moment they are there; a microsecond later they are not."""
    await memory.keep([kept(signal(), 0)])
    last = timedelta(days=DAYS)
    await forgetting(memory, metrics, last).step()
    assert await with_facts(database) == 1
    await forgetting(memory, metrics, last + timedelta(microseconds=1)).step()
    assert await with_facts(database) == 0


async def test_a_case_that_changed_within_the_time_keeps_all_its_facts(
    memory: Memory, database: Database, metrics: Metrics
) -> None:
    """A replay decides a case from its first event on, or not at all."""
    first = kept(signal("1"), 0)
    await memory.keep([first])
    recent = kept(signal("2", after=1), 1, (await memory.recall([SIGNAL]))[SIGNAL])
    await memory.keep([recent._replace(decided_at=NOW + timedelta(days=20))])
    await forgetting(memory, metrics, timedelta(days=40)).step()
    assert await with_facts(database) == 2
    await forgetting(memory, metrics, timedelta(days=51)).step()
    assert await with_facts(database) == 0


async def test_what_comes_again_is_recognised_after_its_facts_are_forgotten(
    router: MakeRouter, memory: Memory, metrics: Metrics
) -> None:
    """A record gives the same by any rules, the event elsewhere goes nowhere, a withdrawal reaches who was told."""
    first = await router().handle([record(signal(), 1)])
    await forgetting(memory, metrics, timedelta(days=3000)).step()
    assert referrals(await router().handle([record(signal(), 2)])) == []
    assert without_salt(await router(rule_set()).handle([record(signal(), 1)])) == without_salt(first)
    withdrawn = await router().handle([record(signal("2", after=1, change=Change.WITHDRAWN), 3)])
    assert [(one.partner, one.revision) for one in referrals(withdrawn)] == [("vt", 2)]


async def test_more_than_one_batch_is_forgotten_batch_by_batch(
    memory: Memory, database: Database, metrics: Metrics
) -> None:
    """A batch takes no more than its bound, and a step goes on until nothing is left; each is counted once."""
    await memory.keep([kept(of_case(number), number) for number in range(25)])
    assert await memory.forget_facts(NOW + timedelta(days=1), 10) == 10
    assert await with_facts(database) == 15
    await forgetting(memory, metrics, timedelta(days=31)).step(most=5)
    assert await with_facts(database) == 0
    assert b'seinpaal_forgotten_total{what="facts"} 15.0' in metrics.text()


@pytest.mark.parametrize(("ours", "theirs"), [(DAYS + 4000, 1), (1, DAYS + 4000)])
async def test_a_clock_that_is_years_ahead_forgets_nothing(
    database: Database, metrics: Metrics, monkeypatch: pytest.MonkeyPatch, ours: int, theirs: int
) -> None:
    """Of this machine's and the database's the one that is behind counts; that they are apart is told."""
    memory = Sole(database)
    beside: list[timedelta] = [timedelta(days=theirs)]

    async def clock() -> datetime | None:
        """The database's."""
        return NOW + beside[0]

    monkeypatch.setattr(memory, "clock", clock)
    await memory.keep([kept(signal(), 0)])
    with capture_logs() as lines:
        await forgetting(memory, metrics, timedelta(days=ours)).step()
    assert await with_facts(database) == 1
    assert [line["event"] for line in lines] == ["router.clocks_apart"]
    (told,) = re.findall(rb"^seinpaal_clocks_apart_seconds (\S+)$", metrics.text(), re.MULTILINE)
    assert float(told) == abs(ours - theirs) * 86400
    beside[0] = timedelta(days=DAYS, hours=1)
    with capture_logs() as later:
        await forgetting(memory, metrics, timedelta(days=DAYS, seconds=1)).step()
    assert await with_facts(database) == 0
    assert [line["event"] for line in later] == ["router.facts_forgotten"]


async def test_the_database_tells_its_own_time_where_it_has_one(database: Database, metrics: Metrics) -> None:
    """PostgreSQL's server does, so that years ahead here are no reason to forget what was decided today."""
    memory = Memory(database)
    await memory.keep([kept(signal(), 0)._replace(decided_at=now())])
    told = await memory.clock()
    ahead = Forgetting(memory, lambda: now() + timedelta(days=4000), metrics, household_days=400, fact_days=DAYS)
    await ahead.step()
    own = database.dialect == "postgresql"
    assert (told is not None, await with_facts(database)) == (own, int(own))
    assert told is None or told.utcoffset() == timedelta(0)


async def test_instances_that_forget_at_once_count_each_once(
    memory: Memory, database: Database, metrics: Metrics
) -> None:
    """Neither waits for the other in a circle, and nothing is forgotten twice."""
    await memory.keep([kept(of_case(number), number) for number in range(100)])
    both = [forgetting(memory, metrics, timedelta(days=31)) for _ in range(3)]
    await asyncio.gather(*(one.step(most=7) for one in both))
    await forgetting(memory, metrics, timedelta(days=31)).step()
    assert await with_facts(database) == 0
    assert b'seinpaal_forgotten_total{what="facts"} 100.0' in metrics.text()

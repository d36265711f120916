"""Facts of signals are forgotten in time, on both databases, and nothing a later event is decided by goes with them."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from schemas.codes import Change
from services.router.forgetting import Forgetting
from services.router.recorded_decision import taken
from services.router.replay_totals import Question
from services.router.replaying import replayed
from services.router.store import Kept, Memory
from services.router.tables import EVENT
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.metrics import Metrics
from tests.contract.router.conftest import RULES, MakeRouter, Sole
from tests.contract.router.test_handler import record, referrals, without_salt
from tests.contract.router.test_memory import kept, of_case
from tests.unit.router.samples import NOW, SIGNAL, rule_set, signal

DAYS = 30


class Reading(Memory):
    """One that is asked what it would decide, and keeps nothing of it."""

    async def keep(self, *_given: Any, **_named: Any) -> None:
        """Nothing."""


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


async def test_what_a_source_stamps_anew_is_kept_no_longer(
    memory: Memory, database: Database, metrics: Metrics
) -> None:
    """A case that goes on keeps the facts of its last days only; its decisions stay, each of them."""
    rows = await stamped(memory, range(0, 61, 20))
    await forgetting(memory, metrics, timedelta(days=60)).step()
    assert await with_facts(database) == 2
    history = (await memory.recall([SIGNAL]))[SIGNAL]
    assert [(one.event, one.decided.write().decode()) for one in history.events] == [
        (row.event, row.decided) for row in rows
    ]
    await forgetting(memory, metrics, timedelta(days=91)).step()
    assert await with_facts(database) == 0


async def test_a_replay_leaves_out_a_case_whose_beginning_is_forgotten(
    memory: Memory, database_url: str, metrics: Metrics
) -> None:
    """Who was told follows from what came before: it says how many events it could not decide again."""
    await stamped(memory, (0, 20, 40))
    await memory.keep([kept(of_case(1), 9)._replace(decided_at=NOW + timedelta(days=41))])
    asked = Question(RULES.version, rule_set().version, NOW - timedelta(days=1), NOW + timedelta(days=99))
    steps = list[tuple[int, int]]()
    for days, known, forgotten in ((30, 4, 0), (60, 1, 3), (99, 0, 4)):
        await forgetting(memory, metrics, timedelta(days=days)).step()
        report = await replayed(asked, RULES, rule_set(), database_url, lambda *step: steps.append(step))
        assert (report.totals.events, report.totals.forgotten, steps[-1]) == (known, forgotten, (known, known))


async def test_the_beginning_of_a_case_goes_first(memory: Memory, database: Database) -> None:
    """Between two batches too a replay sees that it is not whole; also of what was decided at one moment."""
    await stamped(memory, (0, 0, 1))
    query = select(EVENT.c.revision).where(EVENT.c.household.is_not(None)).order_by(EVENT.c.revision)
    for left in ([2, 3], [3], []):
        assert await memory.forget_facts(NOW + timedelta(days=2), 1) == 1
        async with database.read() as connection:
            assert (await connection.execute(query)).scalars().all() == left


async def test_a_case_that_goes_on_counts_from_its_beginning_when_that_is_forgotten(
    memory: Memory, database: Database, database_url: str, metrics: Metrics
) -> None:
    """To explain another one of its household, it is as old as it was: it is no news each time it is stamped."""
    await stamped(memory, (0, 20, 40))
    await memory.keep([kept(of_case(1), 9)._replace(decided_at=NOW + timedelta(days=41))])
    await forgetting(memory, metrics, timedelta(days=60)).step()
    assert await with_facts(database) == 2
    (other,) = (await taken(database_url, of_case(1).id.hex, None)).question.household.others
    assert (other.signal, other.moment) == (SIGNAL, signal().changed_at)


async def stamped(memory: Memory, days: Iterable[int]) -> list[Kept]:
    """A revision of one signal on each of those days, the same but for its stamp."""
    rows = list[Kept]()
    for place, day in enumerate(days):
        event, known = signal(f"{day}.{place}", after=1440 * day + place), (await memory.recall([SIGNAL]))[SIGNAL]
        rows.append(kept(event, place, known)._replace(decided_at=NOW + timedelta(days=day)))
        await memory.keep(rows[-1:])
    return rows


async def test_what_comes_of_an_event_is_the_same_when_facts_are_forgotten(
    router: MakeRouter, memory: Memory, database: Database, metrics: Metrics
) -> None:
    """A record read again, a copy, what moves to another area, what is taken back: half of the case, or all of it."""
    await stamped(memory, (0, 20, 40))
    moved = signal("moved", after=99_999, area="GM0141")
    events = [
        record(signal("0.0"), 0), record(signal("20.1", after=1440 * 20 + 1), 7), record(moved, 8),
        record(signal("w", after=99_999, change=Change.WITHDRAWN), 9),
    ]  # fmt: skip
    reads = router(memory=Reading(database))
    before = [without_salt(await reads.handle([replace(one, partition=0)])) for one in events]
    assert [len(outputs) for outputs in before] == [2, 1, 2, 2]
    for days, left in ((60, 1), (100, 0)):
        await forgetting(memory, metrics, timedelta(days=days)).step()
        assert await with_facts(database) == left
        assert [without_salt(await reads.handle([replace(one, partition=0)])) for one in events] == before


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

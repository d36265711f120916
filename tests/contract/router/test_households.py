"""Signals of one household add up in the database, on both of them: each once, whatever is read again or comes late."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import event, func, select

from schemas import ids
from schemas.codes import Answer, Change, Kind
from schemas.record import Captured, Output
from schemas.referral import Referral
from schemas.signal import Signal
from schemas.topics import REFERRALS
from services.router.decide import decide
from services.router.forgetting import Forgetting
from services.router.history_store import past_of
from services.router.household import ALONE, MOST, noticed
from services.router.households import Households, Moves
from services.router.memory import Earlier
from services.router.store import Kept, Memory, Overlap
from services.router.tables import HOUSEHOLD
from services.runtime.database import Database
from services.runtime.metrics import Metrics
from tests.contract.router.conftest import MakeRouter, Sole
from tests.contract.router.test_handler import record, without_salt
from tests.unit.router.samples import NOW, at, past, rule, rule_set, signal

THIRD = rule_set(rule("third", 'lock_change_365d >= 3 && children == "yes"'))


def told(number: int, days: float = 0, name: str = "1", *, after: int = 0, **given: Any) -> Signal:
    """An event of a signal of its own, noticed so many days ago in the one household."""
    case = ids.derived(ids.NAMESPACE, "told", number)
    usual = {"kind": Kind.LOCK_CHANGE, "children": Answer.YES, "observed_at": NOW - timedelta(days=days)}
    made = signal(name, after=after, **{**usual, **given})
    return made.model_copy(update={"id": case, "event": ids.event_id(case, name)})


def records(*events: Signal, first: int = 0) -> list[Captured]:
    """One after the other."""
    return [record(one, offset) for offset, one in enumerate(events, first)]


def why(outputs: Sequence[Output]) -> list[str]:
    """The reason of each referral, in order."""
    return [Referral.read(one.value).reason for one in outputs if one.topic == REFERRALS.name]


def counts(outputs: Sequence[Output]) -> list[str]:
    """What the pattern counted, where it fired."""
    found = [Referral.read(one.value) for one in outputs if one.topic == REFERRALS.name]
    seen = (one for each in found for trace in each.explanation.fired for one in trace.seen)
    return [one.value for one in seen if one.name == "lock_change_365d"]


async def remembered(database: Database) -> Counter[tuple[str, bool]]:
    """How many signals of each household are remembered."""
    query = select(HOUSEHOLD.c.household, HOUSEHOLD.c.test, func.count()).group_by(
        HOUSEHOLD.c.household, HOUSEHOLD.c.test
    )
    async with database.read() as connection:
        return Counter({(row[0], row[1]): row[2] for row in await connection.execute(query)})


HOME = ("0" * 32, False)


async def test_the_third_in_a_year_is_found_over_batches(router: MakeRouter) -> None:
    """Each in a batch of its own, by instances that share nothing but the database."""
    reasons = [why(await router(THIRD).handle(records(told(n, 300 - 100 * n), first=n))) for n in range(3)]
    assert reasons == [["no-rule-fired"], ["no-rule-fired"], ["pattern"]]


async def test_signals_earlier_in_the_same_batch_count_too(router: MakeRouter) -> None:
    """A source that sends a month at once."""
    outputs = await router(THIRD).handle(records(*(told(n, 10 * n) for n in range(4))))
    assert why(outputs) == ["no-rule-fired", "no-rule-fired", "pattern", "pattern"]
    assert counts(outputs) == ["3", "4"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_order_they_come_in_means_nothing(router: MakeRouter, order: tuple[int, ...]) -> None:
    """The last of the three finds it, whichever is last."""
    reasons = [why(await router(THIRD).handle(records(told(n, 100 * n), first=n)))[0] for n in order]
    assert reasons == ["no-rule-fired", "no-rule-fired", "pattern"]


async def test_what_is_read_again_counts_once(router: MakeRouter, database: Database) -> None:
    """The same records again, and the same events in other records: nothing is added, and no decision changes."""
    batch = records(*(told(n, n) for n in range(3)))
    first = await router(THIRD).handle(batch)
    assert without_salt(await router(THIRD).handle(batch)) == without_salt(first)
    await router(THIRD).handle(records(*(told(n, n) for n in range(3)), first=50))
    assert await remembered(database) == {HOME: 3}
    assert counts(await router(THIRD).handle(records(told(9), first=60))) == ["4"]


async def test_the_newest_revision_counts_and_an_overtaken_one_does_not(router: MakeRouter, database: Database) -> None:
    """What was a lock change is none any more; a late copy of the old text changes nothing."""
    await router(THIRD).handle(records(told(1, 3), told(2, 2)))
    corrected = told(1, 3, "2", after=5, kind=Kind.NUISANCE)
    late = told(1, 3, "3", after=2)
    assert why(await router(THIRD).handle(records(corrected, late, told(3), first=5))) == ["no-rule-fired"] * 2
    assert await remembered(database) == {HOME: 3}
    back = told(1, 3, "4", after=9)
    assert counts(await router(THIRD).handle(records(back, first=9))) == ["3"]


async def test_what_is_withdrawn_counts_no_more(router: MakeRouter, database: Database) -> None:
    """In a later batch and in its own; reported again it counts again."""
    await router(THIRD).handle(records(told(1, 3), told(2, 2), told(2, 2, "2", after=1, change=Change.WITHDRAWN)))
    assert await remembered(database) == {HOME: 1}
    await router(THIRD).handle(records(told(1, 3, "2", after=1, change=Change.WITHDRAWN), first=5))
    assert await remembered(database) == {}
    outputs = await router(THIRD).handle(records(told(3), told(4), told(1, 3, "3", after=2), first=8))
    assert counts(outputs) == ["3"]


async def test_test_data_adds_up_apart_from_real(router: MakeRouter, database: Database) -> None:
    """A trial run in a real dwelling makes nobody's pattern."""
    await router(THIRD).handle(records(told(1, 1, test=True), told(2, 2, test=True)))
    assert why(await router(THIRD).handle(records(told(3), told(4, test=True), first=5))) == [
        "no-rule-fired",
        "pattern",
    ]
    assert await remembered(database) == {HOME: 1, (HOME[0], True): 3}


async def test_a_signal_that_moves_to_another_dwelling_counts_there(router: MakeRouter, database: Database) -> None:
    """A correction of the address: the dwelling it left has one less."""
    await router(THIRD).handle(records(told(1, 1), told(2, 2), told(3, 3, household="f" * 32)))
    moved = told(3, 3, "2", after=1)
    assert counts(await router(THIRD).handle(records(moved, first=5))) == ["3"]
    assert await remembered(database) == {HOME: 3}


async def test_two_instances_at_once_cannot_both_miss_the_third(router: MakeRouter, database: Database) -> None:
    """While partitions move: whoever is second decides again, with what the first has added."""
    for n in range(8):
        await router(THIRD).handle(records(told(100 * n, 2, household=f"{n:032x}"), first=n))
        pair = [records(told(100 * n + k, 1, household=f"{n:032x}"), first=100 * n + k) for k in (1, 2)]
        found = await asyncio.gather(*(router(THIRD).handle(batch) for batch in pair))
        assert sorted(why(outputs)[0] for outputs in found) == ["no-rule-fired", "pattern"]
    assert set((await remembered(database)).values()) == {3}


async def test_who_adds_to_a_household_that_has_grown_since_is_too_late(memory: Memory) -> None:
    """And keeps nothing of its batch."""
    one, other = told(1), told(2)
    slow, fast = await memory.recall_for([one]), await memory.recall_for([other])
    await memory.keep(*added(fast.households, other, 0))
    with pytest.raises(Overlap):
        await memory.keep(*added(slow.households, one, 1))
    assert (await memory.recall([one.id]))[one.id] == Earlier()


@pytest.fixture
def memory(database: Database) -> Memory:
    """The memory on it."""
    return Memory(database)


def added(households: Households, one: Signal, offset: int) -> tuple[list[Kept], None, Moves]:
    """What is kept of a first event, amid those households."""
    kept = kept_of(one, offset)
    households.learn(one, noticed(one, Earlier(), NOW), past_of(kept).decided)
    return [kept], None, households.moves


def kept_of(one: Signal, offset: int) -> Kept:
    """A first event, decided."""
    decision = decide(one, at(offset), THIRD, Earlier(), NOW, household=ALONE)
    return Kept.of(one, past(decision, one, at(offset)))


async def test_a_batch_is_recalled_in_one_query(router: MakeRouter, database: Database) -> None:
    """Whatever its size: two hundred households, one question."""
    events = [told(n, household=f"{n:032x}") for n in range(200)]
    with asked(database) as statements:
        await router(THIRD).handle(records(*events))
    assert len([one for one in statements if "FROM router_household" in one and one.startswith("SELECT")]) == 1


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Every statement that is sent to it."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    writer, reader = database._writer.sync_engine, database._reader.sync_engine  # noqa: SLF001  to look on
    engines = [writer] if database.dialect == "postgresql" else [writer, reader]  # there the reader tells the writer
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def test_a_household_is_remembered_up_to_a_bound(router: MakeRouter, database: Database) -> None:
    """A source that sends the same dwelling for ever fills neither table nor memory; what is asked is still found."""
    for start in range(0, MOST + 60, 65):
        last = await router(THIRD).handle(records(*(told(start + n) for n in range(65)), first=start))
    assert await remembered(database) == {HOME: MOST}
    assert counts(last)[-1] == str(MOST + 1)
    async with database.read() as connection:
        ordinals = (await connection.execute(select(HOUSEHOLD.c.ordinal))).scalars()
        assert sorted(ordinals) == list(range(61, MOST + 61))  # the newest


async def test_what_is_older_than_a_rule_may_look_is_forgotten(
    router: MakeRouter, database: Database, memory: Memory, metrics: Metrics
) -> None:
    """By the hour, also when no signal comes."""
    await router(THIRD).handle(records(told(1, 401), told(2, 399), told(3, 1)))
    await router(THIRD).handle(records(*(told(n, 401) for n in range(4, 8)), first=3))
    assert await memory.forget_households(NOW - timedelta(days=400), 2) == 2
    await Forgetting(Sole(database), lambda: NOW, metrics, household_days=400, fact_days=400).step(most=2)
    assert await remembered(database) == {HOME: 2}
    assert b'seinpaal_forgotten_total{what="household"} 3.0' in metrics.text()


async def test_the_table_holds_codes_a_pseudonym_and_a_moment(router: MakeRouter, database: Database) -> None:
    """Nothing that names anybody, and nothing that is sealed."""
    await router(THIRD).handle(records(told(1, 1)))
    async with database.read() as connection:
        (row,) = (await connection.execute(select(HOUSEHOLD))).mappings().all()
    assert dict(row) == {
        "signal": told(1).id, "household": "0" * 32, "test": False, "ordinal": 1, "kind": "lock.change",
        "origin": "staff-observation", "moment": NOW - timedelta(days=1), "asked": "",
    }  # fmt: skip

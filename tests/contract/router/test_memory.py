"""What the router remembers, on both databases."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text

from schemas import ids
from schemas.codes import Change
from schemas.signal import Facts, Signal
from services.router.batch import Arrived, Batch
from services.router.decide import decide
from services.router.decision import Duplicate, Overtaken, Repeated, Routed, Withdrawn
from services.router.decision_template import Stamp
from services.router.history_store import past_of
from services.router.household import ALONE
from services.router.households import Households
from services.router.memory import Earlier
from services.router.store import Kept, Memory, Overlap
from services.router.tables import EVENT, metadata
from services.router.version_tables import RULE_SET
from services.runtime import migration
from services.runtime.database import Database
from tests.contract.router.locks import waiting
from tests.unit.router.samples import NOW, SIGNAL, at, past, rule, rule_set, signal

RULES = rule_set(rule())
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def memory(database: Database) -> Memory:
    """The memory on it."""
    return Memory(database)


def kept(event: Signal, offset: int, earlier: Earlier | None = None) -> Kept:
    """What the router would keep of an event."""
    decision = decide(event, at(offset), RULES, earlier or Earlier(), NOW, household=ALONE)
    return Kept.of(event, past(decision, event, at(offset)))


def of_case(number: int) -> Signal:
    """The first event of a case of its own."""
    case = ids.derived(ids.NAMESPACE, "case", number)
    return signal().model_copy(update={"id": case, "event": ids.event_id(case, "1")})


async def test_the_migration_makes_the_table_the_code_speaks_of(database: Database) -> None:
    """Neither side has a column the other lacks."""
    assert RULE_SET.name in metadata.tables
    async with database.read() as connection:
        assert await connection.run_sync(migration.drift, metadata) == []


async def test_a_signal_never_seen_has_an_empty_history(memory: Memory) -> None:
    """Its first event will be revision 1."""
    stranger = uuid4()
    assert await memory.recall([stranger]) == {stranger: Earlier()}
    assert await memory.recall([]) == {}


async def test_a_history_is_recalled_as_it_was_kept(memory: Memory) -> None:
    """Every kind of decision, to the microsecond, with the input that decided it and who was told."""
    events = [
        signal("1"),
        signal("2", after=2),
        signal("3", after=1),
        signal("4", after=3, change=Change.WITHDRAWN),
    ]
    earlier = Earlier()
    for offset, event in enumerate(events):
        one = kept(event, offset, earlier)
        await memory.keep([one])
        earlier = earlier.plus(past_of(one))
    kinds = {type(one.decided) for one in earlier.events}
    assert kinds == {Routed, Overtaken, Withdrawn}
    recalled = (await memory.recall([SIGNAL]))[SIGNAL]
    assert recalled.told == earlier.told
    assert recalled.revision == earlier.revision == 3
    assert {one.event: one for one in recalled.events} == {one.event: one for one in earlier.events}


async def test_a_decision_read_again_is_the_same_decision(memory: Memory) -> None:
    """From another process, with other rules: at its own offset a repetition, at another a duplicate."""
    one = kept(signal(), 4)
    await memory.keep([one])
    earlier = (await memory.recall([SIGNAL]))[SIGNAL]
    assert decide(signal(), at(4), rule_set(), earlier, NOW, household=ALONE) == Repeated(past_of(one))
    assert decide(signal(), at(5), rule_set(), earlier, NOW, household=ALONE) == Duplicate(past_of(one))


async def test_facts_are_kept_for_a_replay(memory: Memory, database: Database) -> None:
    """As they were, and nothing but codes: what is sealed is not there."""
    event = signal(dash_score=15)
    await memory.keep([kept(event, 0)])
    async with database.read() as connection:
        (row,) = (await connection.execute(select(EVENT))).mappings().all()
    assert Facts.read(row["facts"]) == event.facts
    assert not [name for name, value in row.items() if event.particulars.box in str(value)]


async def test_an_event_is_kept_once(memory: Memory) -> None:
    """A second instance that decided the same event hears that it was too late, and keeps nothing of its batch."""
    await memory.keep([kept(signal(), 0)])
    neighbour = of_case(1)
    with pytest.raises(Overlap):
        await memory.keep([kept(neighbour, 1), kept(signal(), 0)])
    assert (await memory.recall([neighbour.id]))[neighbour.id] == Earlier()


async def test_a_revision_is_given_once(memory: Memory) -> None:
    """Two events of one signal, decided apart at once, cannot both be revision 1."""
    await memory.keep([kept(signal("1"), 0)])
    with pytest.raises(Overlap):
        await memory.keep([kept(signal("2", after=1), 1)])


async def test_any_number_of_events_may_be_overtaken(memory: Memory) -> None:
    """They have no revision, so they stand in nobody's way."""
    first = kept(signal("9", after=9), 0)
    earlier = Earlier().plus(past_of(first))
    late = [kept(signal(str(n), after=n), n, earlier) for n in (1, 2)]
    assert {type(past_of(one).decided) for one in late} == {Overtaken}
    await memory.keep([first, *late])
    assert (await memory.recall([SIGNAL]))[SIGNAL].revision == 1


async def test_more_signals_than_one_statement_takes(memory: Memory) -> None:
    """A batch may be as large as the settings let it."""
    some = [kept(of_case(number), number) for number in range(2_001)]
    await memory.keep(some)
    recalled = await memory.recall(one.signal for one in some)
    assert all(recalled[one.signal].events == (past_of(one),) for one in some)


async def test_two_instances_at_once_decide_each_signal_once(database: Database) -> None:
    """The same cases in opposite order: one keeps them, the other is too late, and neither waits for ever."""
    some = [kept(of_case(number), number) for number in range(50)]
    ended = await asyncio.gather(Memory(database).keep(some), Memory(database).keep(some[::-1]), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "Overlap"]


async def test_instances_wait_for_each_other_in_turn_and_never_in_a_circle(memory: Memory, database: Database) -> None:
    """One has kept the first of two signals and goes on to the second; the other is given them in opposite order."""
    first, second = sorted((kept(of_case(number), number) for number in (1, 2)), key=lambda one: one.signal)
    async with database.begin() as connection:
        await connection.execute(insert(EVENT), [first._asdict()])
        late = asyncio.create_task(memory.keep([second, first]))
        await waiting(database)
        await connection.execute(insert(EVENT), [second._asdict()])
    with pytest.raises(Overlap):
        await late


async def test_nothing_is_kept_beside_the_table(memory: Memory, database: Database) -> None:
    """The stage's tables carry its name, since stages may share a database."""
    await memory.keep([kept(signal(), 0)])
    names = "SELECT name FROM sqlite_master WHERE type='table'"
    if database.dialect == "postgresql":
        names = "SELECT tablename FROM pg_tables WHERE schemaname='public'"
    async with database.read() as connection:
        found = {row[0] for row in await connection.execute(text(names))}
    assert found - {"alembic_version_router"} == set(metadata.tables)
    assert all(name.startswith("router_") for name in metadata.tables)


async def test_what_was_said_again_is_remembered_and_overtakes_what_comes_late(memory: Memory) -> None:
    """A change that was parked and redriven after it is older than the source's last word, also after a restart."""
    first, late = signal("1"), signal("2", after=1)
    again = signal("1", after=2)
    batch = Batch(RULES, {SIGNAL: Earlier()}, Households(), Stamp(NOW), frozenset({SIGNAL}))
    for offset, event in enumerate((first, again)):
        batch.decide(Arrived(event, at(offset), TRACE))
    await memory.keep(batch.kept, said=batch.said)
    earlier = (await memory.recall([SIGNAL]))[SIGNAL]
    assert earlier == batch.histories[SIGNAL]
    assert decide(late, at(2), RULES, earlier, NOW, household=ALONE) == Overtaken(newest=again.changed_at)
    once_more = Batch(RULES, {SIGNAL: earlier}, Households(), Stamp(NOW))
    once_more.decide(Arrived(signal("1", after=3), at(3), TRACE))
    assert once_more.kept == []
    await memory.keep([], said=once_more.said)
    assert (await memory.recall([SIGNAL]))[SIGNAL].newest == signal("1", after=3).changed_at
    earlier_word = {key: signal("1", after=2).changed_at for key in once_more.said}
    await memory.keep([], said=earlier_word)  # of an instance that had read the memory before
    assert (await memory.recall([SIGNAL]))[SIGNAL].newest == signal("1", after=3).changed_at

"""However much was decided of one signal or one household, it is read a page at a time, with the same result."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.codes import Change
from schemas.signal import Signal
from services.router import history_store, pages, recorded_events
from services.router.decide import decide
from services.router.decision import Overtaken, Past, Recorded, Routed, Withdrawn
from services.router.explain import explained, same_course
from services.router.household import ALONE, Household
from services.router.memory import Earlier
from services.router.recorded_decision import Taken, taken
from services.router.replay_totals import Question
from services.router.replaying import replayed
from services.router.report import Report
from services.router.store import Kept, Memory
from services.router.tables import EVENT
from services.runtime.database import Database
from tests.contract.router.conftest import RULES
from tests.contract.router.test_explaining import of_case
from tests.unit.router.samples import NOW, SIGNAL, at, rule_set, signal

MANY: Final = 5_000
WHOLE: Final = 1_000_000
"""A page that holds everything."""

HOUSEHOLDS: Final = ("0" * 32, "8" * 32, "f" * 32)


async def told(memory: Memory, events: list[Signal], clock: Callable[[int], int] = int) -> None:
    """Those events, each decided a second after the one before, as the router keeps them; some come back.

    `clock`: how many seconds after the start it is at each of them, by a clock that may be wrong.
    """
    known, kept = dict[Any, Earlier](), list[Kept]()
    for offset, event in enumerate(events):
        earlier, now = known.get(event.id, Earlier()), NOW + timedelta(seconds=clock(offset))
        match decide(event, at(offset), RULES, earlier, now, household=ALONE):
            case Routed() | Recorded() | Withdrawn() | Overtaken() as decided:
                past = Past.of(event, decided, at=at(offset), decided_at=now)
                kept.append(Kept.of(event, past))
                known[event.id] = earlier.plus(past).only({one.event for one in events[:60]})
    await memory.keep(kept)


def any_story(draw: Random, length: int) -> list[Signal]:
    """Of three signals that move between three households: what is new, comes late, comes back or is taken back."""
    return [
        of_case(draw.randrange(3), str(draw.randrange(12)), household=draw.choice(HOUSEHOLDS),
                change=draw.choice((Change.REPORTED, Change.REPORTED, Change.WITHDRAWN)))
        .model_copy(update={"changed_at": NOW + timedelta(minutes=max(0, minute - draw.choice((0, 0, 5))))})
        for minute in range(length)
    ]  # fmt: skip


async def compared(url: str, until: datetime = NOW + timedelta(days=1)) -> tuple[Report, list[tuple[int, int]]]:
    """The example against no rules at all, of all but the first minute, and how far it said it was."""
    nothing, steps = rule_set(), list[tuple[int, int]]()
    question = Question(RULES.version, nothing.version, NOW + timedelta(seconds=30), until)
    report = await replayed(question, RULES, nothing, url, lambda done, every: steps.append((done, every)))
    return report, steps


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each query brought."""
    brought, execute = list[int](), AsyncConnection.execute

    async def counted(connection: AsyncConnection, *given: Any, **named: Any) -> Any:
        """As it was, and counted."""
        found = await execute(connection, *given, **named)
        if not found.returns_rows:
            return found
        rows = found.freeze()
        brought.append(len(rows.data))
        return rows()

    monkeypatch.setattr(AsyncConnection, "execute", counted)
    return brought


async def test_a_signal_with_thousands_of_revisions_is_read_in_pages(
    database: Database, database_url: str, read: list[int]
) -> None:
    """To explain one of them and to replay all: no query brings more than a page, and none of a page before is held."""
    events = [signal(str(number), after=number) for number in range(MANY)]
    await told(Memory(database), events)
    one = await taken(database_url, SIGNAL.hex, None)
    assert (one.question.earlier.revision, len(one.question.earlier.events)) == (MANY - 1, 1)
    assert one.question.earlier.first == events[0].changed_at
    assert same_course(explained(one.question, RULES).decision, one.past.decided)
    assert (await taken(database_url, SIGNAL.hex, 7)).question.earlier.newest == events[5].changed_at
    report, steps = await compared(database_url)
    assert (report.totals.events, steps[-1]) == (MANY - 30, (MANY - 30, MANY - 30))
    assert max(read) == pages.PAGE
    assert sum(read) > 3 * MANY


@pytest.mark.parametrize("seed", range(2))
async def test_what_is_read_in_pages_is_what_is_read_as_a_whole(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Each revision is explained alike, and a replay has the same digest, wherever a page ends."""
    events = any_story(Random(seed), 40)  # noqa: S311  not for secrets
    await told(Memory(database), events)
    async with database.read() as connection:
        rows = (await connection.execute(select(EVENT).order_by(*pages.ORDER))).all()
    assert any(row.revision is None for row in rows)
    assert any('"again":"' in row.decided for row in rows)
    revisions = [(row.signal.hex, row.revision) for row in rows if row.revision is not None]
    found = []
    for most in (WHOLE, 4):
        monkeypatch.setattr(pages, "PAGE", most)
        cases = [seen(await taken(database_url, case, revision)) for case, revision in revisions]
        found.append((cases, (await compared(database_url))[0].digest))
    assert found[0] == found[1]


def seen(one: Taken) -> tuple[object, Household]:
    """What is decided on, and what comes of it by the same rules."""
    earlier = one.question.earlier
    remembered = earlier.told, earlier.newest, earlier.revision, earlier.first, earlier.latest()
    decided = explained(one.question, RULES).decision
    assert same_course(decided, one.past.decided)
    return (remembered, decided), one.question.household


async def test_an_explained_revision_has_the_whole_of_its_history(database: Database, database_url: str) -> None:
    """What is left out of it decides nothing: it says the same as a history that was read whole."""
    await told(Memory(database), [one.model_copy(update={"id": SIGNAL}) for one in any_story(Random(5), 60)])  # noqa: S311
    async with database.read() as connection:
        rows = (await connection.execute(select(EVENT).order_by(*pages.ORDER))).all()
    for place, row in enumerate(rows):
        if row.revision is not None:
            one = (await taken(database_url, SIGNAL.hex, row.revision)).question
            whole = Earlier.of([history_store.past_of(each) for each in rows[:place]])
            assert one.earlier[1:] == whole[1:]
            assert one.earlier.latest() == whole.latest()
            assert bool(one.earlier.telling(one.signal.event)) == bool(whole.telling(one.signal.event))
            assert len(one.earlier.events) <= 2


async def test_households_share_a_page_and_one_that_does_not_fit_has_its_own() -> None:
    """In their order; what is read at once is never more than a page of events, but for a household that is."""
    events = {"a": 2, "b": 3, "c": 1, "d": 9, "e": 5, "f": 1}
    assert list(recorded_events.packed(events, 5)) == [{"a", "b"}, {"c"}, {"d"}, {"e"}, {"f"}]

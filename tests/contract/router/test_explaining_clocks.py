"""What is explained goes by revisions, whatever the clocks said that its decisions are dated by; on both databases."""

import asyncio
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from schemas.codes import Kind, Origin
from services.router import history_store, pages
from services.router.commands import app
from services.router.explain import explained, same_course
from services.router.memory import Earlier
from services.router.recorded_decision import taken
from services.router.store import Memory
from services.router.tables import EVENT
from services.runtime.database import Database
from tests.contract.router.conftest import RULES, MakeRouter
from tests.contract.router.test_explaining import RADAR, kept, of_case
from tests.contract.router.test_handler import record
from tests.contract.router.test_pages import any_story, told
from tests.unit.router.samples import NOW, SIGNAL, signal


async def as_decided(database: Database) -> list[Any]:
    """Every row, in the order in which it was decided: of one partition, by its places."""
    async with database.read() as connection:
        return list((await connection.execute(select(EVENT).order_by(EVENT.c.offset))).all())


async def dated(database: Database, moments: dict[UUID, int]) -> None:
    """By clocks that were wrong: this event so many seconds after the start."""
    async with database.begin() as connection:
        for event, seconds in moments.items():
            what = update(EVENT).where(EVENT.c.event == event)
            await connection.execute(what.values(decided_at=NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize("most", [1_000, 3], ids=["at once", "in pages"])
@pytest.mark.parametrize("clock", ["backwards", "anyhow", "still"])
async def test_each_revision_is_explained_by_those_before_it(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, clock: str, most: int
) -> None:
    """Also where a clock ran backwards, stood still or jumped, where some came back and some came too late."""
    draw = Random(7)  # noqa: S311  not for secrets
    story = [one.model_copy(update={"id": SIGNAL}) for one in any_story(draw, 40)]
    clocks = {"backwards": lambda n: -n, "anyhow": lambda _: draw.randrange(-99, 99), "still": lambda _: 0}
    await told(Memory(database), story, clocks[clock])
    rows = await as_decided(database)
    monkeypatch.setattr(pages, "PAGE", most)
    assert any(row.revision is None for row in rows)
    for place, row in enumerate(rows):
        if row.revision is not None:
            one = await taken(database_url, SIGNAL.hex, row.revision)
            whole = Earlier.of([history_store.past_of(each) for each in rows[:place]])
            assert one.question.earlier.revision + 1 == row.revision
            assert one.question.earlier[1:] == whole[1:]
            assert same_course(explained(one.question, RULES).decision, one.past.decided)


async def test_what_came_too_late_is_known_when_it_comes_back(database: Database, database_url: str) -> None:
    """It was overtaken before, and tells when the signal was first told of, though a clock dates it after all else."""
    late = signal("late", after=1)
    back = late.model_copy(update={"changed_at": NOW + timedelta(hours=9)})
    await told(Memory(database), [signal("first", after=5), late, back], lambda number: (0, 99, 2)[number])
    earlier = (await taken(database_url, SIGNAL.hex, 2)).question.earlier
    assert (earlier.first, [past.event for past in earlier.telling(late.event)]) == (late.changed_at, [late.event])
    assert (await taken(database_url, SIGNAL.hex, 1)).question.earlier == Earlier()


@pytest.mark.parametrize("before", [False, True])
async def test_where_two_revisions_are_as_old_the_clock_says_what_came_too_late_for_which(
    database: Database, database_url: str, *, before: bool
) -> None:
    """Nothing else does: both were older than nothing, and what was overtaken was older than each."""
    one, other, late = signal("1", after=5), signal("2", after=5), signal("3", after=1)
    await told(Memory(database), [one, late, other] if before else [one, other, late])
    earlier = (await taken(database_url, SIGNAL.hex, 2)).question.earlier
    assert earlier.first == (late if before else one).changed_at


async def test_no_row_is_left_out_or_read_twice_wherever_a_page_ends(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one signal in the order of its revisions, though all are dated alike, or the other way round."""
    await told(Memory(database), [one.model_copy(update={"id": SIGNAL}) for one in any_story(Random(3), 30)])  # noqa: S311
    rows = await as_decided(database)
    revised = [row.revision for row in rows if row.revision is not None]
    for sign in (0, -1):
        await dated(database, {row.event: sign * number for number, row in enumerate(rows)})
        for most in (1, 2, 7, 1_000):
            monkeypatch.setattr(pages, "PAGE", most)
            async with database.read() as connection:
                query = select(EVENT).where(EVENT.c.signal == SIGNAL)
                found = [row async for page in pages.read(connection, query, pages.REVISED) for row in page]
            assert [row.revision for row in found][: len(revised)] == revised
            assert len({row.event for row in found}) == len(found) == len(rows)


async def test_of_another_signal_of_the_household_its_newest_revision_counts(
    router: MakeRouter, database: Database, database_url: str
) -> None:
    """Its older one, dated later, does not take its place."""
    await kept(database, RADAR)
    events = [
        of_case(1, kind=Kind.NUISANCE), of_case(1, "2", kind=Kind.WEAPON, origin=Origin.THIRD_PARTY), of_case(2),
    ]  # fmt: skip
    for offset, event in enumerate(events):
        await router(RADAR).handle([record(event, offset)])
    first, second, asked = events
    await dated(database, {first.event: 5, second.event: -5, asked.event: 9})
    one = await taken(database_url, asked.id.hex, None)
    assert [(other.signal, other.kind) for other in one.question.household.others] == [(first.id, Kind.WEAPON)]


async def test_another_signal_of_the_household_counts_from_when_it_was_first_told_of(
    router: MakeRouter, database: Database, database_url: str
) -> None:
    """Though a clock dates its first revision after the one that is asked about."""
    await kept(database, RADAR)
    first, second, asked = events = [of_case(1), of_case(1, "30"), of_case(2)]
    for offset, event in enumerate(events):
        await router(RADAR).handle([record(event, offset)])
    await dated(database, {first.event: 99, second.event: 5, asked.event: 9})
    one = await taken(database_url, asked.id.hex, None)
    assert [other.moment for other in one.question.household.others] == [min(first.changed_at, NOW)]
    assert first.changed_at != second.changed_at


async def test_programs_are_told_the_revision_that_was_asked_for(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With when it was decided by the clock of that day, and that it comes out as it did."""
    await kept(database, RULES)
    events = [signal(str(number), after=number) for number in (1, 2, 3)]
    await told(Memory(database), events, lambda number: -number)
    monkeypatch.setenv("ROUTER_DATABASE_URL", database_url)
    for revision in (1, 2, 3):
        given = ["explain", SIGNAL.hex, "--revision", str(revision), "--json"]
        ran = await asyncio.to_thread(CliRunner().invoke, app, given)  # it has a loop of its own
        assert ran.exit_code == 0, ran.output
        explained_ = orjson.loads(ran.stdout)
        assert (explained_["revision"], explained_["as_decided"]) == (revision, True)
        assert explained_["decided_at"] == (NOW - timedelta(seconds=revision - 1)).isoformat()

"""How far a stage's database holds what its groups have read, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.router.tables import OFFSET
from services.runtime.database import Database, open_database
from services.runtime.kafka.positions import Place
from services.runtime.stored_offsets import StoredOffsets

MIGRATIONS = Path("services/router/migrations")
FIRST, SECOND = ("signals.v1", 0), ("signals.v1", 1)


def place(offset: int, topic_id: str = "one") -> Place:
    """In the topic that this test reads, or in another one of its name."""
    return Place(offset, topic_id)


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[Database]:
    """The router's database."""
    database = await open_database(database_url, MIGRATIONS)
    yield database
    await database.stop()


@pytest.fixture
async def stored(opened: Database) -> StoredOffsets:
    """Of one group, which has begun at the beginning of two partitions."""
    offsets = StoredOffsets(opened, OFFSET, "router")
    await offsets.begin({FIRST: place(0), SECOND: place(0)})
    return offsets


async def test_who_holds_all_that_was_read_is_not_behind(stored: StoredOffsets) -> None:
    """Batch after batch; nothing that one group did counts for another one."""
    assert await stored.keep({}, {FIRST: place(10)}) == {}
    assert await stored.keep({FIRST: place(10)}, {FIRST: place(25), SECOND: place(3)}) == {}
    assert await stored.behind({FIRST: place(25), SECOND: place(3)}) == {}


async def test_who_holds_less_stores_nothing_and_tells_how_far_it_does(stored: StoredOffsets) -> None:
    """Else what lies between would never be missed."""
    await stored.keep({}, {FIRST: place(10)})
    assert await stored.behind({FIRST: place(25)}) == {FIRST: 10}
    assert await stored.keep({FIRST: place(25)}, {FIRST: place(30), SECOND: place(7)}) == {FIRST: 10}
    assert await stored.behind({FIRST: place(10), SECOND: place(1)}) == {SECOND: 0}


async def test_what_was_stored_of_another_topic_of_that_name_is_nothing(stored: StoredOffsets) -> None:
    """It was deleted and made anew: its offsets begin again."""
    await stored.keep({}, {FIRST: place(10)})
    assert await stored.behind({FIRST: place(4, "two")}) == {FIRST: 0}
    assert await stored.keep({}, {FIRST: place(4, "two")}) == {}
    assert await stored.behind({FIRST: place(4, "two")}) == {}


async def test_the_first_place_ever_stands_and_a_partition_without_one_lost_it(opened: Database) -> None:
    """Two instances that begin at once agree; another group has not begun by that."""
    ours, other = StoredOffsets(opened, OFFSET, "router"), StoredOffsets(opened, OFFSET, "router-commands")
    assert await ours.begun({"signals.v1"}) == set()
    await ours.begin({FIRST: place(10)})
    await ours.begin({FIRST: place(90)})
    assert await ours.behind({FIRST: place(10), SECOND: place(1)}) == {SECOND: 0}
    assert await ours.behind({FIRST: place(11)}) == {FIRST: 10}
    assert await ours.begun({"signals.v1", "commands.v1"}) == {"signals.v1"}
    assert await other.begun({"signals.v1"}) == set()


async def test_where_a_person_places_the_group_it_stands(stored: StoredOffsets) -> None:
    """Back, or past what nobody is to read any more."""
    await stored.keep({}, {FIRST: place(10)})
    await stored.put({FIRST: place(80)})
    assert await stored.behind({FIRST: place(80)}) == {}
    await stored.put({FIRST: place(2)})
    assert await stored.behind({FIRST: place(3)}) == {FIRST: 2}

"""Who has no records hears of its database all the same."""

import asyncio

from services.runtime.database_look import DatabaseLook
from services.runtime.errors import TryLater
from services.runtime.service import Health
from tests.waiting import until

WELL = Health(alive=True, ready=True)


async def test_a_database_that_is_away_makes_it_not_ready_until_it_is_back() -> None:
    """With the words of what was raised; a fault of ours is told by its class, and ends no looking."""
    faults: list[Exception] = [TryLater("database: not now (53100)"), KeyError("Testpersoon Kanarie")]
    seen: list[Health] = []

    async def look() -> None:
        seen.append(part.healthy())
        if len(seen) <= len(faults):
            raise faults[len(seen) - 1]

    async def enough() -> bool:
        return len(seen) > len(faults) + 1

    part = DatabaseLook(look, seconds=0)
    part.start()
    await until(enough, "it has looked on")
    await part.stop()
    await part.stop()
    told = [Health(alive=True, ready=False, why=why) for why in ("database: not now (53100)", "KeyError")]
    assert seen[: len(faults) + 2] == [WELL, *told, WELL]
    assert part.healthy() == WELL


async def test_the_first_look_is_taken_in_a_while() -> None:
    """Who starts it has just opened the database."""
    looked = asyncio.Event()

    async def look() -> None:
        looked.set()

    part = DatabaseLook(look)
    part.start()
    await asyncio.sleep(0)
    await part.stop()
    assert not looked.is_set()

"""A memory that was put back from a backup, with nothing else done by anybody."""

import shutil

from tests.integration.router.desk import Desk, event_of


async def run(desk: Desk) -> None:
    """One router, until all is decided."""
    router = desk.router()
    await router.start()
    try:
        await desk.done()
    finally:
        await router.stop()


async def test_a_memory_that_was_put_back_learns_again_what_came_after_it(desk: Desk) -> None:
    """Before it decides on anything newer: a correction of what it had lost stays the second revision."""
    memory, backup = desk.folder / "router.db", desk.folder / "backup.db"
    await desk.send(event_of(case) for case in range(10))
    await run(desk)
    shutil.copy(memory, backup)
    await desk.send(event_of(case) for case in range(10, 20))
    await run(desk)
    before = {one.id for one in await desk.referrals()}

    shutil.copy(backup, memory)
    await desk.send([event_of(15, "2", after=1)])
    router = desk.router()
    await router.start()
    try:
        await desk.revised(event_of(15).id)
        await desk.done()
    finally:
        await router.stop()
    again = await desk.referrals()
    assert [one.revision for one in again if one.signal == event_of(15).id] == [1, 1, 2]
    assert len({one.id for one in again} - before) == 1

"""How far a hop is behind: what is in hand counts until it is committed, and what failed counts again."""

import asyncio
from collections.abc import Sequence

from schemas.record import Output, Record
from services.runtime.errors import TryLater
from tests.integration.runtime.conftest import MakeRig
from tests.integration.runtime.rig import Rig, eventually


async def test_what_is_in_hand_or_not_read_is_behind_until_it_is_committed(make_rig: MakeRig) -> None:
    """Of 50 records over three partitions, taken ten at a time, all 50 are behind while the first ten are in hand."""
    rig = await make_rig(3)
    await rig.fill_keyed(50)
    gate, taken = asyncio.Event(), asyncio.Event()

    async def gated(records: Sequence[Record]) -> Sequence[Output]:
        taken.set()
        await gate.wait()
        return await rig.copy(records)

    hop = await rig.hop(gated, max_records=10)
    await taken.wait()
    await eventually(lambda: hop.lag() == 50)
    gate.set()
    await eventually(rig.done)
    await eventually(lambda: hop.lag() == 0)


async def test_a_batch_that_comes_again_stays_behind(rig: Rig) -> None:
    """While what it needs is away, neither the pause between two tries nor the try itself looks like progress."""
    await rig.fill(b"1", b"2", b"3")
    away = True
    behind: list[int] = []

    async def tried(records: Sequence[Record]) -> Sequence[Output]:
        behind.append(hop.lag())
        if away:
            raise TryLater("a test's failure")
        return await rig.copy(records)

    hop = await rig.hop(tried)
    await eventually(lambda: rig.outcomes().count("later") >= 2)
    assert {*behind, hop.lag()} == {3}
    away = False
    await eventually(rig.done)
    await eventually(lambda: hop.lag() == 0)


async def test_a_hop_that_has_stopped_is_not_behind(rig: Rig) -> None:
    """Its partitions are another one's."""
    hop = await rig.hop()
    await rig.fill(b"1")
    await eventually(rig.done)
    await hop.stop()
    assert hop.lag() == 0

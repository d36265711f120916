"""A decision about many is given in slices: one that is wrong is found out on 200 of them, not on all."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from services.notify import bulk, bulk_commands
from services.notify.bulk_commands import Order, carry_out
from services.notify.selection import Selection
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.waiting import until

AT_ONCE = 200


class Given:
    """In the place of a broker: the slices that were given, and how often it was looked what became of them."""

    def __init__(self, ledger: Ledger, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ledger = ledger
        self.slices: list[list[Command]] = []
        self.looks = 0
        progress = bulk.progress

        async def give_all(commands: Sequence[Command], _: object) -> None:
            self.slices.append(list(commands))

        async def looked(*given: Any) -> bulk.Progress:
            self.looks += 1
            return await progress(*given)

        monkeypatch.setattr(bulk_commands, "give_all", give_all)
        monkeypatch.setattr(bulk, "progress", looked)
        monkeypatch.setattr(bulk_commands, "LOOK", 0.2)
        monkeypatch.setenv("NOTIFY_DATABASE_URL", url)

    async def looked_at(self, slices: int) -> None:
        """Until so many were given, and what became of them was looked at three times more."""

        async def given() -> bool:
            return len(self.slices) >= slices

        await until(given, "a slice")
        before = self.looks

        async def again() -> bool:
            return self.looks >= before + 3

        await until(again, "a look at it")

    async def carried_out(self) -> None:
        """The last slice is released, sent and delivered."""
        assert (
            await self.ledger.desk.handle([self.ledger.given(each.action, each.target) for each in self.slices[-1]])
            == []
        )
        await self.ledger.conclude(*map(self.ledger.delivered, await self.ledger.claim(most=AT_ONCE)))


async def test_the_next_slice_waits_until_all_of_this_one_was_tried(
    ledger: Ledger, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 201 that are sent again, 200 are given at once, and the last one only when those were."""
    await ledger.take(*(samples.referral(f"T-{number}") for number in range(AT_ONCE + 1)))
    await ledger.conclude(*map(ledger.parked, await ledger.claim(most=AT_ONCE + 1)))
    given = Given(ledger, database_url, monkeypatch)
    order = Order(Action.REDRIVE, Selection((DeliveryState.PARKED,)), "operator-1", "they are back", most=1_000)
    async with asyncio.TaskGroup() as group:
        group.create_task(carry_out(order, yes=True))
        await given.looked_at(slices=1)
        assert [len(each) for each in given.slices] == [AT_ONCE]
        await given.carried_out()
        await given.looked_at(slices=2)
        assert [len(each) for each in given.slices] == [AT_ONCE, 1]
        await given.carried_out()
    assert {line.state for line in (await ledger.lines()).values()} == {DeliveryState.DELIVERED}
    assert len(given.slices) == 2

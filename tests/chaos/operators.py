"""OPERATORS: what people do while a campaign runs: send again what is parked, and sooner what waits."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from schemas.command import Action
from schemas.delivery import DeliveryState
from services.notify.bulk_commands import Order, carry_out
from services.notify.command_sink import give_all
from services.notify.desk_client import order
from services.notify.selection import Selection
from services.runtime.clock import now
from services.runtime.errors import SeinpaalError
from services.runtime.settings import KafkaSettings
from tests.chaos.standing import Ledger

PAIR = ("operator-1", "operator-2")
MANY = 100_000


class Operators:
    """Two of them, who do not know of each other. Settings of the command line come from the environment."""

    def __init__(self, ledger: Ledger, kafka: KafkaSettings) -> None:
        self._ledger = ledger
        self._kafka = kafka

    async def redrive_all(self) -> None:
        """`seinpaal deliveries redrive-all`, by both at one time. What a database that is away leaves comes later."""
        choice = Selection((DeliveryState.PARKED,), before=now() + timedelta(seconds=1))
        await asyncio.gather(*(self._done(Order(Action.REDRIVE, choice, actor, "chaos", MANY)) for actor in PAIR))

    async def retry(self, most: int = 5) -> None:
        """`seinpaal deliveries retry` of some that wait; each command is written twice, as by a hand that trembles."""
        with suppress(SeinpaalError):
            waiting = await self._ledger.waiting(most, now())
            given = [order(Action.RETRY, line.referral, actor=PAIR[0], reason="chaos", at=now()) for line in waiting]
            await give_all([*given, *given], self._kafka)

    async def _done(self, order: Order) -> None:
        with suppress(SeinpaalError):
            await carry_out(order, yes=True)

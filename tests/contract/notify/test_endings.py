"""What waits to be written, through the worker, on both databases. The partner is scripted."""

import asyncio

import pytest

from services.notify import endings
from services.notify.channel import Parcel
from services.notify.outcome import Accepted, Outcome, TryLater
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.contract.notify.scripted import Desk, Scripted
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


async def test_what_failed_keeps_its_place_until_it_is_written(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a partner that fails would get one more for each failure, before its breaker knows of any."""
    monkeypatch.setattr(endings, "LINGER", 3600.0)
    desk = Desk(ledger)
    channel = desk.channels[PARTNER]
    hold = asyncio.Event()

    async def send(_: Scripted, parcel: Parcel) -> Outcome:
        channel.sent.append(parcel)
        if len(channel.sent) == 1:
            return TryLater("unavailable", 503)
        await hold.wait()
        return Accepted(200)

    monkeypatch.setattr(Scripted, "send", send)
    await desk.take(*(samples.referral(f"T-{number}") for number in range(10)))
    for _ in range(2):
        desk.worker.arrived()
        async with asyncio.timeout(20):
            await desk.worker.step()
        await desk.turns()
    assert len(channel.sent) == DIRECTORY.partners[PARTNER].concurrency == 8
    hold.set()
    async with asyncio.timeout(20):
        while len(channel.sent) < 10:
            await desk.work()
    await desk.worker.drain(5)

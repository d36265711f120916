"""How a sandbox partner tells us how far it is, while it goes on with what it does."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from services.sandbox.partners import reports
from services.sandbox.partners.listener import Address, Listener
from services.sandbox.partners.misbehaviour import Misbehaviour
from services.sandbox.partners.reporter import Reporter

REFERRAL = "7efbaa82-0000-5000-8000-000000000001"


@dataclass
class Us:
    """Our reception: it knows of the referral after so many questions."""

    known_after: int = 0
    told: list[tuple[str, str]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    took: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        """A report on our Task."""
        self.told.append((request.headers["Authorization"], (await request.json())["status"]))
        self.came.set()
        if len(self.told) <= self.known_after:
            return web.Response(status=404)
        self.took.set()
        return web.Response(status=200)


@pytest.fixture
async def us() -> Us:
    """Nobody has told us anything."""
    return Us()


@pytest.fixture
async def reporter(us: Us, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Reporter]:
    """It reaches us, and does not wait before it tells us again."""
    monkeypatch.setattr(reports, "AGAIN_SECONDS", 0)
    app = web.Application()
    app.add_routes([web.put(f"/fhir/Task/{REFERRAL}", us.take)])
    listener = Listener(Address(), Misbehaviour())
    url = await listener.start(app)
    made = Reporter(lambda: url, "synthetisch-token")
    yield made
    await made.close()
    await listener.stop()


async def test_what_it_says_before_we_know_of_it_it_says_again(reporter: Reporter, us: Us) -> None:
    """Its people may be quicker than our ledger: then nothing would come back of what they did."""
    us.known_after = 2
    reporter.tell(REFERRAL, "accepted")
    async with asyncio.timeout(20):
        await us.took.wait()
    assert us.told == [("Bearer synthetisch-token", "accepted")] * 3


async def test_a_partner_that_stops_does_not_wait_until_we_know_of_it(
    reporter: Reporter, us: Us, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was told once, and tells no more."""
    monkeypatch.setattr(reports, "AGAIN_SECONDS", 3600)
    us.known_after = 100
    reporter.tell(REFERRAL, "accepted")
    async with asyncio.timeout(20):
        await us.came.wait()
        await reporter.close()
    assert len(us.told) == 1

"""What the running service is wired with: its own numbers, not those of a test."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from services.notify.deliver import Delivering
from services.notify.http import PartnerHttp
from services.notify.newest_entry import Newer
from services.notify.reception import routers
from services.notify.reply import Lost, NotSent, Reply
from services.notify.retry import STANDARD
from services.notify.service import NotifyService
from services.notify.settings import NotifySettings
from services.runtime.settings import KafkaSettings
from tests.contract.notify.web import serving
from tests.integration.notify.house import House
from tests.unit.notify import samples


class Wired(NotifyService):
    """Not started: what it would send with."""

    def delivering(self) -> Delivering:
        """What its worker has."""
        return self._delivering()

    def door(self) -> PartnerHttp:
        """The one to its only partner."""
        return self._doors[samples.PARTNER]

    async def receives(self, nobody: Any) -> Newer:
        """Opens and closes the door to partners, with `nobody` behind it; whom its worker leaves to another."""
        await self._receive(nobody, nobody, nobody, nobody)
        await self.stop()
        return self._newer


def wired(folder: Path, url: str = "http://127.0.0.1:1/", listen: str = "") -> Wired:
    """As `seinpaal run notify` makes it when nothing is set but where things are, and where partners reach it."""
    house = House(folder, KafkaSettings(), "sqlite://")
    house.configure([samples.partner(url=url)])
    return Wired(NotifySettings(config=folder, listen=listen), house.kafka, house.keys)


@dataclass(slots=True)
class Stopped:
    """The event loop's clock, which stands still but for what the test adds: a slow machine changes nothing."""

    seconds: float = 0.0

    async def waits(self, reply: asyncio.Task[Reply], seconds: float) -> Reply:
        """What it comes to after so many seconds; it has come to nothing just before."""
        self.seconds = seconds - 0.001
        await self._turns()
        assert not reply.done()
        self.seconds = seconds + 0.001
        await self._turns()
        assert reply.done()
        return reply.result()

    async def _turns(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


@contextmanager
def stopped() -> Iterator[Stopped]:
    """While the block runs."""
    loop = asyncio.get_running_loop()
    clock, began = Stopped(), loop.time()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loop, "time", lambda: began + clock.seconds)
        yield clock


def test_the_service_tries_by_the_standard_ladder_for_five_days(tmp_path: Path) -> None:
    """Its settings have no numbers of their own; those of STANDARD are in `test_retry.py`."""
    delivering = wired(tmp_path).delivering()
    assert delivering.schedule == NotifySettings().schedule == STANDARD
    assert delivering.schedule.max_age == timedelta(days=5)


def test_an_attempt_ends_well_within_its_lease(tmp_path: Path) -> None:
    """Five seconds before another one may take it."""
    assert wired(tmp_path).delivering().patience == NotifySettings().lease - timedelta(seconds=5)


def test_the_service_rolls_dice_over_all_of_the_jitter(tmp_path: Path) -> None:
    """Else all that failed together is tried again together; in [0, 1), and of 1,000 some in each tenth."""
    dice = wired(tmp_path).delivering().dice
    rolled = [dice() for _ in range(1_000)]
    assert all(0 <= each < 1 for each in rolled)
    assert {int(each * 10) for each in rolled} == set(range(10))


async def test_a_partner_that_hangs_has_twenty_seconds(tmp_path: Path) -> None:
    """It has the request: it may have arrived."""
    asked = asyncio.Event()

    async def handle(_: web.Request) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        return web.Response()

    async with serving(handle) as url:
        door = wired(tmp_path, str(url)).door()
        with stopped() as clock:
            reply = asyncio.create_task(door.exchange("POST", url, {}, b"{}"))
            await asked.wait()
            assert await clock.waits(reply, 20) == Lost("timed-out")
        await door.close()


async def test_a_partner_that_is_not_there_has_five_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a connection, its name included: nothing left."""
    asked = asyncio.Event()

    async def never(*_: object, **__: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
    url = URL("http://nowhere.invalid/")
    door = wired(tmp_path, str(url)).door()
    with stopped() as clock:
        reply = asyncio.create_task(door.exchange("POST", url, {}, b"{}"))
        await asked.wait()
        assert await clock.waits(reply, 5) == NotSent("connect-timed-out")
    await door.close()


async def test_whom_the_service_leaves_to_another_instance_it_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it knows of newer entries, sending and showing know alike."""
    given: dict[str, object] = {}

    def taken(*_: object, **named: object) -> tuple[()]:
        given.update(named)
        return ()

    monkeypatch.setattr(routers, "partner_routers", taken)
    assert await wired(tmp_path, listen="127.0.0.1:0").receives(None) is given["newer"]

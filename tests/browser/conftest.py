"""A real browser, and a console with a log that grows while it looks."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from services.audit.append import read
from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.console.service import ConsoleService
from services.console.settings import ConsoleSettings
from services.runtime.clock import now
from services.runtime.database import Database, open_database
from tests.unit.audit.samples import record
from tests.unit.audit.world import World

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium(downloaded: str) -> str:
    """Where Chromium is: as `tests/browser/bring` looks for it, `downloaded` is where Playwright keeps its own."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and not Path(downloaded).exists():
        pytest.fail("no Chromium: `tests/browser/bring` brings it, or say where it is with CHROMIUM=/path/to/it")
    return found or downloaded


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started() -> AsyncIterator[Browser]:
    """Chromium, headless: to start it takes longer than most tests."""
    async with async_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        opened = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(started: Browser) -> AsyncIterator[Browser]:
    """It, for one test: each page has storage of its own, and is gone with it."""
    yield started
    for context in started.contexts:
        await context.close()


class Living:
    """A world whose entries a console shows as they come."""

    def __init__(self, database: Database, service: ConsoleService) -> None:
        self.world = World(start=now())
        self.url = service.url
        self.service = service
        self._store = AuditStore(database)
        self._done = 0

    async def happen(self, events: int) -> None:
        """So many events, and the log takes them in."""
        for _ in range(events):
            self.world.happen()
        await self.take()

    async def take(self) -> None:
        """The log takes in what it does not have yet."""
        new = self.world.entries[self._done :]
        arrivals = [read(record(entry, self._done + place)) for place, entry in enumerate(new)]
        await self._store.append(("audit.v1", 0), self._done, self._done + len(new), arrivals)
        self._done += len(new)


@pytest_asyncio.fixture(loop_scope="module")
async def living(tmp_path: Path) -> AsyncIterator[Living]:
    """A served console on a log of its own."""
    url = f"sqlite:///{tmp_path}/audit.db"
    database = await open_database(url, MIGRATIONS)
    service = ConsoleService(ConsoleSettings(port=0, poll_seconds=0.1), url)
    await service.start()
    yield Living(database, service)
    await service.stop()
    await database.stop()


class Watched:
    """A page, with everything it complained about and every address it asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: set[str] = set()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.add(request.url))

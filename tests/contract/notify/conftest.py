"""A migrated ledger on each of the two databases."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from schemas.referral import Referral
from services.notify.foreign_requests import ForeignRequests
from services.notify.reception.task import task_router
from services.notify.report_intake import Following
from services.notify.settings import MIGRATIONS
from services.runtime.database import Database
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.fetching import PARTNERS, SECRETS, reception_of
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.contract.notify.polling import Beat, Server, delivered
from tests.contract.notify.reception import Open, opened
from tests.contract.notify.reported import World
from tests.contract.notify.runs import Runs
from tests.contract.notify.web import serving
from tests.unit.notify import samples


@pytest.fixture
def model() -> Path:
    """Tables are there."""
    return MIGRATIONS


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[Ledger]:
    """Empty. Whatever a test does to it, at its end the tally is what counting every line finds."""
    ledger = Ledger(database)
    yield ledger
    assert await ledger.tally() == await ledger.counted()


@pytest.fixture
def runs(ledger: Ledger) -> Runs:
    """Nothing was sent yet."""
    return Runs(ledger)


@pytest.fixture
async def exchange(ledger: Ledger) -> AsyncIterator[Exchange]:
    """One partner fetches, the other one has an inbox; nothing is in the ledger."""
    made = Exchange(ledger, PARTNERS.values(), SECRETS)
    yield made
    await made.close()


@pytest.fixture
async def door(exchange: Exchange) -> AsyncIterator[Open]:
    """The reception, with both routers."""
    async with reception_of(exchange) as reception:
        yield reception


@pytest.fixture
def server() -> Iterator[Server]:
    """It has nothing yet. Whatever it is asked in a test, no cache on the way may answer in its place."""
    made = Server()
    yield made
    assert made.remembered == []


@pytest.fixture
async def beat(ledger: Ledger, server: Server) -> AsyncIterator[Beat]:
    """Asked every five minutes."""
    async with serving(server.handle) as url:
        made = await Beat(ledger, str(url)).begin()
        yield made
        await made.close()


@pytest.fixture
def world(ledger: Ledger) -> World:
    """Nothing was told yet."""
    return World(ledger)


@pytest.fixture
async def referral(ledger: Ledger) -> Referral:
    """One that the partner has."""
    made = samples.referral()
    await delivered(ledger, made)
    return made


@pytest.fixture
async def tasks(ledger: Ledger) -> AsyncIterator[Open]:
    """The reception with our Task, and what is said of it."""
    following = Following(ledger.footing(DIRECTORY), ForeignRequests(ledger.footing(DIRECTORY)))
    async with opened([task_router(following)]) as reception:
        yield reception

"""What tests ask for by name: a real broker, topics of their own, databases of their own."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL

from services.sandbox.kafka import EmbeddedKafka
from tests.broker import MakeTopic, broker, make_topic
from tests.postgres import EmbeddedPostgres, embedded, fresh_database, server

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")  # how long one example takes says nothing here: others use the machine too


@pytest.fixture(scope="session")
def bootstrap() -> Iterator[str]:
    """The broker all tests share, host:port."""
    with broker() as address:
        yield address


@pytest.fixture
def topic(bootstrap: str) -> MakeTopic:
    """Makes topics of one test alone; awaited with a number of partitions, it gives the name."""

    async def make(partitions: int = 1, settings: Mapping[str, str] | None = None) -> str:
        return await make_topic(bootstrap, partitions, settings or {})

    return make


@pytest.fixture
async def own_kafka(tmp_path: Path) -> AsyncIterator[EmbeddedKafka]:
    """A started broker for one test alone, that may be killed and started again."""
    kafka = EmbeddedKafka(tmp_path / "kafka")
    try:
        await kafka.start()
        yield kafka
    finally:
        await kafka.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The PostgreSQL server all tests share, as its administrator."""
    with server() as url:
        yield url


@pytest.fixture
async def postgres_url(postgres_server: URL) -> AsyncIterator[str]:
    """A new, empty PostgreSQL database for one test."""
    async with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database for one test; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/x.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server for one test alone, that may be crashed."""
    with embedded() as postgres:
        yield postgres

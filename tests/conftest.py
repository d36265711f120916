"""What tests ask for by name: a real broker, topics of their own, databases of their own."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL

from services.runtime.database import Database
from services.runtime.garbage import seldom, settle
from services.runtime.settings import KafkaSettings
from services.sandbox.kafka import EmbeddedKafka
from tests.broker import MakeTopic, broker, cleared, in_own_loop, make_topic
from tests.broker import embedded as embedded_kafka
from tests.migrated import Files, Lending
from tests.postgres import EmbeddedPostgres, embedded, fresh_database, server

seldom()  # of what is imported, nothing is garbage

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")  # how long one example takes says nothing here: others use the machine too


def pytest_collection_finish() -> None:
    """What was imported until now stays to the end, and is not looked through for garbage."""
    settle()


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


@pytest.fixture(scope="session")
def second_kafka() -> Iterator[str]:
    """A broker beside the shared one, for tests whose topics have the names they have in production."""
    with embedded_kafka() as address:
        yield address


@pytest.fixture
def bare_kafka(second_kafka: str) -> KafkaSettings:
    """A broker without a topic, that only this test uses now. It may not be hurt: see `own_kafka`."""
    in_own_loop(cleared(second_kafka))
    return KafkaSettings(bootstrap=second_kafka)


@pytest.fixture
async def own_kafka(tmp_path: Path) -> AsyncIterator[EmbeddedKafka]:
    """A started broker for one test alone, that may be killed and started again."""
    kafka = EmbeddedKafka(tmp_path / "kafka")
    try:
        await kafka.start()
        yield kafka
    finally:
        kafka.kill()  # nobody comes back to its files


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


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """SQLite databases that stages have migrated."""
    return Files(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def lending(postgres_server: URL) -> Iterator[Lending]:
    """The same on PostgreSQL."""
    made = Lending(postgres_server)
    yield made
    in_own_loop(made.end())


@pytest.fixture
def model() -> Path | None:
    """The migrations whose tables are in `database_url` from the start; a folder of tests may name some."""
    return None


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(
    request: pytest.FixtureRequest, files: Files, model: Path | None, tmp_path: Path
) -> AsyncIterator[str]:
    """A new database for one test, without a row; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        if model is not None:
            await files.copy(model, tmp_path / "x.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/x.db"
    else:
        server: URL = request.getfixturevalue("postgres_server")
        lending: Lending = request.getfixturevalue("lending")
        async with fresh_database(server) if model is None else lending.lent(model) as url:
            yield url


@pytest.fixture
async def database(database_url: str, model: Path) -> AsyncIterator[Database]:
    """That one, opened, with the tables that `model` makes."""
    opened = Database(database_url, model)
    yield opened
    await opened.stop()


@pytest.fixture
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server for one test alone, that may be crashed."""
    with embedded() as postgres:
        yield postgres

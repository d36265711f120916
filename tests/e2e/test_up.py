"""The real command, end to end: on both databases nothing is lost, and nothing personal lies anywhere in the clear."""

import asyncio
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from schemas.audit import Fact
from schemas.topics import OURS
from services.runtime.kafka import scan
from services.runtime.settings import KafkaSettings
from services.sandbox.kafka import EmbeddedKafka
from tests.e2e.road import ended

CANARIES = (
    b"Testpersoon",
    b"Testkind",
    b"Voorbeeldstraat",
    b"Example Street",
    b"Verzonnen",
    b"Made up",
    b"Testmedewerker",
)
SOURCES = ("source.ijsselhof.signaleringen",)


def up(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`seinpaal up --signals 60 --exit` in a process of its own."""
    return ended("up", "--signals", "60", "--exit", "--port", "0", "--state", str(state), *arguments)


@pytest.mark.timeout(300)
def test_up_loses_and_doubles_nothing_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    """The road on a given PostgreSQL ends with exit code 0."""
    done = up(tmp_path / "state", "--database", postgres_url.replace("+asyncpg", ""))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(300)
async def test_nothing_personal_lies_in_the_clear(own_kafka: EmbeddedKafka, tmp_path: Path) -> None:
    """Names, addresses and narratives stand in the source topics and at the partners, and nowhere in between.

    The partners were put to the test before: the trail tells of all, and of the two who were vouched for.
    """
    state = tmp_path / "state"
    done = await asyncio.to_thread(up, state, "--kafka", own_kafka.bootstrap)
    assert done.returncode == 0, done.stdout + done.stderr
    checked, proposed, admitted = standing(state)
    assert checked == 8
    assert proposed == admitted > 0
    settings = KafkaSettings(bootstrap=own_kafka.bootstrap)
    assert found(await content(settings, SOURCES[0])), "the scan finds what is there"
    assert any(found(path.read_bytes()) for path in (state / "partners").iterdir()), "and at the partners"
    for topic in [*(each.name for each in OURS), "outcomes.ijsselhof"]:
        assert not found(await content(settings, topic)), topic
    for database in state.glob("*.db"):
        assert not found(dumped(database)), database.name
    for log in state.glob("*.log"):
        assert not found(log.read_bytes()), log.name
    assert not found((done.stdout + done.stderr).encode())


def standing(state: Path) -> list[int]:
    """What the trail tells of how partners came in: how many were checked, proposed, admitted."""
    with closing(sqlite3.connect(f"file:{state / 'audit.db'}?mode=ro", uri=True)) as connection:
        counted = dict(connection.execute("SELECT fact, count(*) FROM audit_entry GROUP BY fact").fetchall())
    return [counted.get(fact, 0) for fact in (Fact.PARTNER_CHECKED, Fact.PARTNER_PROPOSED, Fact.PARTNER_ADMITTED)]


async def content(settings: KafkaSettings, topic: str) -> bytes:
    """Keys, headers and values of everything in a topic."""
    parts: list[bytes] = []
    async for record in scan(settings, topic):
        parts += [record.key or b"", record.value or b"", *(value or b"" for _, value in record.headers)]
    return b"\n".join(parts)


def dumped(database: Path) -> bytes:
    """Every column of every row of every table."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')]  # noqa: S608  names of our own tables
    finally:
        connection.close()
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


def found(haystack: bytes) -> list[bytes]:
    """Which canaries stand in it."""
    return [canary for canary in CANARIES if canary in haystack]

"""Killing `seinpaal up` itself, its broker or its database loses nothing."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import orjson
import pytest

from services.sandbox.child import end_left_behind
from services.sandbox.kafka import EmbeddedKafka
from tests.e2e.places import asked
from tests.e2e.road import WITHIN, accepted, begun
from tests.postgres import EmbeddedPostgres
from tests.waiting import until

AT_WORK = 20
"""Signals accepted after which it is in the middle of everything."""

STARTED = 60
"""More than are left by an earlier life: the corporations write again, and they begin last of all."""

LAST: Final = ("up", "--signals", "180", "--rate", "8", "--exit", "--json", "--port", "0")
"""Its last life: more than ten seconds are left after `STARTED` to hit it in the middle."""

Count = Callable[[], Awaitable[int]]


async def at_work(process: subprocess.Popen[str], count: Count, more: int = AT_WORK) -> None:
    """Until it has accepted so many more."""
    before = await count()

    async def has() -> bool:
        assert process.poll() is None, process.communicate()[0]
        return await count() >= before + more

    await until(has, "it never came to work", WITHIN)


async def killed_at_work(count: Count, *arguments: str) -> None:
    """A life that ends by SIGKILL."""
    process = begun("up", "--rate", "20", "--port", "0", *arguments)
    try:
        await at_work(process, count)
    finally:
        process.kill()
        await asyncio.to_thread(process.communicate)


async def ended_well(process: subprocess.Popen[str]) -> None:
    """Nothing lost, nothing doubled, nothing without audit."""
    said, _ = await asyncio.to_thread(process.communicate, timeout=WITHIN)
    assert process.returncode == 0, said
    assert orjson.loads(said.splitlines()[-1])["good"]


@pytest.mark.timeout(600)
async def test_up_goes_on_where_it_was_killed_and_brings_its_broker_back(tmp_path: Path) -> None:
    """SIGKILL in the middle of its work, twice, broker and all; then its broker alone, in its last life."""
    state = tmp_path / "state"

    async def count() -> int:
        return await asyncio.to_thread(accepted, state)

    for _ in range(2):
        await killed_at_work(count, "--state", str(state))
    last = begun(*LAST, "--state", str(state))
    await at_work(last, count, STARTED)
    assert await asyncio.to_thread(end_left_behind, state / "kafka" / "broker.lock"), "its broker ran"
    await ended_well(last)


@pytest.mark.timeout(600)
async def test_on_postgresql_up_its_broker_and_its_database_may_be_killed(
    own_kafka: EmbeddedKafka, own_postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    """`up` in the middle of its work; in its next life the broker, and then the server of the database."""
    url = own_postgres.url.set(drivername="postgresql").render_as_string()
    given = ["--kafka", own_kafka.bootstrap, "--database", url, "--state", str(tmp_path / "state")]

    async def count() -> int:
        with suppress(asyncpg.PostgresError, OSError):  # its table is being made, or its server comes back
            facts = await asked(own_postgres.url, "SELECT fact FROM audit_entry")
            return facts.count("signal.accepted")
        return 0

    await killed_at_work(count, *given)
    last = begun(*LAST, *given)
    await at_work(last, count, STARTED)
    own_kafka.kill()
    await own_kafka.start()
    await at_work(last, count)
    await asyncio.to_thread(own_postgres.crash_and_restart)
    await ended_well(last)

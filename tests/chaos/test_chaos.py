"""Four services are killed at random, again and again: nothing is lost, doubled or left without audit."""

from pathlib import Path

import pytest

from services.runtime.settings import KafkaSettings
from tests.chaos.campaign import Aftermath, Campaign, run
from tests.chaos.seeds import SEEDS

SIGNALS, KILLS = 2000, 30


def unharmed(aftermath: Aftermath) -> None:
    """Killed often enough, nothing wrong, all at rest, and none ended that was not killed."""
    assert aftermath.kills >= KILLS
    assert aftermath.verdict.faults == ()
    assert aftermath.verdict.settled, aftermath.verdict.numbers
    assert aftermath.ended == {}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost_or_doubled_on_sqlite(seed: int, bare_kafka: KafkaSettings, tmp_path: Path) -> None:
    """2,000 signals, at least 30 SIGKILLs over ingest, router, notify and audit: the books and the partners agree."""
    aftermath = await run(Campaign(seed, SIGNALS, KILLS), bare_kafka.bootstrap, tmp_path / "state")
    unharmed(aftermath)


@pytest.mark.timeout(600)
async def test_nothing_is_lost_or_doubled_on_postgresql(
    bare_kafka: KafkaSettings, postgres_url: str, tmp_path: Path
) -> None:
    """The same with the stages' tables in PostgreSQL."""
    database = postgres_url.replace("+asyncpg", "")
    aftermath = await run(Campaign(3, SIGNALS, KILLS), bare_kafka.bootstrap, tmp_path / "state", database)
    unharmed(aftermath)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("mutant", "stage", "caught"),
    [
        ("commit-first", "ingest", "Missing(topic='source."),
        ("drawn-ids", "ingest", "Unaccepted(event="),
        ("two-transactions", "notify", "Differs(referral="),
    ],
)
async def test_a_broken_guarantee_is_caught(
    mutant: str, stage: str, caught: str, bare_kafka: KafkaSettings, tmp_path: Path
) -> None:
    """Commits first: lost. Ids drawn: doubled under an id that nobody accepted. Facts written later: without audit.

    What is late is no fault, so a slow machine catches nothing: each life is long enough to read something on that too,
    and signals still come in the last one.
    """
    campaign = Campaign(7, 400, 6, mutant, rate=25.0, pause=3.0, stages=(stage,))
    aftermath = await run(campaign, bare_kafka.bootstrap, tmp_path / "state")
    assert any(caught in sentence for sentence in aftermath.verdict.faults), aftermath.verdict

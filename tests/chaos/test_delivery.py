"""Everything that a delivery stands on fails, again and again: nothing is lost, doubled, overtaken or without audit."""

from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.caseload import Wish
from tests.chaos.delivery import INSTANCES, Campaign, run
from tests.chaos.delivery_verdict import faults
from tests.chaos.faults import FreezeNotify, FreezePartner, KillPartner, LoseAnswers, Refuse, drawn
from tests.chaos.partners import NAMES
from tests.chaos.seeds import SEEDS
from tests.postgres import EmbeddedPostgres

REFERRALS = 3000
"""`make chaos` runs three."""

MUTANTS = [
    (
        Campaign(7, Wish(40, ("transaction",)), [(0, FreezePartner("transaction")), (0, FreezeNotify())], "no-fence"),
        "it was tried after its end",
    ),
    (Campaign(7, Wish(30, ("hook",)), [(0, LoseAnswers("hook"))], "drawn-retry"), "hook took it in 2 times"),
    (
        Campaign(
            7,
            Wish(60, ("forgetful",), withdrawn=1.0, shares=(0, 1), apart=True),
            [(0, LoseAnswers("forgetful"))],
            "unknown-failed",
            ahead=27,
            chunk=30,
            ladder="[0,8]",
        ),
        "forgetful has it, and our ledger says cancelled",
    ),
    (Campaign(7, Wish(30, ("transaction",)), [(0, Refuse("transaction"))], "redriven-twice"), "was answered 2 times"),
    (
        Campaign(7, Wish(150, ("transaction",)), [(0, KillPartner("transaction", spent=100))], "counting-breaker"),
        "transaction was left alone for",
    ),
]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", SEEDS)
async def test_every_referral_is_there_once_and_in_order(
    seed: int, empty_kafka: str, own_postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    """3,000 referrals to five partners; notify, database and partners killed and frozen, answers lost, refusals."""
    campaign = Campaign(seed, Wish(REFERRALS, NAMES), drawn(seed, INSTANCES, NAMES))
    url = own_postgres.url.render_as_string(hide_password=False)
    aftermath = await run(campaign, empty_kafka, url, tmp_path / "state", own_postgres.crash_and_restart)
    assert faults(aftermath.evidence) == []
    assert aftermath.settled, aftermath.standing
    assert aftermath.ended == {}
    assert aftermath.began == Counter(type(fault).__name__ for _, fault in campaign.faults)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("campaign", "caught"), MUTANTS, ids=[campaign.mutant for campaign, _ in MUTANTS])
async def test_a_broken_guarantee_of_delivery_is_caught(
    campaign: Campaign, caught: str, empty_kafka: str, postgres_url: str, tmp_path: Path
) -> None:
    """No fence, a retry under a new id, a lost answer taken for a no, a redrive twice, a breaker that costs."""
    aftermath = await run(campaign, empty_kafka, postgres_url, tmp_path / "state")
    assert any(caught in sentence for sentence in faults(aftermath.evidence)), faults(aftermath.evidence)

"""Rules, partners and areas begin and end at midnight where the signal comes from."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from schemas.legal import Country
from schemas.local_day import day_in
from schemas.referral import Referral
from services.router.batch import Arrived, Batch
from services.router.decide import decide
from services.router.decision import Routed
from services.router.decision_template import Stamp
from services.router.household import ALONE
from services.router.households import Households
from services.router.memory import Earlier
from tests.unit.router.samples import AREAS, at, directory, rule, rule_set, signal
from tests.unit.router.test_directory import partner

NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("country", "moment", "day"),
    [
        ("NL", "2026-12-31T22:59:59", "2026-12-31"),
        ("NL", "2026-12-31T23:00:00", "2027-01-01"),
        ("GB", "2026-12-31T23:59:59", "2026-12-31"),
        ("GB", "2027-01-01T00:00:00", "2027-01-01"),
        ("NL", "2026-06-30T21:59:59", "2026-06-30"),
        ("NL", "2026-06-30T22:00:00", "2026-07-01"),
        ("GB", "2026-06-30T22:59:59", "2026-06-30"),
        ("GB", "2026-06-30T23:00:00", "2026-07-01"),
        ("NL", "2026-03-28T23:00:00", "2026-03-29"),
        ("NL", "2026-03-29T22:00:00", "2026-03-30"),
        ("NL", "2026-10-24T22:00:00", "2026-10-25"),
        ("NL", "2026-10-25T22:59:59", "2026-10-25"),
        ("GB", "2026-10-24T23:00:00", "2026-10-25"),
        ("GB", "2026-10-25T23:59:59", "2026-10-25"),
        ("GB", "2024-03-31T23:00:00", "2024-04-01"),
    ],
)
def test_a_day_begins_at_midnight_there(country: Country, moment: str, day: str) -> None:
    """In winter and summer, and on the days on which the clocks change."""
    assert f"{day_in(country, datetime.fromisoformat(moment).replace(tzinfo=UTC))}" == day


@pytest.mark.parametrize(("minute", "told"), [(59, "old"), (60, "new")])
def test_a_partner_whose_contract_has_ended_gets_nothing_more(minute: int, told: str) -> None:
    """In the Netherlands it ends an hour or two before UTC's day does."""
    serving = (partner("old", ends=NEW_YEAR), partner("new", begins=NEW_YEAR))
    rules = rule_set(rule(), of=directory(serving, AREAS))
    now = datetime(2026, 12, 31, 22, tzinfo=UTC) + timedelta(minutes=minute)
    decided = decide(signal(), at(), rules, Earlier(), now, household=ALONE)
    assert isinstance(decided, Routed)
    assert [referral.partner for referral in decided.referrals] == [told]
    arrived = [Arrived(signal().model_copy(update={"id": UUID(int=number)}), at(number), "") for number in range(3)]
    batch = Batch(rules, defaultdict(Earlier), Households(), Stamp(now))
    written = [batch.decide(one)[0] for one in arrived]  # the first is decided on, the others are filled in
    assert [Referral.read(output.value).partner for output in written] == [told] * 3


def test_a_batch_knows_the_day_of_each_country() -> None:
    """Two corporations' signals may be read together on two days."""
    stamp = Stamp(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert [f"{stamp.day(country)}" for country in ("NL", "GB", "NL")] == ["2027-01-01", "2026-12-31", "2027-01-01"]

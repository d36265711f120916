"""A FHIR server has a later revision than the ledger knows of, as after a restore: it has no need of the older one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.referral import Referral, ReferralChange
from services.notify.settings import MIGRATIONS
from services.runtime.database import open_database
from services.sandbox.partners.fhir import FhirPartner
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.partnership import Partnership, story
from tests.unit.notify import samples

WITHDRAWAL = ReferralChange.WITHDRAWAL


@pytest.fixture
async def before(tmp_path: Path) -> AsyncIterator[Ledger]:
    """The ledger that was lost."""
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path}/lost.db", MIGRATIONS)
    yield Ledger(database)
    await database.stop()


@pytest.fixture
async def partner(ledger: Ledger) -> AsyncIterator[FhirPartner]:
    """A FHIR server that does as it should."""
    partner = FhirPartner("test", clock=lambda: ledger.now)
    yield partner
    await partner.stop()


async def delivered(partner: FhirPartner, url: str, ledger: Ledger, *referrals: Referral) -> Partnership:
    """To the end, one after the other."""
    partnership = Partnership(ledger, samples.partner(url=url))
    for each in referrals:
        await partnership.take(each)
        assert await partnership.to_the_end(each) is DeliveryState.DELIVERED
    assert len(partner.resources.of_type("Task")) == 1
    return partnership


def statuses(partner: FhirPartner) -> list[str]:
    """Of every Task there."""
    return [held.resource["status"] for held in partner.resources.of_type("Task")]


@pytest.mark.parametrize("change", [ReferralChange.UPDATE, WITHDRAWAL])
async def test_a_first_revision_that_a_later_one_replaced_is_there(
    ledger: Ledger, before: Ledger, partner: FhirPartner, change: ReferralChange
) -> None:
    """It holds all that is known, or took it back: nobody looks, nothing is sent over it, and the later one goes on."""
    first, second = samples.referral(), samples.referral(revision=2, change=change)
    url = await partner.start()
    lost = await delivered(partner, url, before, first, second)
    stood = statuses(partner)
    await lost.close()
    partnership = await delivered(partner, url, ledger, first)
    assert statuses(partner) == stood
    told = story(await partnership.told(first))
    assert told == [Fact.REFERRAL_QUEUED, "later-there", Fact.DELIVERY_DELIVERED]
    await partnership.take(second)
    assert await partnership.to_the_end(second) is DeliveryState.DELIVERED
    await partnership.close()

"""From `referrals.v1` to a partner's system of record, over a real broker and a real database."""

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from services.sandbox.partners.fhir import FhirPartner
from tests.integration.notify.house import House
from tests.unit.notify import samples


async def test_a_referral_reaches_its_partner_once(house: House) -> None:
    """It is delivered, created once in the partner's system, and its whole story is on audit.v1."""
    vt = FhirPartner("vt")
    house.configure([samples.partner(url=await vt.start())])
    service = house.service()
    sent = house.referral()
    await service.start()
    try:
        await house.submit([sent])
        await house.reached(DeliveryState.DELIVERED, [sent])
        assert vt.receipts.by_identifier[f"urn:seinpaal:referral|{sent.id}"].created == 1
    finally:
        await service.stop()
        await vt.stop()
    facts = [entry.fact for entry in await house.facts(sent)]
    assert facts == [
        Fact.REFERRAL_QUEUED,
        Fact.DELIVERY_ATTEMPTED,
        Fact.DELIVERY_DELIVERED,
        Fact.OUTCOME_TOLD,
    ]

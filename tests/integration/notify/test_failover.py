"""Another PostgreSQL takes over while we run, and lacks what was written last."""

from pathlib import Path

from schemas.delivery import DeliveryState
from schemas.referral import Handling
from services.runtime.settings import KafkaSettings
from services.sandbox.partners.fhir import FhirPartner
from tests.integration.notify.house import House, running
from tests.postgres import DRIVER, created, embedded
from tests.unit.notify import samples


async def test_what_a_standby_lacks_that_takes_over_is_read_again(bootstrap: str, tmp_path: Path) -> None:
    """Nobody starts or places anything anew: the ledger is whole again, and the partner has each referral once."""
    partner, address = FhirPartner("vt"), tmp_path / "address"
    try:
        with embedded() as primary:
            address.symlink_to(primary.folder)
            name = await created(primary.url, "template1")
            url = f"{DRIVER}://postgres@/{name}?host={address}"
            house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), url)
            house.configure([samples.partner(url=await partner.start())])
            first, delivered, held = (
                house.referral("1"),
                house.referral("2"),
                house.referral("3", handling=Handling.HOLD),
            )
            async with running(house.service()):
                await house.submit([first])
                await house.reached(DeliveryState.DELIVERED, [first])
                with embedded(of=primary) as standby:
                    await house.submit([delivered, held])
                    await house.reached(DeliveryState.DELIVERED, [delivered])
                    await house.reached(DeliveryState.HELD, [held])
                    primary.stop()
                    address.unlink()
                    address.symlink_to(standby.folder)
                    await house.reached(DeliveryState.HELD, [held], seconds=90)
                    await house.reached(DeliveryState.DELIVERED, [first, delivered])
    finally:
        await partner.stop()
    assert {each.created for each in partner.receipts.by_identifier.values()} == {1}

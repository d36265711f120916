"""A ledger that was put back from a backup, with nothing else done by anybody."""

import shutil
from pathlib import Path

from schemas.delivery import DeliveryState
from schemas.referral import Handling
from services.runtime.settings import KafkaSettings
from services.sandbox.partners.fhir import FhirPartner
from tests.integration.notify.house import House, running
from tests.unit.notify import samples


async def test_a_ledger_that_was_put_back_is_given_again_what_came_after_it(bootstrap: str, tmp_path: Path) -> None:
    """What waited for a person waits again, and what had arrived is there once."""
    house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), f"sqlite:///{tmp_path}/notify.db")
    ledger, backup = tmp_path / "notify.db", tmp_path / "backup.db"
    partner = FhirPartner("vt")
    house.configure([samples.partner(url=await partner.start())])
    first, delivered, held = house.referral("1"), house.referral("2"), house.referral("3", handling=Handling.HOLD)
    try:
        async with running(house.service()):
            await house.submit([first])
            await house.reached(DeliveryState.DELIVERED, [first])
        shutil.copy(ledger, backup)
        async with running(house.service()):
            await house.submit([delivered, held])
            await house.reached(DeliveryState.DELIVERED, [delivered])
            await house.reached(DeliveryState.HELD, [held])
        shutil.copy(backup, ledger)
        async with running(house.service()):
            await house.reached(DeliveryState.HELD, [held])
            await house.reached(DeliveryState.DELIVERED, [first, delivered])
    finally:
        await partner.stop()
    assert {each.created for each in partner.receipts.by_identifier.values()} == {1}

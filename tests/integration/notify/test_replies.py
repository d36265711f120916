"""What notify answers to `deliveries retry|redrive|cancel` and `partner disable|enable`, as whoever typed it reads."""

import asyncio
from pathlib import Path

import orjson
import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from schemas.delivery import DeliveryState
from services.notify.commands import app as deliveries
from services.notify.partner_commands import app as partner
from services.runtime.errors import TryLater
from services.runtime.settings import KafkaSettings
from tests.integration.notify.house import House, running
from tests.integration.notify.test_notify import fhir
from tests.integration.notify.typed import leads_there
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

WHO = ("--reason", "a trial", "--actor", "operator-1")


async def typed(app: Typer, *arguments: str, wait: float = 60) -> Result:
    """As a person types it; a minute, as the machine may be busy."""
    return await asyncio.to_thread(CliRunner().invoke, app, [*arguments, *WHO, "--wait", str(wait)])


async def test_whoever_decides_hears_whether_it_was_carried_out_or_why_not(
    bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 0 and 1, in both languages and as JSON; with nobody there to carry it out, that is said."""
    house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), f"sqlite:///{tmp_path}/notify.db")
    leads_there(monkeypatch, house)
    async with fhir() as (_, url):
        house.configure([samples.partner(url=url)])
        async with running(house.service()):
            referral = house.referral("1")
            await house.submit([referral])
            await house.reached(DeliveryState.DELIVERED, [referral])
            dutch = await typed(deliveries, "redrive", str(referral.id), "--lang", "nl")
            english = await typed(deliveries, "cancel", str(referral.id), "--lang", "en")
            program = await typed(deliveries, "retry", str(referral.id), "--json")
            enabled = await typed(partner, "enable", PARTNER, "--lang", "en")
            disabled = await typed(partner, "disable", PARTNER, "--lang", "en")
            again = await typed(partner, "disable", PARTNER, "--json", "--lang", "nl")
        nobody = await typed(partner, "enable", PARTNER, wait=0.3)
        given = await typed(partner, "enable", PARTNER, "--json", wait=0)
    assert (dutch.exit_code, "geweigerd: zo kan dat niet; de stand is nu: bezorgd" in dutch.stderr) == (1, True)
    assert (english.exit_code, "refused: as it stands now that cannot be" in english.stderr) == (
        1,
        True,
    )
    found = orjson.loads(program.stdout)
    assert (program.exit_code, found["became"], found["reason"]) == (1, "refused", "is-delivered")
    assert (enabled.exit_code, "it is enabled already" in enabled.stderr) == (1, True)
    assert (disabled.exit_code, disabled.stdout) == (0, f"partner.disable {PARTNER}: carried out\n")
    told = orjson.loads(again.stdout)
    assert (again.exit_code, told["partner"], told["reason"]) == (1, PARTNER, "is-disabled")
    assert told["text"] == "staat al uit: er gaat niets meer heen"
    assert isinstance(nobody.exception, TryLater)
    assert (given.exit_code, orjson.loads(given.stdout)["became"]) == (0, "given")

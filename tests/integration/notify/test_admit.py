"""`seinpaal partner admit` against a running notify: one person proposes, another confirms, and what waited goes."""

import asyncio
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from schemas.delivery import DeliveryState
from services.notify.partner_commands import app
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings
from tests.begun import begun
from tests.integration.notify.house import House, running
from tests.integration.notify.test_notify import fhir, receipt
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


async def invoked(*arguments: str) -> Result:
    """As a person types it; a minute, as the machine may be busy."""
    return await asyncio.to_thread(CliRunner().invoke, app, arguments)


async def admit(actor: str, *more: str) -> Result:
    """One person's word."""
    return await invoked(
        "admit", PARTNER, "--reason", "mended on Monday", "--actor", actor, "--wait", "60", "--lang", "en", *more
    )


async def test_two_persons_let_a_partner_go_live_and_what_waited_goes_without_a_restart(
    bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status tells who proposed and what to do; the same person is refused, and hears why."""
    house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), f"sqlite:///{tmp_path}/notify.db")
    monkeypatch.setenv("NOTIFY_DATABASE_URL", house.database_url)
    monkeypatch.setenv("NOTIFY_CONFIG", str(tmp_path))
    monkeypatch.setenv("KAFKA_BOOTSTRAP", bootstrap)
    async with fhir() as (vt, url):
        house.configure([samples.partner(url=url)])
        await begun(house.keys)
        async with running(house.service(proven=False)):
            real, test = house.referral("1", about=samples.facts(test=False)), house.referral("2")
            await house.submit([real, test])
            await house.reached(DeliveryState.PARKED, [real])
            await house.reached(DeliveryState.DELIVERED, [test])
            refused = [await admit("lead-1", "--confirm"), await admit("lead-1"), await admit("lead-1", "--confirm")]
            shown = await invoked("status", PARTNER, "--json")
            table = await invoked("status", PARTNER)
            admitted = await admit("lead-2", "--confirm", "--json")
            await house.reached(DeliveryState.DELIVERED, [real])
    never, proposed, same = refused
    assert isinstance(never.exception, Refused)
    assert "Propose it without --confirm" in str(never.exception)
    assert proposed.exit_code == 0
    assert "Another person confirms" in proposed.output
    assert same.exit_code == 1
    assert "Another person must confirm" in same.output
    standing = orjson.loads(shown.stdout)["standing"]
    assert (standing["live"], standing["reason"]) == (False, "never-checked")
    assert "as lead-1 proposed" in standing["mend"]
    assert f"seinpaal partner admit {PARTNER} --confirm" in table.output
    assert orjson.loads(admitted.stdout)["became"] == "admitted"
    assert receipt(vt, real).created == 1

"""`deliveries retry-all` and `cancel-all` as an operator uses them: told first, bounded, and only what was meant."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from schemas.audit import Fact
from schemas.command import Command
from schemas.delivery import DeliveryState
from schemas.referral import Referral, ReferralChange
from schemas.topics import COMMANDS
from services.notify.settings import MIGRATIONS
from services.runtime.clock import now
from services.runtime.database import Database, open_database
from services.runtime.kafka import ensure_topics, scan
from services.runtime.settings import KafkaSettings
from tests.contract.notify.ledger import Ledger
from tests.integration.notify.house import House
from tests.integration.notify.typed import SPEC, leads_there, run
from tests.unit.notify import samples
from tests.waiting import until

WHY = ("--reason", "closed", "--actor", "op-1")


@pytest.fixture
async def house(bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Two partners at addresses where nothing answers; the environment leads to its ledger."""
    url = f"sqlite:///{tmp_path}/notify.db"
    house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), url, samples.CORPORATION)
    house.configure([samples.partner(), samples.partner("tweede")])
    leads_there(monkeypatch, house)
    await ensure_topics(house.kafka, [SPEC])
    return house


@pytest.fixture
async def database(house: House) -> AsyncIterator[Database]:
    """Its ledger."""
    opened = await open_database(house.database_url, MIGRATIONS)
    yield opened
    await opened.stop()


@pytest.fixture
async def referrals(database: Database, tmp_path: Path) -> dict[str, Referral]:
    """Two parked and one waiting for its next attempt, of one partner; one parked, of another."""
    ledger = Ledger(database)
    found = {name: samples.referral(f"{tmp_path.name}-{name}") for name in ("parked-1", "parked-2", "waiting")}
    found["other"] = samples.referral(f"{tmp_path.name}-other", partner="tweede")
    for name, referral in found.items():
        await ledger.take(referral)
        (claim,) = await ledger.claim(referral.partner or "")
        ended = (
            ledger.failed(claim, now() - samples.AT + timedelta(hours=6)) if name == "waiting" else ledger.parked(claim)
        )
        await ledger.conclude(ended)
    return found


async def commanded(house: House, referrals: dict[str, Referral]) -> set[str]:
    """About which of them there is a command on the topic."""
    names = {referral.id: name for name, referral in referrals.items()}
    commands = [Command.read(record.value or b"") async for record in scan(house.kafka, COMMANDS.name)]
    return {names[each.target] for each in commands if each.target in names}


@pytest.mark.parametrize("command", ["cancel-all", "retry-all", "redrive-all"])
async def test_without_yes_nothing_is_written(
    house: House, referrals: dict[str, Referral], capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """It tells how many of whom it would be, for people and for programs."""
    chosen = {"cancel-all": 3, "retry-all": 1, "redrive-all": 2}[command]
    assert await deliveries(command, "--partner", samples.PARTNER) == 0
    assert f"{chosen}  {samples.PARTNER}" in capsys.readouterr().out
    assert await deliveries(command, "--partner", samples.PARTNER, "--json") == 0
    told = orjson.loads(capsys.readouterr().out)
    assert (told["chosen"], told["given"], told["done"]) == ({samples.PARTNER: chosen}, False, 0)
    assert await commanded(house, referrals) == set()


async def test_a_flood_is_refused(
    house: House, referrals: dict[str, Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """More than was said: nothing is written, with --yes neither; and never everything there is."""
    assert await deliveries("cancel-all", "--partner", samples.PARTNER, "--most", "2", "--yes") == 78
    assert "more than 2" in capsys.readouterr().err
    assert await deliveries("cancel-all", "--yes") == 78
    assert "--partner" in capsys.readouterr().err
    assert await deliveries("cancel-all", "--partner", samples.PARTNER, "--state", "held", "--yes") == 78
    assert await commanded(house, referrals) == set()


async def test_a_withdrawal_is_cancelled_with_others_only_where_that_is_said(
    database: Database, referrals: dict[str, Referral], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Its partner would go on with what was taken back; how many stay is told, to people and to programs."""
    ledger, told = Ledger(database), samples.referral(f"{tmp_path.name}-told")
    await ledger.take(told)
    await ledger.conclude(*map(ledger.delivered, await ledger.claim()))
    await ledger.take(samples.referral(f"{tmp_path.name}-told", revision=2, change=ReferralChange.WITHDRAWAL))
    await ledger.conclude(*map(ledger.parked, await ledger.claim()))
    found = []
    for more in ((), ("--withdrawals",)):
        assert await deliveries("cancel-all", "--partner", samples.PARTNER, *more, "--json") == 0
        said = orjson.loads(capsys.readouterr().out)
        found.append((said["chosen"][samples.PARTNER], said["stay"]))
    assert found == [(len(referrals) - 1, 1), (len(referrals), 0)]
    assert await deliveries("cancel-all", "--partner", samples.PARTNER) == 0
    assert "1 withdrawals stay" in capsys.readouterr().out
    assert await deliveries("cancel-all", "--partner", samples.PARTNER, "--lang", "nl") == 0
    dutch = capsys.readouterr().out
    assert "1 intrekkingen blijven" in dutch
    assert f"{len(referrals) - 1} worden zo geannuleerd; er is niets gedaan" in dutch


async def test_only_what_was_meant_is_cancelled_and_each_is_on_the_audit_trail(
    house: House, referrals: dict[str, Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """By partner, state and reason: the others stand as they stood."""
    service = house.service()
    await service.start()
    try:
        given = ("--partner", samples.PARTNER, "--because", "not-accepted", "--state", "parked")
        assert await deliveries("cancel-all", *given, "--yes", "--json") == 0
        (told,) = [line for line in capsys.readouterr().out.splitlines() if '"done"' in line]
        assert orjson.loads(told)["done"] == 2
        assert await commanded(house, referrals) == {"parked-1", "parked-2"}
        lines = await ledger_states(house, referrals)
        assert lines == {"parked-1": "cancelled", "parked-2": "cancelled", "waiting": "pending", "other": "parked"}

        async def audited() -> bool:
            return Fact.REFERRAL_CANCELLED in [entry.fact for entry in await house.facts(referrals["parked-1"])]

        await until(audited, "the fact that it was cancelled")
    finally:
        await service.stop()
    (fact,) = [each for each in await house.facts(referrals["parked-1"]) if each.fact is Fact.REFERRAL_CANCELLED]
    assert (fact.actor, fact.reason) == ("op-1", "closed")


async def deliveries(command: str, *arguments: str) -> int:
    """Its exit code."""
    return await asyncio.to_thread(run, "deliveries", command, *arguments, *WHY)


async def ledger_states(house: House, referrals: dict[str, Referral]) -> dict[str, DeliveryState]:
    """How they stand."""
    database = await open_database(house.database_url, MIGRATIONS)
    try:
        lines = await Ledger(database).lines()
    finally:
        await database.stop()
    return {name: lines[referral.id].state for name, referral in referrals.items()}

"""`seinpaal partner check` from the command line: its exit code, its report, and what the ledger keeps of it."""

import asyncio
from pathlib import Path

import orjson
import pytest
import yaml
from typer.testing import CliRunner

from schemas.audit import Fact
from schemas.corporation import Sources
from schemas.partner import Partner, Partners, Trial
from services.notify import standing_store
from services.notify.fingerprint import fingerprint
from services.notify.kit import report_store
from services.notify.kit.report import Report
from services.notify.partner_commands import app
from services.notify.standing import CHANGED, VALID, Live, NotLive, stands
from services.runtime.errors import Refused
from services.sandbox.partners.fhir import FhirPartner
from tests.contract.notify.ledger import Ledger
from tests.proven import passing
from tests.unit.notify import samples


def configured(folder: Path, url: str) -> Partner:
    """The files that an operator would write, with one partner that has a test address."""
    entry = samples.partner(url=url)
    entry = entry.model_copy(update={"trial": Trial(channel=entry.channel)})
    for name, file in (
        ("partners", Partners(partners=(entry,))),
        ("sources", Sources(corporations=(samples.corporation(),))),
    ):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(file.model_dump(mode="json", exclude_none=True)))
    return entry


@pytest.mark.parametrize(("mischief", "code"), [([], 0), (["deaf-to-cancel"], 1)])
async def test_a_check_is_kept_with_its_fact_and_its_exit_code_says_whether_the_partner_is_ready(  # noqa: PLR0917  what a command needs around it
    mischief: list[str], code: int, ledger: Ledger, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On both databases; a report that passed makes the partner live for a year, one that failed does not."""
    partner = FhirPartner("x")
    try:
        entry = configured(tmp_path, await partner.start())
        partner.misbehaviour.play(mischief)
        monkeypatch.setenv("NOTIFY_DATABASE_URL", database_url)
        monkeypatch.setenv("NOTIFY_CONFIG", str(tmp_path))
        arguments = ["check", entry.id, "--json", "--language", "nl", "--actor", "operator-1"]
        result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    finally:
        await partner.stop()
    assert result.exit_code == code, result.output
    said = orjson.loads(result.stdout)
    [checked] = [fact for fact in await ledger.entries() if fact.fact is Fact.PARTNER_CHECKED]
    assert (checked.partner, checked.digest) == (entry.id, said["digest"])
    assert (checked.actor, checked.fingerprint) == ("operator-1", fingerprint(entry))
    assert checked.reason == ("failed" if code else "passed")
    async with ledger.database.read() as connection:
        report = await report_store.latest(connection, entry.id)
        found = await standing_store.evidence(connection, [entry])
    assert report is not None
    assert report.digest == said["digest"]
    assert isinstance(stands(entry, found[entry.id], report.at), Live) is (code == 0)
    assert checked.due_at == (None if code else report.at + VALID)
    assert said["valid_until"] == (None if code else (report.at + VALID).isoformat())
    assert ("heen tot" in said["conclusion"]) is (code == 0)


async def test_a_report_that_is_kept_twice_is_there_once(ledger: Ledger, tmp_path: Path) -> None:
    """One row, one fact."""
    partner = FhirPartner("x")
    try:
        entry = configured(tmp_path, await partner.start())
        arguments = ["check", entry.id, "--no-keep", "--json", "--config", str(tmp_path)]
        result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    finally:
        await partner.stop()
    said = orjson.loads(result.stdout)
    assert (said["passed"], said["valid_until"]) == (True, None), "it counts once it is kept"
    report = Report.model_validate_json(orjson.dumps(said["report"]))
    async with ledger.database.begin() as connection:
        assert [await report_store.keep(connection, report, "lead-1") for _ in range(2)] == [True, False]
    assert [fact.fact for fact in await ledger.entries()] == [Fact.PARTNER_CHECKED]


async def test_what_another_server_showed_is_no_evidence_for_the_entry_that_runs(
    ledger: Ledger, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of the configuration with a server of one's own: kept, with who did it, and it lets nothing through."""
    partner, copy = FhirPartner("x"), tmp_path / "copy"
    copy.mkdir()
    try:
        configured(copy, await partner.start())
        running = configured(tmp_path, "https://real.partner.example/fhir")
        monkeypatch.setenv("NOTIFY_DATABASE_URL", database_url)
        monkeypatch.setenv("NOTIFY_CONFIG", str(tmp_path))
        arguments = ["check", running.id, "--json", "--config", str(copy), "--language", "en"]
        nobody = await asyncio.to_thread(CliRunner().invoke, app, arguments)
        result = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--actor", "operator-1"])
    finally:
        await partner.stop()
    assert isinstance(nobody.exception, Refused)
    assert "--actor" in str(nobody.exception)
    assert result.exit_code == 0, result.output
    said = orjson.loads(result.stdout)
    assert said["valid_until"] is None
    assert "once notify runs with this one" in said["conclusion"]
    [checked] = [fact for fact in await ledger.entries() if fact.fact is Fact.PARTNER_CHECKED]
    assert checked.fingerprint != fingerprint(running)
    async with ledger.database.read() as connection:
        found = await standing_store.evidence(connection, [running])
    assert stands(running, found[running.id], checked.at) == NotLive(CHANGED)


async def test_a_report_from_before_there_were_fingerprints_proves_nothing(ledger: Ledger) -> None:
    """It may be of any server: check again."""
    entry = samples.partner()
    old = passing(entry, ledger.now).model_copy(update={"fingerprint": None})
    async with ledger.database.begin() as connection:
        assert await report_store.keep(connection, old, "operator-1")
        found = await standing_store.evidence(connection, [entry])
    assert stands(entry, found[entry.id], ledger.now) == NotLive(CHANGED)


async def test_people_read_what_stands_in_the_way_in_their_language(tmp_path: Path) -> None:
    """What we did, what came back, and what must change; the exit code is 1."""
    partner = FhirPartner("x")
    try:
        entry = configured(tmp_path, await partner.start())
        partner.misbehaviour.play(["redirect"])
        arguments = ["check", entry.id, "--no-keep", "--language", "nl", "--config", str(tmp_path)]
        result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    finally:
        await partner.stop()
    assert result.exit_code == 1
    assert "✗ Een nieuwe verwijzing wordt aangenomen: niet in orde" in result.output
    assert "U antwoordde met HTTP 307. U stuurde ons naar een ander adres; wij volgen niet." in result.output
    assert "→ Geef ons het uiteindelijke adres, en antwoord daar." in result.output

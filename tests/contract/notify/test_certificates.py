"""Our client certificates near their end: told once, in a metric, and where operators look."""

import asyncio
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from structlog.testing import capture_logs

from schemas.partner import Partner, Partners, Tls
from services.cli import main
from services.notify.certificates import EVERY, Certificates
from services.notify.client_certificate import Term, client_certificate, term
from services.notify.directory import Directory
from services.notify.footing import Footing
from services.notify.presence import Presence
from services.notify.secrets import Secrets
from services.notify.settings import MIGRATIONS
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.metrics import Metrics
from tests.contract.notify.authority import Authority
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

DAY = timedelta(days=1)
PARTNER = samples.partner(tls=Tls(certificate="mounted:ours.crt", key="mounted:ours.key"))


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Vouches for us."""
    return Authority()


@pytest.mark.parametrize(
    ("left", "expected"),
    [(31 * DAY, "holds"), (30 * DAY, "ending"), (timedelta(seconds=1), "ending"), (0 * DAY, "ended")],
)
def test_thirty_days_before_its_end_somebody_is_told(left: timedelta, expected: Term) -> None:
    """To the second."""
    assert term(AT + left, AT) == expected


def test_the_first_of_the_chain_to_end_counts(authority: Authority, tmp_path: Path) -> None:
    """Without what is between it and its authority nobody can verify it."""
    own = authority.issue("ons.example", lasts=90 * DAY)
    (tmp_path / "ours.crt").write_text(own.pem + authority.pem)
    found = client_certificate(PARTNER.tls, Secrets(tmp_path))
    assert found is not None
    assert found.until == authority.certificate.not_valid_after_utc < own.certificate.not_valid_after_utc


async def test_each_certificate_is_told_once_of_each_change(authority: Authority, tmp_path: Path) -> None:
    """Holds: silence. Ending, ended, then one that cannot be read: a line each, however often it is looked at."""
    authority.issue("ons.example", lasts=90 * DAY).written(tmp_path, "ours")
    began, metrics = now(), Metrics()
    at = [began]
    certificates = Certificates([PARTNER, samples.partner("zonder")], Secrets(tmp_path), metrics, lambda: at[0])

    async def looked(moment: datetime) -> list[str]:
        at[0] = moment
        with capture_logs() as lines:
            assert [await certificates.step() for _ in range(3)] == [EVERY] * 3
        assert {line["partner"] for line in lines} <= {PARTNER.id}
        return [line["event"] for line in lines]

    assert await looked(began) == []
    assert await looked(began + 60 * DAY) == ["notify.certificate_ending"]
    assert 28 * DAY.total_seconds() < seconds(metrics) <= 29 * DAY.total_seconds()
    assert await looked(began + 90 * DAY) == ["notify.certificate_ended"]
    (tmp_path / "ours.crt").write_text("half")
    assert await looked(began + 90 * DAY) == ["notify.certificate_unreadable"]
    authority.issue("ons.example", lasts=200 * DAY).written(tmp_path, "ours")
    assert await looked(began + 90 * DAY) == []


async def test_the_metric_of_one_that_cannot_be_read_says_that_none_holds(authority: Authority, tmp_path: Path) -> None:
    """What it told last would keep the alert silent until notify does not start again; a good one is told as before."""
    authority.issue("ons.example", lasts=90 * DAY).written(tmp_path, "ours")
    metrics = Metrics()
    certificates = Certificates([PARTNER], Secrets(tmp_path), metrics, now)
    told = []
    for text in ((tmp_path / "ours.crt").read_text(), "half", (tmp_path / "ours.crt").read_text()):
        (tmp_path / "ours.crt").write_text(text)
        await certificates.step()
        told.append(seconds(metrics) > 0)
    assert told == [True, False, True]


def seconds(metrics: Metrics) -> float:
    """What the one metric says."""
    lines = metrics.text().decode().splitlines()
    [line] = [each for each in lines if each.startswith("seinpaal_partner_certificate_seconds{")]
    return float(line.split()[-1])


async def migrated(url: str) -> None:
    """An empty ledger."""
    await (await open_database(url, MIGRATIONS)).stop()


def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One partner and an empty ledger, where the environment leads to."""
    partners = Partners(partners=(PARTNER,)).model_dump(mode="json", exclude_none=True)
    (tmp_path / "partners.yaml").write_text(yaml.safe_dump(partners))
    (tmp_path / "sources.yaml").write_text("corporations: []\n")
    url = f"sqlite:///{tmp_path}/n.db"
    for name, value in (("NOTIFY_CONFIG", tmp_path), ("NOTIFY_SECRETS", tmp_path), ("NOTIFY_DATABASE_URL", url)):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("COLUMNS", "400")
    asyncio.run(migrated(url))


@pytest.mark.parametrize(("days", "shown"), [(90, False), (20, True)])
def test_partner_status_tells_it(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    *, days: int, shown: bool,
) -> None:  # fmt: skip
    """Only when it is time to see to it."""
    authority.issue("ons.example", lasts=days * DAY).written(tmp_path, "ours")
    configured(tmp_path, monkeypatch)
    with pytest.raises(SystemExit):
        main(["partner", "status"])
    assert ("our certificate ends on" in capsys.readouterr().out) == shown


@pytest.mark.parametrize(("language", "said"), [("en", "a notify that was started"), ("nl", "een notify die eerder")])
def test_partner_status_says_of_when_its_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    """What it tells of a partner's entry is the file's; a service that runs may have another, and says nothing here."""
    configured(tmp_path, monkeypatch)
    os.utime(tmp_path / "partners.yaml", (0, AT.timestamp()))
    with pytest.raises(SystemExit):
        main(["partner", "status", "--lang", language])
    *_, last = capsys.readouterr().out.strip().splitlines()
    assert f"{AT:%Y-%m-%d %H:%M}Z" in last
    assert said in last.lower()


def test_partner_status_tells_which_instance_goes_by_another_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a script: of when the file is, and of each instance that runs whether it has this entry, another or none."""
    configured(tmp_path, monkeypatch)
    os.utime(tmp_path / "partners.yaml", (0, AT.timestamp()))
    entries = {"1": [PARTNER], "2": [samples.partner(concurrency=3)], "3": []}
    asyncio.run(there(f"sqlite:///{tmp_path}/n.db", entries))
    capsys.readouterr()  # that they differ, in the log
    with pytest.raises(SystemExit):
        main(["partner", "status", "--json"])
    [status] = map(json.loads, capsys.readouterr().out.splitlines())
    assert status["partners_changed_at"] == AT.isoformat()
    found = {each["instance"]: each["entry"] for each in status["instances"]}
    assert found == {"1": "same", "2": "another", "3": "none"}
    assert [each["instance"] for each in status["instances"] if each["sends"]] == ["2"]
    with pytest.raises(SystemExit):
        main(["partner", "status", "--lang", "en"])
    told = capsys.readouterr().out
    assert "notify 2, 3 goes by another entry, or has none" in told
    assert "notify 1 has an older entry than another one, and sends nothing there" in told


async def there(url: str, entries: dict[str, list[Partner]]) -> None:
    """These instances run, each with these partners."""
    database = await open_database(url, MIGRATIONS)
    for name, partners in entries.items():
        footing = Footing(database, Directory(partners, []), now, lambda: None)
        await Presence(footing, name, Metrics()).step()
    await database.stop()

"""`seinpaal inbox`, as it is typed: what lies there, who may open it, and that each opening is told."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from sqlalchemy import update

from schemas.audit import AuditEntry, Fact
from schemas.partner import InboxChannel
from schemas.referral import Referral, ReferralChange
from services.keyring.service import open_keyring
from services.keyring.tables import DATA_KEY
from services.notify.settings import MIGRATIONS
from services.runtime.database import open_database
from services.runtime.settings import KafkaSettings
from tests.contract.notify.ledger import Ledger
from tests.integration.notify.house import House
from tests.integration.notify.typed import run
from tests.unit.notify import samples

INBOX = "tweede"
WHO = ("--actor", "worker-3")
NAMES = ("Testpersoon", "Testmelder", "Voorbeeldstraat", "Synthetisch")


@dataclass(slots=True)
class Desk:
    """Two referrals in an inbox, and one for another partner; no service runs."""

    house: House
    referrals: Sequence[Referral]

    def entries(self) -> list[AuditEntry]:
        """Every fact that the ledger holds."""
        return asyncio.run(self._entries())

    def opened(self) -> list[tuple[str | None, int | None]]:
        """Who opened something, and for which time."""
        return [(each.actor, each.count) for each in self.entries() if each.fact is Fact.CONTENT_FETCHED]

    def withdraw(self, referral: Referral) -> None:
        """The corporation takes it back."""
        back = samples.referral(referral.reference or "", revision=2, partner=INBOX, change=ReferralChange.WITHDRAWAL)
        asyncio.run(self.take([back]))

    async def take(self, referrals: Sequence[Referral]) -> None:
        """As intake does."""
        database = await open_database(self.house.database_url, MIGRATIONS)
        try:
            await Ledger(database, offset=100 * len(referrals)).take(*await self.house.sealed(referrals))
        finally:
            await database.stop()

    async def erase(self) -> None:
        """Every case there is."""
        _, database = await open_keyring(self.house.keys)
        try:
            async with database.begin() as connection:
                await connection.execute(update(DATA_KEY).values(wrapped=None, destroyed_at=samples.AT))
        finally:
            await database.stop()

    async def _entries(self) -> list[AuditEntry]:
        database = await open_database(self.house.database_url, MIGRATIONS)
        try:
            return await Ledger(database).entries()
        finally:
            await database.stop()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """And the environment that leads there, in a terminal of eighty columns."""
    house = House(tmp_path, KafkaSettings(), f"sqlite:///{tmp_path}/notify.db", samples.CORPORATION)
    house.configure([samples.partner(), samples.partner(INBOX, channel=InboxChannel(type="inbox"))])
    for name, value in (
        ("NOTIFY_DATABASE_URL", house.database_url),
        ("NOTIFY_CONFIG", house.folder),
        ("KEYRING_DATABASE_URL", house.keys.database_url),
        ("KEYRING_KEK_FILE", house.keys.kek_file),
        ("COLUMNS", "80"),
        ("USER", "Jan Voorbeeld"),
    ):
        monkeypatch.setenv(name, str(value))
    made = Desk(house, [samples.referral(f"T-{each}", partner=INBOX) for each in (1, 2)])
    asyncio.run(made.take([*made.referrals, samples.referral("T-3")]))
    return made


def read(desk: Desk, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of the first referral when it is opened."""
    assert run("inbox", "open", INBOX, str(desk.referrals[0].id)[:8], *arguments) == 0
    return capsys.readouterr().out


def test_what_lies_there_is_listed_without_content(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """For one partner or for all that have an inbox; nobody is told anything by listing."""
    for arguments in ((), (INBOX,)):
        assert run("inbox", "list", *arguments, "--json") == 0
        found = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert {each["referral"] for each in found} == {str(each.id) for each in desk.referrals}
        assert {(each["partner"], each["waits"], each["fetched"]) for each in found} == {(INBOX, True, 0)}
    assert run("inbox", "list", "--lang", "nl") == 0
    table = capsys.readouterr().out
    assert max(map(len, table.splitlines())) <= 80
    assert "antwoord binnen" in table
    assert "te laat" in table
    assert table.count(INBOX) == len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d CES?T\b", table)) == len(desk.referrals)
    assert not any(name in table for name in NAMES)
    assert desk.opened() == []


def test_a_person_opens_one_and_that_is_told_first(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """All that this kind of partner may see, how to reach people first; delivered by that, and off the list."""
    page = read(desk, capsys, *WHO, "--lang", "nl")
    assert max(map(len, page.splitlines())) <= 80
    assert all(name in page for name in NAMES)
    assert page.index("TESTGEGEVENS") < page.index("Geen contact opnemen") < page.index("Testpersoon Een")
    assert "vermoedelijke pleger" in page
    assert "household" not in page
    [entry] = [each for each in desk.entries() if each.fact is Fact.CONTENT_FETCHED]
    assert (entry.actor, entry.partner, entry.referral) == ("worker-3", INBOX, desk.referrals[0].id)
    assert run("inbox", "list", INBOX, "--json") == 0
    [left] = [orjson.loads(line)["referral"] for line in capsys.readouterr().out.splitlines()]
    assert left == str(desk.referrals[1].id)


def test_each_opening_is_told_anew(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks twice is on the trail twice; the list says how often."""
    for actor in ("worker-3", "worker-3", "worker-4"):
        read(desk, capsys, "--actor", actor)
    assert desk.opened() == [("worker-3", 1), ("worker-3", 2), ("worker-4", 3)]
    assert run("inbox", "list", "--all", "--json") == 0
    counts = [orjson.loads(line)["fetched"] for line in capsys.readouterr().out.splitlines()]
    assert sorted(counts) == [0, 3]


def test_for_programs_it_is_the_event_of_a_webhook(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The digest on the trail is of those bytes."""
    event = orjson.loads(read(desk, capsys, *WHO, "--json"))
    assert event["data"]["referral"] == str(desk.referrals[0].id)
    assert event["data"]["narrative"] == "Synthetisch verhaal."
    assert len(desk.opened()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((INBOX, "{own}"), 2, "--actor"),
        ((INBOX, "{own}", "--actor", "Jan Voorbeeld"), 78, "pseudonym"),
        ((samples.PARTNER, "{own}", *WHO), 78, f"these have: {INBOX}"),
        ((INBOX, "{other}", *WHO), 78, "seinpaal inbox list"),
        ((INBOX, "00000000", *WHO), 78, "no referral begins"),
    ],
    ids=["nobody", "a-name", "no-inbox", "not-theirs", "unknown"],
)
def test_whoever_may_not_open_it_sees_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, says: str
) -> None:
    """A sentence with what to do; the login name of the machine is not taken for a pseudonym; no fact is made up."""
    ids = {"own": str(desk.referrals[0].id)[:12], "other": str(samples.referral("T-3").id)[:12]}
    assert run("inbox", "open", *(each.format(**ids) for each in arguments)) == code
    said = capsys.readouterr()
    assert says in said.err
    assert not any(name in said.out + said.err for name in NAMES)
    assert desk.opened() == []


def test_a_withdrawn_one_says_so_and_shows_nothing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Opened before or not: it is not in the list, and whoever opens it hears that it was taken back."""
    read(desk, capsys, *WHO)
    for each in desk.referrals:
        desk.withdraw(each)
        assert run("inbox", "open", INBOX, str(each.id)[:12], *WHO) == 78
        said = capsys.readouterr()
        assert "withdrawn" in said.err
        assert not any(name in said.out + said.err for name in NAMES)
    assert len(desk.opened()) == 1
    assert run("inbox", "list", "--all", "--lang", "nl") == 0
    assert "er wacht niets in het postvak" in capsys.readouterr().out


def test_what_was_erased_nobody_can_open_again(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A case whose key was destroyed has nothing to show, and nobody is told that it was opened."""
    asyncio.run(desk.erase())
    assert run("inbox", "open", INBOX, str(desk.referrals[0].id)[:12], *WHO) == 78
    assert "erased" in capsys.readouterr().err
    assert desk.opened() == []


def test_a_keyring_that_never_had_its_key_is_another_keyring(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks in the wrong database is told which setting leads there, and not that a case was erased."""
    another = desk.house.folder / "another.db"
    monkeypatch.setenv("KEYRING_DATABASE_URL", f"sqlite:///{another}")
    for exit_code in (78, 75):  # no keyring is there, and looking makes none; then there is one, of somebody else
        assert run("inbox", "open", INBOX, str(desk.referrals[0].id)[:12], *WHO) == exit_code
        told = capsys.readouterr().err
        assert "KEYRING_DATABASE_URL" in told
        assert "erased" not in told
        assert another.exists() == (exit_code == 75)
        assert run("keys", "parking", "--first") == 0
    assert desk.opened() == []

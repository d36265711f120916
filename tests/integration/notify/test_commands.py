"""`seinpaal deliveries` and `seinpaal held`, as they are typed."""

import asyncio
from pathlib import Path

import orjson
import pytest

from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral
from services.notify import held_commands
from services.notify.settings import MIGRATIONS
from services.runtime.database import open_database
from services.runtime.kafka import ensure_topics
from services.runtime.settings import KafkaSettings
from tests.contract.notify.ledger import Ledger
from tests.integration.notify.house import House
from tests.integration.notify.typed import SPEC, given, leads_there, run
from tests.unit.notify import samples


@pytest.fixture
def ledger(bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Referral]:
    """Three referrals: delivered, parked after one attempt, held; and the environment that leads there."""
    url = f"sqlite:///{tmp_path}/notify.db"
    house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), url, samples.CORPORATION)
    house.configure([samples.partner()])
    leads_there(monkeypatch, house, columns=200)
    return asyncio.run(filled(url, bootstrap, tmp_path.name))


async def filled(url: str, bootstrap: str, record: str) -> list[Referral]:
    """As intake and a worker leave it."""
    await ensure_topics(KafkaSettings(bootstrap=bootstrap), [SPEC])
    database = await open_database(url, MIGRATIONS)
    ledger = Ledger(database)
    sent, parked = samples.referral(f"{record}-1"), samples.referral(f"{record}-2")
    held = samples.referral(f"{record}-3", handling=Handling.HOLD, partner=None, kind=None)
    await ledger.take(sent)
    await ledger.conclude(ledger.delivered((await ledger.claim())[0]))
    ledger.later(seconds=1)
    await ledger.take(parked)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    ledger.later(seconds=1)
    await ledger.take(held)
    await database.stop()
    return [sent, parked, held]


def test_deliveries_are_listed_for_people_and_for_programs(
    ledger: list[Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """A table with the first digits of the ids; JSON with everything but content."""
    assert run("deliveries", "list") == 0
    table = capsys.readouterr().out
    assert all(str(each.id)[:8] in table for each in ledger)
    assert "nobody yet" in table
    assert run("deliveries", "list", "--state", "parked", "--partner", samples.PARTNER, "--json") == 0
    [line] = capsys.readouterr().out.splitlines()
    found = orjson.loads(line)
    assert (found["referral"], found["state"], found["reason"]) == (str(ledger[1].id), "parked", "not-accepted")
    assert run("deliveries", "list", "--because", "not-accepted", "--since", "2027-01-01", "--json") == 0
    assert capsys.readouterr().out == ""


def test_deliveries_are_listed_page_by_page(ledger: list[Referral], capsys: pytest.CaptureFixture[str]) -> None:
    """A full page ends with how to see the next; what is no place in the list is said."""
    shown = ""
    after: tuple[str, ...] = ()
    for _ in ledger:
        assert run("deliveries", "list", "--most", "1", *after) == 0
        table, _, place = capsys.readouterr().out.partition("the next: ")
        shown, after = shown + table, tuple(place.split())
    assert all(str(each.id)[:8] in shown for each in ledger)
    assert run("deliveries", "list", "--after", "somewhere") == 78
    assert "no place in the list" in capsys.readouterr().err


def test_one_delivery_is_shown_with_its_attempts(ledger: list[Referral], capsys: pytest.CaptureFixture[str]) -> None:
    """By the first digits of its id."""
    assert run("deliveries", "show", str(ledger[0].id)[:8], "--json") == 0
    shown = orjson.loads(capsys.readouterr().out)
    assert shown["state"] == DeliveryState.DELIVERED
    assert [(each["attempt"], each["outcome"], each["status"]) for each in shown["attempts"]] == [(1, "accepted", 200)]
    assert run("deliveries", "show", str(ledger[0].id)[:8]) == 0
    assert "accepted" in capsys.readouterr().out


def test_what_is_not_there_is_said_with_what_to_do(ledger: list[Referral], capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence and the exit code of a mistake, no traceback."""
    del ledger
    assert run("deliveries", "show", "00000000-0000") == 78
    assert "seinpaal deliveries list" in capsys.readouterr().err


@pytest.mark.parametrize("listing", ["held", "deliveries"])
def test_a_partner_that_does_not_exist_is_no_good_news(
    ledger: list[Referral], capsys: pytest.CaptureFixture[str], listing: str
) -> None:
    """Who misspells a partner is told so, and not that nothing waits there."""
    assert len(ledger) == 3
    assert run(listing, "list", "--partner", "nobdy") == 78
    assert "no partner 'nobdy'" in capsys.readouterr().err


def test_a_reason_that_does_not_exist_is_no_good_news(
    ledger: list[Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """Who misspells one is told which was meant, in a list and before many are sent; one that nothing has is good."""
    assert len(ledger) == 3
    assert run("deliveries", "list", "--because", "too-odl") == 78
    assert "no reason 'too-odl'. Did you mean too-old?" in capsys.readouterr().err
    assert run("deliveries", "redrive-all", "--because", "zzz", "--reason", "x", "--actor", "operator-1") == 78
    assert "no reason 'zzz': `seinpaal deliveries list`" in capsys.readouterr().err
    assert run("deliveries", "list", "--because", "too-old", "--json") == 0


def test_who_looks_under_a_wrong_name_sees_for_whom_something_waits() -> None:
    """In both languages; where nothing waits at all, that is all that is said."""
    assert held_commands.nothing({"af-2", "af-1"}, "en") == "nothing waits for a person; something waits for af-1, af-2"
    assert "er wacht wel iets voor af-1" in held_commands.nothing({"af-1"}, "nl")
    assert held_commands.nothing(set(), "nl") == "er wacht niets op een mens"


def test_what_waits_for_a_person_is_listed_and_released_to_a_partner(
    ledger: list[Referral], bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The decision is on commands.v1, with who and why."""
    held = ledger[2]
    assert run("held", "list", "--json") == 0
    assert orjson.loads(capsys.readouterr().out)["referral"] == str(held.id)
    who = ("--reason", "besproken", "--actor", "af-1")
    assert run("held", "release", str(held.id)[:12], "--partner", samples.PARTNER, *who, "--wait", "0") == 0
    [command] = given(bootstrap, held.id)
    assert (command.action, command.partner, command.actor, command.reason) == (
        Action.RELEASE,
        samples.PARTNER,
        "af-1",
        "besproken",
    )


@pytest.mark.parametrize(
    ("arguments", "action"),
    [
        (("held", "dismiss"), Action.DISMISS),
        (("deliveries", "redrive"), Action.REDRIVE),
        (("deliveries", "cancel"), Action.CANCEL),
    ],
)
def test_every_decision_is_a_command(
    ledger: list[Referral], bootstrap: str, arguments: tuple[str, str], action: Action
) -> None:
    """Whether it can be carried out is decided where the ledger is, and told on the audit stream."""
    assert run(*arguments, str(ledger[1].id), "--reason", "test", "--actor", "op-1", "--wait", "0") == 0
    assert [command.action for command in given(bootstrap, ledger[1].id)] == [action]


def test_redriving_many_tells_first_and_refuses_a_flood(
    ledger: list[Referral], bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --yes nothing is written; more than --most is refused; a choice of nothing does nothing."""
    why = ("--reason", "they are back", "--actor", "op-1")
    assert run("deliveries", "redrive-all", "--partner", samples.PARTNER, *why) == 0
    told = capsys.readouterr().out
    assert f"1  {samples.PARTNER}" in told
    assert "nothing was done" in told
    assert run("deliveries", "redrive-all", "--because", "too-old", "--yes", *why) == 0
    assert given(bootstrap, ledger[1].id) == []

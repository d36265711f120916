"""`seinpaal held` and `seinpaal calls`, as they are typed, in a terminal of eighty columns."""

import asyncio
from pathlib import Path

import orjson
import pytest

from schemas.codes import Kind, LegalBasis, PartnerKind, Urgency
from schemas.command import Action, Objection
from schemas.partner import Serves
from schemas.referral import Handling, Referral
from services.notify.settings import MIGRATIONS
from services.runtime.database import open_database
from services.runtime.kafka import ensure_topics
from services.runtime.settings import KafkaSettings
from tests.contract.notify.ledger import Ledger
from tests.integration.notify.house import House
from tests.integration.notify.typed import SPEC, given, leads_there, run
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

WHO = ("--reason", "besproken", "--actor", "af-1", "--wait", "0")
SHELTER = samples.partner("opvang", serves=(Serves(kind=PartnerKind.WOMENS_SHELTER, areas=("GM0193",)),))


@pytest.fixture
def waiting(bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Referral]:
    """Two that are held, the first for nobody and on no basis, the second an emergency; and where they are."""
    url = f"sqlite:///{tmp_path}/notify.db"
    house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), url, samples.CORPORATION)
    house.configure([samples.partner(telephone="0000 000001"), SHELTER])
    leads_there(monkeypatch, house, columns=80)
    return asyncio.run(filled(url, bootstrap, tmp_path.name))


async def filled(url: str, bootstrap: str, record: str) -> list[Referral]:
    """As intake leaves it."""
    await ensure_topics(KafkaSettings(bootstrap=bootstrap), [SPEC])
    database = await open_database(url, MIGRATIONS)
    emergency = samples.facts(urgency=Urgency.EMERGENCY)
    nobody = samples.referral(f"{record}-1", handling=Handling.HOLD, partner=None, kind=None)
    nobody = nobody.model_copy(update={"legal_basis": None})
    urgent = samples.referral(f"{record}-2", handling=Handling.HOLD, about=emergency, deadline=samples.AT)
    await Ledger(database).take(nobody, urgent)
    await database.stop()
    return [nobody, urgent]


async def later(folder: Path, revision: Referral) -> None:
    """As intake takes it in after those."""
    database = await open_database(f"sqlite:///{folder}/notify.db", MIGRATIONS)
    await Ledger(database).take(revision)
    await database.stop()


def test_what_waits_is_listed_by_deadline_with_whose_it_is(
    waiting: list[Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is due first at the top; a table that fits, and JSON with the seconds left."""
    assert run("held", "list", "--json") == 0
    found = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["referral"] for each in found] == [str(waiting[1].id), str(waiting[0].id)]
    assert {each["assigned_to"] for each in found} == {"af-1"}
    assert all(each["seconds_left"] < 0 for each in found)
    assert run("held", "list", "--lang", "nl") == 0
    table = capsys.readouterr().out
    assert max(map(len, table.splitlines())) <= 80
    assert table.index(str(waiting[1].id)[:8]) < table.index(str(waiting[0].id)[:8])


@pytest.mark.parametrize("what", ["held", "calls"])
def test_a_list_that_does_not_show_all_says_so(
    what: str, waiting: list[Referral], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody takes the first hundred for all there are; a program reads lines alone, and the sentence beside them."""
    urgent = samples.facts(urgency=Urgency.EMERGENCY)
    third = samples.referral(f"{tmp_path.name}-3", handling=Handling.HOLD, about=urgent, deadline=samples.AT)
    asyncio.run(later(tmp_path, third))
    assert run(what, "list", "--most", "1", "--lang", "nl") == 0
    assert "er zijn er meer dan deze 1" in capsys.readouterr().out
    assert run(what, "list", "--most", "1", "--json") == 0
    told = capsys.readouterr()
    assert (len(told.out.splitlines()), "there are more than these 1" in told.err) == (1, True)
    everything = {"held": len(waiting) + 1, "calls": 2}[what]
    assert run(what, "list", "--most", str(everything)) == 0
    assert "there are more" not in capsys.readouterr().out


def test_what_one_person_must_decide_is_listed_alone(
    waiting: list[Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of somebody who has nothing, that is said."""
    assert run("held", "list", "--person", "af-1", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == len(waiting)
    assert run("held", "list", "--person", "af-2") == 0
    assert "nothing waits for a person" in capsys.readouterr().out


def test_what_is_for_one_partner_is_listed_alone(waiting: list[Referral], capsys: pytest.CaptureFixture[str]) -> None:
    """Not what is for nobody yet, and nothing for a partner that nothing waits for."""
    assert run("held", "list", "--partner", PARTNER, "--json") == 0
    assert [orjson.loads(line)["referral"] for line in capsys.readouterr().out.splitlines()] == [str(waiting[1].id)]
    assert run("held", "list", "--partner", "opvang") == 0
    assert "nothing waits for a person" in capsys.readouterr().out


def test_one_is_shown_with_what_is_needed_to_decide(
    waiting: list[Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, in Dutch, within eighty columns; and as data."""
    assert run("held", "show", str(waiting[0].id)[:8], "--lang", "nl") == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert "geluid van geweld (noise.violence)" in shown
    assert "nog geen: noem er een" in shown
    assert run("held", "show", str(waiting[0].id), "--json") == 0
    data = orjson.loads(capsys.readouterr().out)
    assert [each["partner"] for each in data["choices"]] == ["opvang", PARTNER]
    assert "household" not in data["facts"]


def test_a_release_is_checked_before_it_is_given(
    waiting: list[Referral], bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the law does not allow is said at once, with what to do; no command is written."""
    release = ("held", "release", str(waiting[0].id), "--lang", "en", *WHO)
    assert run(*release) == 78
    assert "--partner" in capsys.readouterr().err
    assert run(*release, "--partner", PARTNER) == 78
    assert "--basis" in capsys.readouterr().err
    assert run(*release, "--partner", "opvang", "--basis", "wmo-2015-5.2.6") == 78
    assert "does not permit" in capsys.readouterr().err
    assert given(bootstrap, waiting[0].id) == []


def test_a_release_carries_the_chosen_partner_the_stated_basis_and_what_was_overridden(
    waiting: list[Referral], bootstrap: str
) -> None:
    """All that the desk needs to hold it to the law again, and the trail to tell of it."""
    chosen = ("--partner", PARTNER, "--basis", "wmo-2015-5.2.6", "--despite", "not-in-area")
    assert run("held", "release", str(waiting[0].id), *chosen, *WHO) == 0
    [command] = given(bootstrap, waiting[0].id)
    assert (command.partner, command.legal_basis) == (PARTNER, LegalBasis.WMO_5_2_6)
    assert command.despite == (Objection.NOT_IN_AREA,)


def test_a_question_is_given_to_a_pseudonym_only(
    waiting: list[Referral], bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name is refused before it is written anywhere."""
    reassign = ("held", "reassign", str(waiting[0].id), *WHO)
    assert run(*reassign, "--to", "Testpersoon Een") == 78
    assert "pseudonym" in capsys.readouterr().err
    assert run(*reassign, "--to", "af-2") == 0
    assert [command.assignee for command in given(bootstrap, waiting[0].id)] == ["af-2"]
    assert capsys.readouterr().err == ""


def test_a_question_that_is_given_to_who_is_asked_nothing_there_is_told(
    waiting: list[Referral], bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be a slip, and then nobody would look before the deadline; it may be a colleague, so it is given."""
    reassign = ("held", "reassign", str(waiting[0].id), "--lang", "nl", *WHO)
    assert run(*reassign, "--to", "af-22") == 0
    assert [command.assignee for command in given(bootstrap, waiting[0].id)] == ["af-22"]
    told = capsys.readouterr().err
    assert "af-22 hoort niet bij wie" in told
    assert "af-1, af-2" in told


def test_a_call_tells_whom_to_call_and_is_done_with_what_came_of_it(
    waiting: list[Referral], bootstrap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """112 for an emergency in the Netherlands, and the partner's own number."""
    assert run("calls", "list", "--json") == 0
    call = orjson.loads(capsys.readouterr().out)
    assert (call["referral"], call["why"], call["alarm"]) == (str(waiting[1].id), "emergency", "112")
    assert (call["telephone"], call["assigned_to"]) == ("0000 000001", "af-1")
    assert run("calls", "list", "--lang", "nl") == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
    assert run("calls", "show", call["id"][:8], "--lang", "nl") == 0
    shown = capsys.readouterr().out
    assert "112 (nu in gevaar)" in shown
    assert "0000 000001" in shown
    assert run("calls", "done", call["id"][:8], "--reason", "gebeld", "--actor", "af-1", "--wait", "0") == 0
    assert [command.action for command in given(bootstrap, call["id"])] == [Action.CALL_DONE]


def test_a_call_about_what_changed_since_shows_what_is_known_now(
    waiting: list[Referral], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the newest revision for the same partner; another partner's is none of this call's."""
    facts = samples.facts(urgency=Urgency.EMERGENCY, kind=Kind.WEAPON)
    record, hold, shelter = f"{tmp_path.name}-2", Handling.HOLD, PartnerKind.WOMENS_SHELTER
    other = samples.referral(record, revision=3, handling=hold, about=facts, partner="opvang", kind=shelter)
    asyncio.run(later(tmp_path, other))
    assert run("calls", "list", "--json") == 0
    calls = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    [call] = [each for each in calls if each["referral"] == str(waiting[1].id)]
    assert (call["later"], call["withdrawn"]) == (None, False)
    newer = samples.referral(record, revision=2, handling=hold, about=facts)
    asyncio.run(later(tmp_path, newer))
    assert run("calls", "show", call["id"][:8], "--lang", "nl") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "er kwam een nieuwere versie; wat hieronder staat is van versie 2" in shown
    assert "wapen" in shown
    assert run("calls", "list", "--json") == 0
    calls = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert next(each["later"] for each in calls if each["id"] == call["id"]) == str(newer.id)


def test_a_call_that_is_not_there_is_said_with_what_to_do(
    waiting: list[Referral], capsys: pytest.CaptureFixture[str]
) -> None:
    """A sentence and the exit code of a mistake, no traceback."""
    del waiting
    assert run("calls", "show", "00000000-0000") == 78
    assert "seinpaal calls list" in capsys.readouterr().err
    assert run("calls", "list", "--done") == 0
    assert "nobody has to be called" in capsys.readouterr().out

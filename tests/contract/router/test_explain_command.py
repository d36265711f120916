"""`seinpaal rules explain SIGNAL`, on a database that a router has filled."""

import asyncio
import json
from pathlib import Path

import pytest

from services.router import archive, rule_set_store
from services.router.check import load
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.errors import Refused
from tests.contract.router.conftest import MIGRATIONS
from tests.contract.router.test_replay_commands import Place
from tests.contract.router.test_replaying import of_case

SIGNAL = str(of_case(1).id)


async def keep(place: Place) -> None:
    """The set that decided, as a router keeps it."""
    rules = load(place.before, now().date())
    database = await open_database(f"sqlite:///{place.database}", MIGRATIONS)
    async with database.begin() as connection:
        await rule_set_store.archive(connection, rules.version, archive.written(rules))
    await database.stop()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """With three signals, and the set that decided them."""
    place = Place(tmp_path)
    asyncio.run(place.fill())
    asyncio.run(keep(place))
    return place


def test_a_signal_is_explained_by_the_rules_that_decided_it(place: Place) -> None:
    """In a sentence, in Dutch or English, also when the folder says something else by now; and nothing is written."""
    version = load(place.before, now().date()).version[:12]
    place.before.joinpath("rules/nl.yaml").write_text("rules: []")
    before = place.kept()
    english = place.run("explain", SIGNAL[:8], "--language", "en").output
    dutch = place.run("explain", SIGNAL[:8], "--language", "nl").output
    assert english.startswith(f"Signal {SIGNAL}, revision 1, decided ")
    assert f"by rules {version}.\n✓ violence fires (refer veilig-thuis)" in english
    assert "sent to vt, because the rule says so; final within 24 hours" in english
    assert "✓ violence gaat op (refer veilig-thuis)" in dutch
    assert place.kept() == before


def test_another_set_is_asked_about_the_same_signal(place: Place) -> None:
    """Beside what was decided; for a script as data."""
    told = place.run("explain", SIGNAL, "--rules", place.after, "--language", "en").output
    after = load(place.after, now().date()).version
    assert f"Asked again, by rules {after[:12]}:" in told
    assert "held for a person (vt), because the rule says so" in told
    data = json.loads(place.run("explain", SIGNAL, "--rules", place.after, "--json").output)
    assert (data["signal"], data["revision"], data["version"], data["as_decided"]) == (SIGNAL, 1, after, False)
    assert data["referrals"][0]["handling"] == "hold"
    assert json.loads(place.run("explain", SIGNAL, "--json").output)["as_decided"] is True


def test_rules_that_were_not_kept_can_be_replaced_by_others(tmp_path: Path) -> None:
    """A database of before they were kept."""
    place = Place(tmp_path)
    asyncio.run(place.fill())
    with pytest.raises(Refused, match=r"were not kept. Ask another set: --rules FOLDER"):
        place.run("explain", SIGNAL)
    assert place.run("explain", SIGNAL, "--rules", place.before, "--json").exit_code == 0

"""`seinpaal rules replay` and `diff`, `history` and `approve`, on a database that a router has filled."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from schemas import ids
from schemas.command import Action, Command
from services.router import reports, rule_set_store
from services.router.check import load
from services.router.commands import app
from services.router.configuration import texts_of
from services.router.handler import Router
from services.router.in_force import Force
from services.router.lifecycle import State
from services.router.store import Memory
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.errors import Refused
from services.runtime.metrics import Metrics
from tests.contract.router.conftest import MIGRATIONS, PARKING
from tests.contract.router.test_handler import record
from tests.contract.router.test_replaying import of_case
from tests.unit.router.policy import Policy
from tests.unit.router.samples import NOW

CASES = 3


class Place:
    """A folder of policy, another in which every rule holds, and a database with some signals decided by the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "router.db"
        self.before = Policy(folder / "before").write()
        self.after = Policy(folder / "after").spoil("rules/nl.yaml", "effect: refer", "effect: hold").write()

    async def fill(self) -> None:
        """As a router does it."""
        database = await open_database(f"sqlite:///{self.database}", MIGRATIONS)
        rules = load(self.before, now().date())

        async def force() -> Force:
            return Force(None, rules)

        try:
            router = Router(Memory(database), force, PARKING, now, Metrics())
            await router.handle([record(of_case(number), number) for number in range(CASES)])
        finally:
            await database.stop()

    async def put(self, folder: Path, state: State) -> str:
        """A set on the shelf, in that state. Its version."""
        version = load(folder, now().date()).version
        database = await open_database(f"sqlite:///{self.database}", MIGRATIONS)
        try:
            async with database.begin() as connection:
                await rule_set_store.put(connection, ids.rule_set_id(version), version, "lead-1", texts_of(folder))
                await rule_set_store.move(connection, version, state)
        finally:
            await database.stop()
        return version

    def run(self, *words: str | Path, **environment: str) -> Result:
        """`seinpaal rules …`, with its standard output and its errors apart."""
        settings = {"ROUTER_DATABASE_URL": f"sqlite:///{self.database}", "ROUTER_CONFIG": str(self.before)}
        result = CliRunner().invoke(app, [str(word) for word in words], env={**settings, "LANG": "C", **environment})
        if isinstance(result.exception, Refused):
            raise result.exception
        return result

    def replay(self, *words: str | Path, **environment: str) -> Result:
        """The second folder, tried on all there is."""
        return self.run("replay", "--rules", self.after, *words, **environment)

    def kept(self) -> list[str]:
        """Everything that stands in the database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return list(connection.iterdump())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Filled."""
    made = Place(tmp_path)
    asyncio.run(made.fill())
    return made


def test_a_replay_tells_what_would_change_and_ends_well(place: Place) -> None:
    """In sentences: how many, which, and what each would have gained or lost. A difference is no failure."""
    result = place.replay()
    assert result.exit_code == 0
    assert f"{CASES} signals decided from" in result.stdout
    assert f"{CASES} would go another way: {CASES} held now." in result.stdout
    assert all(str(of_case(number).id) in result.stdout for number in range(CASES))
    assert f"{CASES} zouden anders gaan: {CASES} nu voorgelegd." in place.replay("--lang", "nl").stdout


def test_a_replay_as_json_is_its_report(place: Place) -> None:
    """Byte for byte what --report writes, with both versions, the totals, a row a recipient and the signals."""
    path = place.folder / "replay.json"
    result = place.replay("--json", "--report", path, "--until", "2999-01-01")
    assert result.exit_code == 0
    assert result.stdout == path.read_text()
    told = json.loads(result.stdout)
    assert set(told) == {"digest", "report"}
    report = told["report"]
    assert {"v", "before", "after", "since", "until", "totals", "rows", "changed"} == set(report)
    assert report["totals"]["events"] == report["totals"]["changed"] == CASES
    assert report["totals"]["differences"] == {"held": CASES}
    assert [(row["before"], row["after"]) for row in report["rows"]] == [
        ({"sent": CASES, "held": 0}, {"sent": 0, "held": CASES})
    ]
    assert {one["signal"] for one in report["changed"]} == {str(of_case(number).id) for number in range(CASES)}


def test_the_hash_a_replay_tells_is_the_one_an_approval_keeps(place: Place) -> None:
    """The line it prints, the report's own digest, and what `approve --report` makes of the file are one."""
    path = place.folder / "replay.json"
    printed = place.replay("--report", path).stdout.splitlines()[-1]
    told = json.loads(path.read_bytes())
    assert printed == f"{path}: sha256 {told['digest']}"
    assert reports.digest(str(path), load(place.after, now().date()).version) == told["digest"]


def test_a_replay_writes_nothing(place: Place) -> None:
    """Not in the database, and no file but the report that is asked for."""
    before, files = place.kept(), set(place.folder.rglob("*"))
    place.replay("--report", place.folder / "replay.json")
    assert place.kept() == before
    assert {path for path in place.folder.rglob("*") if path.suffix not in {".db-shm", ".db-wal"}} - files == {
        place.folder / "replay.json"
    }


def test_only_who_looks_sees_a_progress_bar(place: Place) -> None:
    """In a pipe not one byte of it; in a terminal it is there, on the stream of errors."""
    assert place.replay().stderr == ""
    seen = place.replay(TTY_COMPATIBLE="1", FORCE_COLOR="1")
    assert "signals" in seen.stderr
    assert "\x1b[" not in place.replay("--json", TTY_COMPATIBLE="1", FORCE_COLOR="1").stdout


def test_a_replay_compares_with_what_is_in_force(place: Place) -> None:
    """The folder, as long as nothing was activated; then the set that was, whatever stands in the folder."""
    before, after = (load(folder, now().date()).version for folder in (place.before, place.after))
    assert json.loads(place.replay("--json").stdout)["report"]["before"] == before
    asyncio.run(place.put(place.after, State.ACTIVE))
    report = json.loads(place.run("replay", "--rules", place.before, "--json").stdout)["report"]
    assert (report["before"], report["after"]) == (after, before)


def test_a_replay_compares_what_it_is_told_to(place: Place) -> None:
    """A version that was proposed, by its first digits; any other folder."""
    after = asyncio.run(place.put(place.after, State.PROPOSED))
    report = json.loads(place.run("replay", "--rules", after[:12], "--json").stdout)["report"]
    assert report["after"] == after
    report = json.loads(place.replay("--against", place.after, "--json").stdout)["report"]
    assert (report["before"], report["after"], report["totals"]["changed"]) == (after, after, 0)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--since", "soon"], "write how far back"),
        (["--since", "1h", "--until", "2h"], "the period is empty"),
        (["--against", "no such folder"], "there is no such folder"),
        (["--against", "misspelt"], "there is no such folder"),
        (["--against", "0000000000"], "was ever proposed"),
        (["--report", "no/such/folder/replay.json"], "cannot be written"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_what_to_do(place: Place, words: list[str], why: str) -> None:
    """A period, a set or a file that is not there."""
    with pytest.raises(Refused, match=why):
        place.replay(*words)


def test_a_comparison_says_by_its_exit_code_whether_there_is_a_difference(place: Place) -> None:
    """1 with a line for each, 0 and nothing without."""
    result = place.run("diff", place.before, place.after)
    assert (result.exit_code, result.stdout) == (1, "rule violence: changed\n    effect: refer → hold\n")
    result = place.run("diff", place.before, place.before)
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_comparison_is_told_as_people_write_it(place: Place) -> None:
    """Hours and days, and periods, in words of their language."""
    folder = Policy(place.folder / "third").spoil("rules/nl.yaml", "deadline: 24h", "deadline: 3d")
    kind = "      - kind: veilig-thuis\n"
    folder = folder.spoil(
        "partners.yaml", kind, f"{kind}        valid_from: 2026-01-01\n        valid_until: 2999-01-01\n"
    )
    told = place.run("diff", place.before, folder.write(), "--lang", "nl").stdout
    assert "    deadline: 24h → 3d\n" in told
    assert "    period: altijd → vanaf 2026-01-01 tot 2999-01-01\n" in told


def test_a_comparison_as_json_names_both_and_every_change(place: Place) -> None:
    """With the values before and after."""
    found: dict[str, Any] = json.loads(place.run("diff", place.before, place.after, "--json").stdout)
    assert set(found) == {"before", "after", "changes"}
    assert found["before"] == load(place.before, now().date()).version
    assert found["changes"] == [
        {"subject": "rule", "way": "changed", "name": "violence", "fields": {"effect": ["refer", "hold"]}}
    ]


def test_an_approval_rests_on_no_report_of_another_set(place: Place) -> None:
    """Nothing is asked of a router: it ends here, with what the report is about."""
    version = asyncio.run(place.put(place.before, State.PROPOSED))
    path = place.folder / "replay.json"
    place.replay("--report", path)
    with pytest.raises(Refused, match="is about set"):
        place.run("approve", version, "--report", path, "--reason", "read", "--actor", "lead-2")


def test_the_history_fits_a_line_each_and_says_what_is_in_force(place: Place) -> None:
    """Who, what, why and what was refused; then how each set stands now."""
    assert place.run("history").stdout.startswith("no set was ever proposed: the files of the router's folder decide.")
    version = asyncio.run(place.put(place.before, State.ACTIVE))
    asyncio.run(noted(place, version))
    why = "you proposed it yourself. Ask a second person to approve it"
    assert place.run("history", COLUMNS="40").stdout.splitlines() == [
        f"2026-03-02 12:00:00Z  propose   {version[:12]}  lead-1  third lock change",
        f"2026-03-02 12:01:00Z  approve   {version[:12]}  lead-1  read · report {'ab' * 6} · refused: {why}",
        f"{version[:12]} is in force",
    ]


def test_the_history_and_a_refusal_are_told_in_dutch(place: Place) -> None:
    """Whoever answers for the rules reads who did what, why, what was refused, and what holds now."""
    assert place.run("history", "--lang", "nl").stdout.startswith("er is nooit iets voorgesteld")
    version = asyncio.run(place.put(place.before, State.ACTIVE))
    asyncio.run(noted(place, version))
    why = "u stelde het zelf voor. Vraag een tweede persoon het goed te keuren"
    assert place.run("history", COLUMNS="40", LC_ALL="nl_NL.UTF-8").stdout.splitlines() == [
        f"2026-03-02 12:00:00Z  voorgesteld  {version[:12]}  lead-1  third lock change",
        f"2026-03-02 12:01:00Z  goedgekeurd  {version[:12]}  lead-1  read · verslag {'ab' * 6} · geweigerd: {why}",
        f"{version[:12]} geldt",
    ]
    with pytest.raises(Refused, match="geef --report"):
        place.run("approve", version, "--reason", "read", "--actor", "lead-2", "--lang", "nl")


async def noted(place: Place, version: str) -> None:
    """Two commands, as a router notes them."""
    database = await open_database(f"sqlite:///{place.database}", MIGRATIONS)
    target = ids.rule_set_id(version)
    proposed = Command(
        id=ids.command_id(Action.RULES_PROPOSE, target, "1"),
        at=NOW,
        action=Action.RULES_PROPOSE,
        target=target,
        actor="lead-1",
        reason="third lock change",
    )
    approved = proposed.model_copy(
        update={
            "id": ids.command_id(Action.RULES_APPROVE, target, "2"),
            "action": Action.RULES_APPROVE,
            "reason": "read",
            "report": "ab" * 32,
        }
    )
    try:
        async with database.begin() as connection:
            await rule_set_store.note(connection, proposed, NOW, rule_set_store.Ended(version, None, (), ()))
            later = NOW + timedelta(minutes=1)
            await rule_set_store.note(
                connection, approved, later, rule_set_store.Ended(version, "own-proposal", (), ())
            )
    finally:
        await database.stop()

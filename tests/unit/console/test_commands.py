"""`seinpaal reconcile` in a terminal and for scripts."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from services.audit.findings import Undecided
from services.audit.reconcile import Picture, Reader, Reconciliation
from services.console import commands
from services.console.reconcile import Gathering

LISTED = (Undecided(UUID(int=1)), Undecided(UUID(int=2)))
NOTHING = Reconciliation(Picture((), {}, frozenset()), (), (), frozenset())
FOUND = Reconciliation(NOTHING.picture, LISTED, (), frozenset(), not_listed=5)
AWAY = Reconciliation(NOTHING.picture, (), LISTED, frozenset({Reader.ROUTER}), in_flight_not_listed=5)


@pytest.mark.parametrize(
    ("result", "code", "line", "numbers"),
    [
        (NOTHING, 0, "✓ everything that was read is accounted for, once", (0, 0)),
        (FOUND, 1, "✗ and 5 more: --json lists up to a thousand of each kind", (5, 0)),
        (AWAY, 0, "7 still in flight, so not judged; behind: router", (0, 5)),
    ],
)
def test_what_is_too_much_to_list_is_counted(
    monkeypatch: pytest.MonkeyPatch, result: Reconciliation, code: int, line: str, numbers: tuple[int, int]
) -> None:
    """In words and in JSON, also where fewer were found than a terminal lists."""

    async def gather(_gathering: Gathering) -> Reconciliation:
        return result

    monkeypatch.setattr(commands, "gather", gather)
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "localhost:9")
    text = CliRunner().invoke(commands.app, [])
    assert (text.exit_code, line in text.output.splitlines()) == (code, True)
    told = json.loads(CliRunner().invoke(commands.app, ["--json"]).stdout)
    assert (told["not_listed"], told["in_flight_not_listed"]) == numbers


def test_what_is_known_ends_well_and_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In words and in JSON."""

    async def gather(_gathering: Gathering) -> Reconciliation:
        return replace(FOUND, not_listed=0)

    monkeypatch.setattr(commands, "gather", gather)
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "localhost:9")
    file = tmp_path / "known.json"
    first = CliRunner().invoke(commands.app, ["--json"])
    file.write_text(first.stdout)
    again = CliRunner().invoke(commands.app, ["--known", str(file)])
    assert (first.exit_code, again.exit_code) == (1, 0)
    assert again.output.splitlines()[-1] == f"2 more that {file} lists as known"
    told = json.loads(CliRunner().invoke(commands.app, ["--known", str(file), "--json"]).stdout)
    assert (told["whole"], told["found"], len(told["known"])) == (True, [], 2)

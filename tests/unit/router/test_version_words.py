"""Whoever answers for the rules is told in their own language what became of what they asked."""

import re
from pathlib import Path
from uuid import UUID

import pytest
import typer
from typer.testing import CliRunner

from schemas import ids
from schemas.command import Action
from schemas.words import Language
from services.router import version_client, version_commands, version_words
from services.router.lifecycle import State
from services.router.rule_set_store import Ended
from services.runtime.errors import Refused

VERSION = "0772d81abd10" + "0" * 52
GIVEN = re.compile(r'"((?:is|own|unknown|another|check)-[a-z-]+)"')


def refusals() -> set[str]:
    """Every code by which a command about rules is refused, as it stands in the code."""
    folder = Path(version_commands.__file__).parent
    found = {
        code for name in ("lifecycle", "version_desk") for code in GIVEN.findall((folder / f"{name}.py").read_text())
    }
    return {*found, *(f"is-{state}" for state in State)}


def test_every_action_state_and_refusal_has_words() -> None:
    """And no table has words for what is not there."""
    about = {action for action in Action if action.startswith("rules.")}
    assert set(version_words.NEXT) == set(version_words.ACTIONS) == about
    assert set(version_words.STATES) == set(State)
    assert set(version_words.REFUSALS) == refusals()


@pytest.mark.parametrize(
    ("refusal", "language", "said"),
    [
        (None, "en", f"{VERSION}: in force in every router\n"),
        (None, "nl", f"{VERSION}: geldt in elke router\n"),
        ("is-active", "en", "0772d81abd10: refused: it is in force already"),
        ("is-active", "nl", "0772d81abd10: geweigerd: het geldt al"),
        ("quite-new", "nl", "0772d81abd10: geweigerd: quite-new"),
    ],
)
def test_what_became_of_it_is_told_in_the_language_asked_for(
    monkeypatch: pytest.MonkeyPatch, refusal: str | None, language: Language, said: str
) -> None:
    """What was carried out, and what was refused; a refusal of a later version as it stands."""

    async def chosen(*_: object) -> tuple[UUID, str]:
        return ids.rule_set_id(VERSION), VERSION

    async def carried_out(*_: object) -> Ended:
        return Ended(VERSION, refusal, (), ())

    monkeypatch.setattr(version_client, "chosen", chosen)
    monkeypatch.setattr(version_client, "carried_out", carried_out)
    app = typer.Typer()
    app.command()(version_commands.activate)
    result = CliRunner().invoke(app, [VERSION, "--reason", "agreed", "--actor", "lead-2", "--language", language])
    if refusal is None:
        assert result.stdout == said
    else:
        assert isinstance(result.exception, Refused)
        assert str(result.exception) == said

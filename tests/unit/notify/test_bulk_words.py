"""What is told of one decision about many referrals, in both languages."""

import os
from typing import Final
from unittest.mock import patch

import pytest

from schemas.command import Action
from services import cli
from services.notify import bulk_words
from tests.languages import catalogue, unlike

TEXTS: Final = catalogue(bulk_words)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values."""
    assert unlike(TEXTS[name])


def test_each_decision_about_many_has_its_words() -> None:
    """What it would do, what it does, and what it did."""
    of_many = {Action.REDRIVE, Action.RETRY, Action.CANCEL}
    assert all(set(told) == of_many for told in (bulk_words.DOING, bulk_words.WOULD, bulk_words.DONE))


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        ("operator-1", "zo wordt alles geannuleerd: zeg van wie, met --partner, of welke, met --because"),
        ("jansen", "--actor is een pseudoniem, nooit een naam"),
    ],
)
def test_what_is_refused_before_anything_is_looked_at_is_told_in_dutch(
    actor: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the terminal is Dutch, without an option."""
    given = ["deliveries", "cancel-all", "--reason", "dicht", "--actor", actor]
    with patch.dict(os.environ, LC_ALL="nl_NL.UTF-8"), pytest.raises(SystemExit) as ended:
        cli.main(given)
    assert ended.value.code == cli.EX_CONFIG
    assert told in capsys.readouterr().err

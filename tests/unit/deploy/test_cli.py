"""The `seinpaal` command as a whole."""

import os

import pytest

from services.cli import COMMANDS, main
from services.sandbox.partners.mischief import MISCHIEF


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Its standard output."""
    with pytest.raises(SystemExit):
        main(words)
    return capsys.readouterr().out


def test_a_table_in_a_pipe_is_not_cut_off(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row is a line, whole; where a width is given it counts, and afterwards nothing is changed."""
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = told(capsys, "sandbox", "mischief").splitlines()
    assert all(any(each.about in line for line in lines) for each in MISCHIEF.values())
    assert "COLUMNS" not in os.environ
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, told(capsys, "sandbox", "mischief").splitlines())) == 40


def test_the_listing_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence for each."""
    main(["--help"])
    listed = capsys.readouterr().out
    assert all(f"  {name} " in listed and place.sentence in listed for name, place in COMMANDS.items())

"""The `seinpaal` command as a whole."""

import os
import subprocess
import sys

import pytest

from services.cli import COMMANDS, main
from services.sandbox.mischief_words import ABOUT
from services.sandbox.partners.mischief import MISCHIEF


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Its standard output."""
    with pytest.raises(SystemExit):
        main(words)
    return capsys.readouterr().out


def test_a_table_in_a_pipe_is_not_cut_off(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row is a line, whole; where a width is given it counts, and afterwards nothing is changed."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    lines = told(capsys, "sandbox", "mischief").splitlines()
    assert all(any(ABOUT[name].en in line for line in lines) for name in MISCHIEF)
    assert "COLUMNS" not in os.environ
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, told(capsys, "sandbox", "mischief").splitlines())) == 40


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nope"], 64, "geen opdracht 'nope'. `seinpaal --help` noemt ze"),
        (["run", "nope"], 78, "geen dienst 'nope': kies uit ingest, "),
    ],
)
def test_what_there_is_not_is_told_in_the_readers_language(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With where to find what there is."""
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert (ended.value.code, said in capsys.readouterr().err) == (code, True)


def test_the_listing_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence for each."""
    main(["--help"])
    listed = capsys.readouterr().out
    assert all(f"  {name} " in listed and place.sentence in listed for name, place in COMMANDS.items())


@pytest.mark.parametrize(("before", "heard"), [("", True), ("main(['--version']);", False)], ids=["without", "with"])
def test_a_librarys_own_words_do_not_stand_before_ours(before: str, *, heard: bool) -> None:
    """When the broker is away the terminal says so once, with what to do."""
    script = f"from services.cli import main;{before}import logging;logging.getLogger('aiokafka.conn').error('gone')"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert ("gone" in done.stderr) is heard

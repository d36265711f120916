"""What a command cannot do by a fault of ours is told without what it was about: people keep what they are shown."""

import errno
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest

from services import cli, run_command
from services.faults import EX_SOFTWARE, EX_TEMPFAIL
from services.notify import held_commands
from services.sandbox import commands

TESTPERSON = "Testpersoon Kwaad, Voorbeeldstraat 7"


def fault(*_: object, **__: object) -> None:
    """As a library raises: with the value in its text, and in that of what caused it."""
    raise KeyError(TESTPERSON) from ValueError(TESTPERSON)


@pytest.mark.parametrize(("language", "said"), [("en", "a fault of ours"), ("nl", "een fout van ons")])
def test_a_fault_of_ours_tells_its_class_and_its_place_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    """Enough to mend it by, and nothing of anybody."""
    monkeypatch.setattr(held_commands, "_found", fault)
    with pytest.raises(SystemExit) as ended:
        cli.main(["held", "show", "abc", "--lang", language])
    assert ended.value.code == EX_SOFTWARE
    shown = "".join(capsys.readouterr())
    assert f"{said} (KeyError < ValueError)" in shown
    assert "services.notify.held_commands:" in shown
    assert "Testpersoon" not in shown


@pytest.mark.parametrize(("language", "said"), [("en", "make room"), ("nl", "maak ruimte")])
def test_a_machine_without_room_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    """It was a fault of ours, to be reported; where it was is not told, as a file may be called after somebody."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", TESTPERSON)

    monkeypatch.setattr(held_commands, "_found", full)
    with pytest.raises(SystemExit) as ended:
        cli.main(["held", "show", "abc", "--lang", language])
    assert ended.value.code == EX_TEMPFAIL
    shown = "".join(capsys.readouterr())
    assert "(No space left on device)" in shown
    assert said in shown
    assert "Testpersoon" not in shown


def test_a_sandbox_that_ends_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It ended in silence with the code of a signal that was lost: its log, which would tell, is in a folder."""
    monkeypatch.setattr(commands, "_run", fault)
    with pytest.raises(SystemExit) as ended:
        cli.main(["up", "--state", str(tmp_path / "state"), "--lang", "en"])
    assert ended.value.code == EX_SOFTWARE
    assert "a fault of ours (KeyError < ValueError)" in "".join(capsys.readouterr())


def test_a_terminal_without_our_signs_ends_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick that it does not have is a question mark there; it was a traceback in the middle of the list."""
    there = TextIOWrapper(BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", there)
    with pytest.raises(SystemExit):
        cli.main(["reconcile", "--help"])
    there.write("✓ klaar")
    there.seek(0)
    assert "? klaar" in there.read()


def test_a_service_leaves_it_to_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which has the same rules, and is read by whoever keeps it running."""
    monkeypatch.setattr(run_command, "log", SimpleNamespace(configure=fault))
    with pytest.raises(KeyError):
        cli.main(["run", "ingest"])

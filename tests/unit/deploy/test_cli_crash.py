"""What a command cannot do by a fault of ours is told without what it was about: people keep what they are shown."""

from types import SimpleNamespace

import pytest

from services import cli, run_command
from services.notify import held_commands

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
    assert ended.value.code == cli.EX_SOFTWARE
    shown = "".join(capsys.readouterr())
    assert f"{said} (KeyError < ValueError)" in shown
    assert "services.notify.held_commands:" in shown
    assert "Testpersoon" not in shown


def test_a_service_leaves_it_to_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which has the same rules, and is read by whoever keeps it running."""
    monkeypatch.setattr(run_command, "log", SimpleNamespace(configure=fault))
    with pytest.raises(KeyError):
        cli.main(["run", "ingest"])

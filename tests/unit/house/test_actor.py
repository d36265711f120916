"""Who gives a command is said by hand, in every command that asks for it."""

import re
from pathlib import Path
from typing import Final

import pytest

from services.cli import main
from services.runtime.actor import account
from services.runtime.errors import Refused
from tests.unit.house.asking import asking

ROOT = Path(__file__).parents[3]
NAMES = [
    "Jan Voorbeeld",
    "jan voorbeeld",
    "Voorbeeld, J.",
    "J. Voorbeeld-1",
    "jan",
    "voorbeeld",
    "jan-voorbeeld",
    "jan_voorbeeld",
    "jan.voorbeeld",
    "j.voorbeeld-2",
    "jvoorbeeld",
    "jvoorbeeld2",
    "jan.voorbeeld@corporatie.example",
    "José-1",
    "Lead-1",
    "lead-１",  # noqa: RUF001  a digit of another script
    "lead-1\n",
    "-1",
    "",
    "a" * 63 + "-1",
]
ASK = {
    *(("deliveries", name) for name in ("retry", "redrive", "cancel", "redrive-all", "retry-all", "cancel-all")),
    *(("held", name) for name in ("release", "dismiss", "reassign")),
    *(("partner", name) for name in ("admit", "enable", "disable")),
    *(("rules", name) for name in ("propose", "approve", "activate")),
    ("calls", "done"),
    ("parked", "redrive"),
    ("parked", "set-aside"),
    ("inbox", "open"),
}


MAY_LEAVE_NONE: Final = {("partner", "check")}


def test_no_command_takes_the_login_name_for_its_actor() -> None:
    """Each asks for `--actor`, has no default and reads no environment, and its help says why.

    The one that may leave no fact asks for it as soon as it leaves one (`test_partner_check.py`).
    """
    found = asking("--actor")
    assert found.keys() >= ASK
    for path, option in found.items():
        assert (option.required, option.default, option.envvar) == (path not in MAY_LEAVE_NONE, None, None), path
        assert "never your login name" in (option.help or ""), path


def test_without_an_actor_nothing_is_decided(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two persons on one login would be one: the command is refused, and names the option."""
    monkeypatch.setenv("USER", "operator-1")
    with pytest.raises(SystemExit) as ended:
        main(["rules", "approve", "1f0c22ab", "--reason", "tried on ninety days"])
    assert ended.value.code == 2
    assert "--actor" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_a_name_is_refused_and_not_repeated(name: str) -> None:
    """In whatever form it is typed; the sentence says what to type instead."""
    said = []
    for each in (name, "another name"):
        with pytest.raises(Refused, match=r"^--actor takes .* lead-1") as refused:
            account("actor", each)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("path", sorted(asking("--actor")), ids=" ".join)
def test_every_command_refuses_a_name_for_its_actor(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it looks at anything else; a pseudonym passes, and then it asks for what else is missing."""
    monkeypatch.setenv("COLUMNS", "200")
    for actor, code in (("jan.voorbeeld", 78), ("lead-1", 2)):
        with pytest.raises(SystemExit) as ended:
            main([*path, "--actor", actor])
        assert ended.value.code == code
        said = capsys.readouterr().err
        assert ("--actor takes a pseudonym" in said) is (code == 78)
        assert "voorbeeld" not in said


def test_every_actor_that_a_page_or_an_example_types_is_accepted() -> None:
    """Whoever copies a line from a README or from a command's help is not refused for it."""
    pages = [ROOT / "README.md", *(ROOT / "deploy").rglob("*.md"), *(ROOT / "services").rglob("*.md")]
    texts = [path.read_text() for path in (*pages, *(ROOT / "services").rglob("*.py"))]
    typed = {each for text in texts for each in re.findall(r"--(?:actor|to) ([\w.-]+\d)\b", text)}
    assert typed >= {"lead-1", "lead-2", "operator-1", "af-1", "worker-3", "piket-1"}
    for each in typed:
        assert account("actor", each) == each

"""Who gives a command is said by hand, in every command that asks for it."""

from collections.abc import Iterator
from importlib import import_module

import pytest
import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from services.cli import COMMANDS, main

ASK = {
    *(("deliveries", name) for name in ("retry", "redrive", "cancel", "redrive-all", "retry-all", "cancel-all")),
    *(("held", name) for name in ("release", "dismiss", "reassign")),
    *(("partner", name) for name in ("admit", "enable", "disable")),
    *(("rules", name) for name in ("propose", "approve", "activate")),
    ("calls", "done"),
    ("parked", "redrive"),
    ("inbox", "open"),
}


def _asking(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], TyperOption]]:
    match command:
        case TyperGroup(commands=commands):
            for name, each in commands.items():
                yield from _asking(each, (*path, name))
        case TyperCommand(params=params):
            yield from ((path, each) for each in params if isinstance(each, TyperOption) and each.name == "actor")


def _all() -> dict[tuple[str, ...], TyperOption]:
    whole = typer.Typer()
    for name, place in COMMANDS.items():
        whole.add_typer(getattr(import_module(place.module), place.app), name=name)
    return dict(_asking(get_command(whole)))


def test_no_command_takes_the_login_name_for_its_actor() -> None:
    """Each asks for `--actor`, has no default and reads no environment, and its help says why."""
    asking = _all()
    assert asking.keys() >= ASK
    for path, option in asking.items():
        assert (option.required, option.envvar) == (True, None), path
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

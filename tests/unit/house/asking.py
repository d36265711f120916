"""Every command of `seinpaal` that takes an option, by its path."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from services.cli import COMMANDS


@cache
def asking(flag: str) -> dict[tuple[str, ...], TyperOption]:
    """Those that take `flag`, such as `--actor`, each with what it takes."""
    whole = typer.Typer()
    for name, place in COMMANDS.items():
        whole.add_typer(getattr(import_module(place.module), place.app), name=name)
    return dict(_within(get_command(whole), flag))


def _within(command: object, flag: str, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], TyperOption]]:
    match command:
        case TyperGroup(commands=commands):
            for name, each in commands.items():
                yield from _within(each, flag, (*path, name))
        case TyperCommand(params=params):
            yield from ((path, each) for each in params if isinstance(each, TyperOption) and flag in each.opts)

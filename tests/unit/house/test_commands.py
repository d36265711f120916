"""Every command: its help has an example that can be typed, and what it lists, shows or counts a program can read."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from schemas.corporation import Sources
from schemas.partner import Partners
from services.cli import COMMANDS
from services.runtime.yaml_file import load_yaml

WITHOUT_JSON = {
    "run": "a service: its log is JSON, its answer an exit code",
    "keys init": "it writes a file and answers with an exit code",
    "keys parking": "it prints one value, made for $(…)",
    "partner examples": "it writes files: a program looks into the folder that it gave",
}
"""And why."""


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command below it that does something, by what is typed."""
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(path), command
        return
    for name, each in below.items():
        yield from leaves(each, (*path, name))


def tree() -> Iterator[tuple[str, Any]]:
    """All of `seinpaal`, once."""
    for name, place in COMMANDS.items():
        app = typer.Typer()
        app.callback()(lambda: None)  # so that one command alone keeps its name
        app.add_typer(getattr(import_module(place.module), place.app), name=None if place.top else name)
        yield from ((path, each) for path, each in leaves(get_command(app)) if path.split()[0] == name)


EVERY = dict(tree())
CONFIG = Path("deploy/config")
PARTNERS = {partner.id for partner in load_yaml(CONFIG / "partners.yaml", Partners).partners}
SOURCES = {source.name for one in load_yaml(CONFIG / "sources.yaml", Sources).corporations for source in one.sources}


def options(command: Any) -> set[str]:
    """Every option that it takes."""
    return {option for each in command.params for option in (*each.opts, *each.secondary_opts) if option[0] == "-"}


def test_the_walk_finds_every_command() -> None:
    """At least one of each name that the listing has."""
    assert {path.split()[0] for path in EVERY} == set(COMMANDS)
    assert {"up", "parked redrive", "held release", "partner status"} <= EVERY.keys()


def example(path: str) -> list[str]:
    """What is typed after the command itself, of the first example of its help."""
    _, _, shown = (EVERY[path].help or "").partition("Example: ")
    assert f"seinpaal {path}" in shown
    line, _, _ = shown.partition(f"seinpaal {path}")[2].partition("\n\n")
    return shlex.split(line.partition("|")[0].rstrip(")"))


@pytest.mark.parametrize("path", EVERY)
def test_its_help_has_an_example_of_it_that_it_takes(path: str) -> None:
    """Typed as it stands there: no option that it does not have, and none left out without which it is refused."""
    EVERY[path].make_context(path, example(path))


@pytest.mark.parametrize(
    "path", [path for path in EVERY if {"partner", "source"} & {each.name for each in EVERY[path].params}]
)
def test_an_example_speaks_of_partners_and_sources_that_are_shipped(path: str) -> None:
    """Who types it against what `seinpaal up` starts is not told that there is no such one."""
    given = EVERY[path].make_context(path, example(path)).params
    assert given.get("partner") in {None, *PARTNERS}
    assert given.get("source") in {None, *SOURCES}


def test_the_listing_names_what_can_be_done() -> None:
    """Where it names subcommands it names each of them, but what is done to many at once."""
    for name, place in COMMANDS.items():
        below = {path.partition(" ")[2] for path in EVERY if path.startswith(f"{name} ")}
        named = set(re.findall(r"[a-z]+(?:-[a-z]+)*", place.sentence.partition(":")[2]))
        if len(named & below) > 1:
            assert {each for each in below if not each.endswith("-all")} <= named, name


@pytest.mark.parametrize("path", EVERY)
def test_a_program_can_read_what_it_says(path: str) -> None:
    """`--json`, unless it is said above why there is nothing to read; and no exception outlives its reason."""
    assert ("--json" in options(EVERY[path])) is (path not in WITHOUT_JSON)
    assert WITHOUT_JSON.keys() <= EVERY.keys()

"""What pages and sentences name is there: commands with their options, links, files, settings."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from pydantic_settings import BaseSettings

from schemas.code_words import KINDS, VIOLENCE
from services.cli import COMMANDS
from services.runtime.settings_check import variable
from tests.unit.house.test_commands import EVERY, PARTNERS, SOURCES, options

ROOT: Final = Path(__file__).parents[3]
PLACES: Final = [ROOT / each for each in ("deploy", "schemas", "services", "tests")]
FOUND: Final = [*ROOT.glob("*.md"), *(path for place in PLACES for path in place.rglob("*.*"))]
FILES: Final = sorted(path.relative_to(ROOT).as_posix() for path in FOUND)
PAGES: Final = [each for each in FILES if each.endswith(".md")]
SAYING: Final = [each for each in FILES if not each.startswith("tests/") and each.endswith((".py", ".md", ".yaml"))]
SENTENCE: Final = re.compile(r"`(?:\.venv/bin/)?seinpaal ([a-z][^`]*)`")
LINE: Final = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?seinpaal ([a-z].*)$", re.MULTILINE)
MADE: Final = {"deploy/partner-secrets", "deploy/reception"}
"""Folders that whoever installs it makes."""


def typed(path: str) -> Iterator[str]:
    """Every command that a file has between backticks; a page also as a line of its own."""
    text = (ROOT / path).read_text()
    yield from SENTENCE.findall(text)
    if path in PAGES:
        yield from LINE.findall(text)


@pytest.mark.parametrize("path", [path for path in SAYING if next(typed(path), None)])
def test_every_command_that_is_named_is_there_with_its_options(path: str) -> None:
    """Whoever is told to type something can, by a page, an alert or a sentence of the program."""
    for command in typed(path):
        words = re.split(r"[ |]+", command.partition("#")[0].strip().rstrip(".,;:)"))
        name = next((each for each in (" ".join(words[:2]), words[0]) if each in EVERY), None)
        if name is None:
            assert words[0] in COMMANDS, command
            assert len(words) == 1 or not re.fullmatch(r"[a-z-]+", words[1]), command
            continue
        given = {each.partition("=")[0] for each in re.findall(r"(?<!\S)--[a-z][a-z=-]*", command)}
        assert given <= {*options(EVERY[name]), "--help"}, command


@pytest.mark.parametrize("path", PAGES)
def test_every_link_and_every_file_that_a_page_names_is_there(path: str) -> None:
    """A link from where the page stands, with its heading; a path from the root; a module anywhere."""
    text = (ROOT / path).read_text()
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        file, _, heading = link.partition("#")
        there = (ROOT / path).parent / file if file else ROOT / path
        assert there.exists(), link
        titles = re.findall(r"^#+ (.*)$", there.read_text(), re.MULTILINE) if heading else []
        assert heading in {"", *(re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in titles)}, link
    for named in re.findall(r"`((?:tests|services|schemas|deploy)/[\w./*-]+)`", text):
        assert named.rstrip("/") in MADE or next(ROOT.glob(named.rstrip("/")), None), named
    for module in re.findall(r"`([\w/]+\.py)`", text):
        assert any(f"/{each}".endswith(f"/{module}") for each in FILES), module


def settings() -> set[str]:
    """Every variable that a service reads."""
    modules = [import_module(path.removesuffix(".py").replace("/", ".")) for path in FILES if "/settings.py" in path]
    models = {each for one in modules for each in vars(one).values() if isinstance(each, type)}
    found = {each for each in models if issubclass(each, BaseSettings) and each is not BaseSettings}
    return {variable(each, name) for each in found for name in each.model_fields}


def test_every_setting_is_on_a_page_and_every_one_on_a_page_is_there() -> None:
    """In backticks, by its whole name: what nobody can find is not set, and what is not there is not read."""
    told = "".join((ROOT / path).read_text() for path in PAGES if path != "CHANGELOG.md")
    named = set(re.findall(r"`((?:KAFKA|INGEST|ROUTER|NOTIFY|AUDIT|CONSOLE|KEYRING|SEINPAAL)_[A-Z_]+)`", told))
    assert {"KAFKA_CAFILE", "NOTIFY_LISTEN", "SEINPAAL_SOURCE"} <= settings()
    assert named == settings()


def test_what_up_brings_is_counted_right() -> None:
    """As many corporations and partners as the shipped configuration has."""
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    corporations = {source.rpartition("-")[0] for source in SOURCES}
    told = f"{names[len(corporations)]} sample corporations, {names[len(PARTNERS)]} care partners"
    assert told in (ROOT / "README.md").read_text()
    assert told in (EVERY["up"].help or "")


def test_every_code_of_what_was_noticed_stands_on_its_page_with_its_words() -> None:
    """Who maps codes or writes rules looks there, and no other code is named."""
    page = (ROOT / "schemas/README.md").read_text().partition("## What was noticed")[2]
    table, _, violence = page.partition("Types of violence")
    rows = [tuple(row) for row in re.findall(r"^\| `([a-z.]+)` \| (.*?) \| (.*?) \|$", table, re.MULTILINE)]
    assert rows[1:] == [(str(kind), words.en, words.nl) for kind, words in KINDS.items()]
    assert re.findall(r"`([a-z-]+)` \(", violence) == [str(each) for each in VIOLENCE]

"""What is wrong with a configuration file, as the people who write it are told."""

import json
import os
import re
import socket
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, cast
from unittest.mock import patch
from uuid import UUID

import pytest
from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp

from schemas.area import Areas
from schemas.corporation import Sources
from schemas.partner import Partners
from schemas.words import Words
from services import cli
from services.ingest.sources.concern_form import Concern
from services.notify.reception.settings import ReceptionSettings
from services.router.rule import RuleFile
from services.runtime import file_words, model_words, web_words, yaml_words
from services.runtime.errors import Refused
from services.runtime.model_errors import explained, in_dutch
from services.runtime.web_server import Listen, WebServer
from services.runtime.yaml_file import parse_yaml
from services.runtime.yaml_tree import Faulty, parse
from tests.languages import catalogue, english_in, unlike

TEXTS: Final = catalogue(model_words, yaml_words, file_words, web_words)
QUOTED: Final = re.compile(r"<.*?>|while (?:parsing|scanning)|expected|document in the stream")
"""Words of the parser's, which mean nothing to who writes a file."""

BROKEN: Final = {
    "a:\n  b: 1\n c: 2\n": (3, "springt niet in"),
    "a: b: c\n": (1, "dubbele punt"),
    'a: 1\nb: "x\nc: 1\nd: 2\n': (2, "nooit gesloten"),
    "a: [1, 2\nb: 1\n": (2, "Sluit met ]"),
    "a: 'it's'\n": (1, "dubbel"),
    "a:\n\t- b\n": (2, "tab"),
    "a: @x\n": (1, "tekst begint niet met @"),
    "a: 1\n---\nb: 2\n": (2, "tweede document"),
    'a: "\\q"\n': (1, "backslash"),
    "a: *x\n": (1, "verwijzing naar x"),
    "{a: 1}}\n": (1, "een } te veel"),
    "a: 1\na b\n": (2, "geen `sleutel: waarde`"),
    "a: - b\n": (1, "lijst"),
}
"""What people break most in YAML; the line to look at, and what tells them what to do."""


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values."""
    assert unlike(TEXTS[name])


@pytest.mark.parametrize("text", BROKEN)
def test_broken_yaml_is_told_as_what_to_do_and_where(text: str) -> None:
    """In both languages, and in neither in the words of a parser."""
    line, part = BROKEN[text]
    with pytest.raises(Faulty) as caught:
        parse(text.encode())
    assert caught.value.line == line
    assert part in caught.value.sentence.nl
    assert english_in(caught.value.sentence.nl, TEXTS) == set()
    assert not QUOTED.search(caught.value.sentence.en)


def test_a_problem_without_words_of_ours_is_told_in_the_parsers() -> None:
    """A later PyYAML may find something new: it is told all the same."""
    told = yaml_words.problem("while doing", "something new")
    assert told == Words(
        "is not YAML: while doing something new",
        "is geen YAML: controleer deze regel en die ervoor (Engels: while doing something new)",
    )


@pytest.mark.parametrize("model", [Sources, Partners, RuleFile, Areas, ReceptionSettings])
def test_no_file_asks_for_a_pattern(model: type[BaseModel]) -> None:
    """A text that has to look some way is described in words, with an example."""
    text = json.dumps(model.model_json_schema())
    patterns = {json.loads(found) for found in re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', text)}
    assert patterns <= set(model_words.SHAPES)


@pytest.mark.parametrize(
    ("error", "dutch"),
    [
        (FileNotFoundError(), "dat bestand is er niet"),
        (IsADirectoryError(), "het is een map"),
        (PermissionError(), "wij mogen het niet lezen"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "x"), "het is geen tekst in UTF-8"),
        (BlockingIOError(), "het systeem zegt BlockingIOError"),
    ],
)
def test_why_a_file_cannot_be_read_is_told_without_the_names_of_python(
    error: OSError | UnicodeDecodeError, dutch: str
) -> None:
    """Whoever gave it knows files, folders and rights."""
    assert file_words.unread(error).nl == dutch


async def test_an_address_that_is_taken_is_told_in_the_readers_language() -> None:
    """With the option or setting that gives another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = Listen("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(Refused) as refused:
            await WebServer("partner check", listen, "--listen").start(cast("ASGIApp", None))
    said = f"kan niet luisteren op 127.0.0.1:{listen.port} (daar luistert al iets). Kies een andere --listen"
    assert refused.value.said("nl") == f"partner check: {said}"


def test_what_is_left_empty_is_told_to_be_empty() -> None:
    """`topic:` with nothing after it is no text that wants quotes."""
    with pytest.raises(Refused, match=r"s\.yaml:2: corporations\[0\]\.id: is empty\. Fill it in"):
        parse_yaml(b"corporations:\n- id:\n  name: x\n", Sources, "s.yaml")


class Dated(BaseModel):
    """What files hold that pydantic has a parser of its own for."""

    day: date | None = None
    moment: datetime | None = None
    span: timedelta | None = None
    number: UUID | None = None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("day: 31-12-2026", "hoort een datum te zijn, zoals 2026-01-31"),
        ("day: 31 december", "hoort een datum te zijn, zoals 2026-01-31"),
        ("moment: gisteren om vier uur", "hoort een tijd met een zone te zijn, zoals 2026-01-31T12:00:00Z"),
        ("span: 4u", "hoort een tijdsduur te zijn, zoals PT15M of P2D"),
        ("number: x", "hoort een UUID te zijn"),
    ],
)
def test_a_date_as_people_write_it_is_told_how_it_is_written_here(written: str, told: str) -> None:
    """And not what was wrong with it for pydantic's parser, in English to whoever reads Dutch."""
    with pytest.raises(Refused) as refused:
        parse_yaml(written.encode(), Dated, "x.yaml")
    assert refused.value.said("nl") == f"x.yaml:1: {written.partition(':')[0]}: {told}"


@pytest.mark.parametrize(
    ("arguments", "locale", "told"),
    [
        (["--lang", "nl"], "C", "staat hier twee keer"),
        (["--language=nl"], "C", "staat hier twee keer"),
        ([], "nl_NL.UTF-8", "staat hier twee keer"),
        (["--lang", "en"], "nl_NL.UTF-8", "stands here twice"),
        ([], "C", "stands here twice"),
    ],
)
def test_a_command_refuses_a_file_in_the_readers_language(
    arguments: list[str],
    locale: str,
    told: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The one that was asked for, else the terminal's."""
    file = tmp_path / "sources.yaml"
    file.write_text("corporations: []\ncorporations: []\n")
    with patch.dict(os.environ, LC_ALL=locale), pytest.raises(SystemExit) as ended:
        cli.main(["sources", "list", str(file), *arguments])
    assert ended.value.code == cli.EX_CONFIG
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "a b"},
        {"kind": "threat", "acute": {}},
        {"kind": "threat", "persons": "x"},
        {"kind": "threat", "dashScore": 99},
        {"kind": "threat", "urgency": "x"},
        {"kind": "x" * 50},
        {"kind": ""},
        {},
    ],
)
def test_what_was_kept_in_english_is_told_in_dutch(given: dict[str, object]) -> None:
    """A record that was parked has its fault in one language: it is the one that the same fault would have."""
    try:
        Concern.model_validate_json(json.dumps(given))
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            said = explained(fault)
            assert in_dutch(said.en) == said.nl
            assert "Engels" not in said.nl

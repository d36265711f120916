"""What is told of parked records, in both languages."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

import services
from schemas import ids
from schemas.codes import Stage
from schemas.parked import Coordinates, Parked, SealedRecord
from schemas.words import Language
from services.console import parked_commands, parked_words
from services.console.parked import Waiting, chosen
from services.ingest.normalise import MEANT, OURS
from services.runtime.errors import Refused
from services.runtime.parking import LEFT, STAYS

GIVEN: Final = re.compile(r"""(?:Unreadable\(|__init__\(|reason = )\s*"([a-z-]+)"(?: if .* else "([a-z-]+)")?""")
STAGES: Final = ("ingest", "router", "notify", "audit", "runtime")
ENGLISH: Final = re.compile(r"\b(the|write|give|what|your|with|every|from)\b")


def parked(reason: str, fix: str, *, topic: str = "source.voorbeeld", left_behind: int | None = None) -> Parked:
    """A record of that topic, for that reason."""
    return Parked(
        id=ids.input_id("source.voorbeeld", 2, 17),
        at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        stage=Stage.INGEST,
        origin=Coordinates(topic=topic, partition=2, offset=17),
        timestamp=0,
        reason=reason,
        fix=fix,
        size=345,
        left_behind=left_behind,
        sealed=SealedRecord(kid="0011", box="c3ludGhldGlzY2g="),
    )


def reasons() -> set[str]:
    """Every reason to park a record that stands in the code of a stage."""
    root = Path(services.__file__).parent
    files = (file for stage in STAGES for file in (root / stage).rglob("*.py"))
    return {code for file in files for match in GIVEN.finditer(file.read_text()) for code in match.groups() if code}


def test_the_search_finds_reasons_of_several_stages() -> None:
    """Else the next test would be content with nothing."""
    assert {"empty", "unmapped-code", "too-large", "tombstone", "salt-unusable"} <= reasons()


@pytest.mark.parametrize("reason", sorted(reasons() | {"not-our-schema", "unexpected-KeyError"}))
def test_every_reason_to_park_says_in_dutch_why_and_what_to_do(reason: str) -> None:
    """In words of its own, with the code beside them; in English as its stage said it."""
    one = parked(reason, "as its stage said")
    assert parked_words.reason(one, "nl").endswith(f" ({reason})")
    assert not ENGLISH.search(parked_words.fix(one, "nl").partition("(Engels:")[0])
    assert parked_words.fix(one, "nl") != one.fix
    assert (parked_words.reason(one, "en"), parked_words.fix(one, "en")) == (reason, one.fix)


def test_what_the_form_does_not_allow_is_told_exactly() -> None:
    """Which values it takes stands in the stage's own sentence alone, in English: a reader of Dutch has that too."""
    said = parked_words.fix(parked("not-a-concern", "acute should be 'yes', 'no' or 'unknown'"), "nl")
    assert said == "acute hoort te zijn: 'yes', 'no' of 'unknown'"
    other = parked_words.fix(parked("not-a-concern", "acute was said by a later version"), "nl")
    assert "(Engels: acute was said by a later version)" in other


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        (f"{MEANT} damage.door?", ". Bedoelt u damage.door?"),
        (f"{OURS} threat, weapon", ". Die van ons zijn threat, weapon"),
    ],
)
@pytest.mark.parametrize("left", [None, 9])
def test_the_kinds_of_ours_are_named_in_dutch_too(english: str, dutch: str, left: int | None) -> None:
    """As the stage named them, also of a record that was left where it stood."""
    tail = f"; {LEFT}" if left else ""
    said = parked_words.fix(parked("unmapped-code", f"map this code{english}{tail}", left_behind=left), "nl")
    assert said.partition("; te groot")[0].endswith(f"of zeg daar `ignore`{dutch}")
    assert LEFT not in said


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_row_of_the_list_does_not_name_every_kind(language: Language) -> None:
    """`show` does: in a narrow terminal one row would fill the screen. What else is said stays."""
    all_of_them = parked("unmapped-code", f"map this code{OURS} threat, weapon; {LEFT}", left_behind=9)
    meant = parked("unmapped-code", f"map this code{MEANT} threat?")
    short = parked_words.in_short(all_of_them, language)
    assert "threat, weapon" in parked_words.fix(all_of_them, language)
    assert "threat" not in short
    assert short.endswith({"en": f"map this code; {LEFT}", "nl": "zolang dat het bewaart"}[language])
    assert parked_words.in_short(meant, language) == parked_words.fix(meant, language)


@pytest.mark.parametrize(
    ("topic", "english", "dutch"), [("source.voorbeeld", LEFT, "zolang"), ("audit.v1", STAYS, "kopieer")]
)
def test_a_record_that_was_left_in_its_topic_says_so_in_dutch(topic: str, english: str, dutch: str) -> None:
    """Once, in one language, and whether it can be read again from there."""
    said = parked_words.fix(parked("not-a-concern", f"kind is long; {english}", topic=topic, left_behind=9), "nl")
    assert dutch in said
    assert english not in said


def test_a_reason_of_a_later_version_keeps_what_its_stage_said() -> None:
    """It must not be lost because we have no words for it."""
    one = parked("quite-new", "turn it over")
    assert (parked_words.reason(one, "nl"), parked_words.fix(one, "nl")) == ("quite-new", "turn it over")


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("nl", ("wat te doen", "reden", "Aannemen", "code staat niet in sources.yaml (unmapped-code)", "of zeg daar")),
        ("en", ("what to do", "reason", "Ingest", "unmapped-code", "map the code")),
    ],
)
@pytest.mark.parametrize("command", [["list"], ["show", str(ids.input_id("source.voorbeeld", 2, 17))]])
def test_who_lists_or_shows_is_spoken_to_in_their_language(
    monkeypatch: pytest.MonkeyPatch, language: Language, parts: tuple[str, ...], command: list[str]
) -> None:
    """By the locale, or as `--lang` says: labels, stage, reason and what to do."""

    async def found() -> list[Waiting]:
        """As read from the topic and the log."""
        return [Waiting(parked("unmapped-code", f"map the code{OURS} threat"), redriven=False)]

    monkeypatch.setattr(parked_commands, "_found", found)
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("LC_ALL", f"{language}_XX.UTF-8")
    by_locale = CliRunner().invoke(parked_commands.app, command)
    assert by_locale.exit_code == 0, by_locale.output
    for part in parts:
        assert part in by_locale.stdout
    assert ("threat" in by_locale.stdout) is (command[0] == "show")
    monkeypatch.setenv("LC_ALL", "C")
    assert CliRunner().invoke(parked_commands.app, [*command, "--lang", language]).stdout == by_locale.stdout


def test_what_is_refused_is_refused_in_dutch() -> None:
    """An id that is not there, and a record that no stage reads again."""
    with pytest.raises(Refused, match="geen apart gezet bericht begint met 'ffff'"):
        chosen([], "ffff", "nl")
    own = Waiting(parked("entry-absent", "", topic="audit.v1"), redriven=False)
    with pytest.raises(Refused, match="geen stap leest het opnieuw"):
        parked_commands.picked_of([own], str(own.parked.id), "nl")

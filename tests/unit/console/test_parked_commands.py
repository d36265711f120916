"""What `seinpaal parked` tells of one record that waits."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from typer.testing import CliRunner

from schemas import ids
from schemas.codes import Stage
from schemas.parked import Coordinates, Parked, SealedRecord
from services.console import parked_commands, parked_words
from services.console.parked import Waiting
from services.runtime.errors import Refused

WAITS = Waiting(
    Parked(
        id=ids.input_id("source.voorbeeld", 2, 17),
        at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        stage=Stage.INGEST,
        corporation="voorbeeld",
        origin=Coordinates(topic="source.voorbeeld", partition=2, offset=17),
        timestamp=0,
        reason="unmapped-code",
        field="soort.code",
        fix="map the code in sources.yaml",
        size=345,
        sealed=SealedRecord(kid="0011", box="c3ludGhldGlzY2g="),
    ),
    redriven=False,
)


@pytest.fixture(autouse=True)
def one(monkeypatch: pytest.MonkeyPatch) -> None:
    """One record waits."""

    async def found() -> list[Waiting]:
        """As read from the topic and the log."""
        return [WAITS]

    monkeypatch.setattr(parked_commands, "_found", found)
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("LC_ALL", "C")


def shown(*arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(parked_commands.app, ["show", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_one_record_is_shown_with_why_where_and_what_to_do() -> None:
    """And with the command that has it read again; never with what is sealed."""
    told = shown(str(WAITS.parked.id)[:8])
    for part in ("unmapped-code", "soort.code", "map the code", "source.voorbeeld/2@17", "345", "parked redrive"):
        assert part in told
    assert WAITS.parked.sealed.box not in told
    assert "stays there" not in told


def test_a_program_is_shown_all_of_it_but_the_seal() -> None:
    """One JSON object, as the list has it."""
    told = orjson.loads(shown(str(WAITS.parked.id), "--json"))
    assert (told["id"], told["origin"]["offset"], told["redriven"]) == (str(WAITS.parked.id), 17, False)
    assert "sealed" not in told


def test_an_id_that_is_not_there_is_refused_with_where_to_look() -> None:
    """As for every command that takes an id."""
    result = CliRunner().invoke(parked_commands.app, ["show", "ffff"])
    assert "seinpaal parked list" in str(result.exception)


@pytest.mark.parametrize("topic", ["audit.v1", "commands.v1"])
def test_what_no_stage_reads_again_is_not_promised_to_be(topic: str) -> None:
    """A fact or a command is refused with what can be done, `all` leaves it out, and `show` names no redrive."""
    own = replace(
        WAITS, parked=WAITS.parked.model_copy(update={"origin": Coordinates(topic=topic, partition=0, offset=3)})
    )
    with pytest.raises(Refused, match="must write what it meant anew"):
        parked_commands.picked_of([own], str(own.parked.id), "en")
    assert parked_commands.picked_of([own, WAITS], "all", "en") == [WAITS]
    assert "parked redrive" not in dict(parked_commands.told(own, "en"))["then"]


@pytest.mark.parametrize("width", [44, 60, 80, 119, 120, 240])
def test_a_list_breaks_no_word_in_any_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its id, when it was parked, where it stood, why, and what to do: each can be copied, and found by a script."""
    origin = Coordinates(topic="source.ijsselhof.signaleringen", partition=1, offset=1)
    given = {"id": ids.input_id(origin.topic, 1, 1), "origin": origin, "reason": "record-id-missing"}
    other = WAITS.parked.model_copy(update=given)

    async def found() -> list[Waiting]:
        """Another one, of a topic with a long name."""
        return [WAITS, replace(WAITS, parked=other)]

    monkeypatch.setattr(parked_commands, "_found", found)
    monkeypatch.setenv("COLUMNS", str(width))
    result = CliRunner().invoke(parked_commands.app, ["list", "--lang", "nl"])
    lines = result.stdout.splitlines()
    assert result.exit_code == 0, result.output
    assert all(len(line) <= width for line in lines)
    words = {word for line in lines for word in line.split()}
    expected = f"source.voorbeeld/2@17 {origin.topic}/1@1 soort.code (unmapped-code) 2026-03-02 "
    expected += " ".join(parked_words.fix(each, "nl") for each in (WAITS.parked, other))
    assert set(expected.split()) <= words
    for each in (WAITS.parked, other):
        assert sum(line.startswith(str(each.id)[:8]) for line in lines) == 1
    assert sum("2026-03-02 12:00:00" in line for line in lines) == 2
    assert "apart gezet op (UTC)" in result.stdout

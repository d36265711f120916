"""Whether a record may be set aside, and what is said to who asks for it."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from typer.testing import CliRunner, Result

from schemas import ids
from schemas.codes import Stage
from schemas.command import Action, Command, carried_out_by
from schemas.parked import Coordinates
from schemas.record import Captured
from services.console import set_aside_commands
from services.console.parked_commands import app
from services.console.set_aside import Absent, Behind, First, Passed, Standing, judged
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings

PARKED = UUID("3f2a9c1e-0000-5000-8000-000000000000")
SOURCES = """
corporations:
  - id: voorbeeldwonen
    name: Voorbeeldwonen (voorbeeld)
    country: NL
    identifier: {system: "http://www.kvk.nl/", value: "00000009"}
    sources: [{name: zorgen, topic: zorgen.v2, adapter: concern, source: "urn:test:zorgen", codes: {}}]
"""


def at(*offsets: int | None) -> list[Captured | None]:
    """What readers read next."""
    return [None if each is None else Captured("signals.v1", b"", offset=each, timestamp=5) for each in offsets]


@pytest.mark.parametrize(
    ("following", "stands"),
    [
        ((7,), First(ids.record_id("signals.v1", 0, 7, 5))),
        ((6,), Behind(6)),
        ((8,), Passed()),
        ((None,), Passed()),
        ((None, 7, 3), First(ids.record_id("signals.v1", 0, 7, 5))),
        ((9, 5, 3), Behind(3)),
        ((9, None), Passed()),
    ],
)
def test_only_what_a_reader_reads_next_holds_up_others(following: Sequence[int | None], stands: Standing) -> None:
    """Of several readers of one topic, any one; what nobody comes to any more is past."""
    assert judged(7, 10, at(*following)) == stands


@pytest.mark.parametrize("offset", [10, 11])
def test_what_is_not_written_yet_is_not_past(offset: int) -> None:
    """A wrong number is told as one."""
    assert judged(offset, 10, at(None)) == Absent()


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Command]:
    """What is given, where offset 7 is read next."""
    commands: list[Command] = []

    async def standing(_kafka: KafkaSettings, place: Coordinates, groups: Sequence[str]) -> Standing:
        assert groups
        stands: dict[int, Standing] = {7: First(PARKED), 8: Behind(7), 6: Passed(), 99: Absent()}
        return stands[place.offset]

    async def give(command: Command, _kafka: KafkaSettings) -> None:
        commands.append(command)

    (tmp_path / "sources.yaml").write_text(SOURCES)
    monkeypatch.setenv("INGEST_CONFIG", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(set_aside_commands, "standing", standing)
    monkeypatch.setattr(set_aside_commands, "give", give)
    return commands


def typed(topic: str, offset: int, *more: str) -> Result:
    """The command, with who and why."""
    who = ["--reason", "others wait", "--actor", "operator-1"]
    return CliRunner().invoke(app, ["set-aside", topic, "3", str(offset), *who, *more])


def test_without_yes_it_only_tells_what_it_would_do(given: list[Command]) -> None:
    """In words and for a program."""
    assert "Without --yes nothing is done" in typed("signals.v1", 7).stdout
    assert "Zonder --yes gebeurt er niets" in typed("signals.v1", 7, "--lang", "nl").stdout
    told = orjson.loads(typed("signals.v1", 7, "--json").stdout)
    assert (told["given"], told["command"], told["parked"]) == (False, None, str(PARKED))
    assert given == []


@pytest.mark.parametrize("topic", ["signals.v1", "referrals.v1", "commands.v1", "zorgen.v2"])
def test_with_yes_it_is_given_about_the_parked_record_that_it_will_be(given: list[Command], topic: str) -> None:
    """With who and why; ingest accounts for it, whichever stage it holds up."""
    result = typed(topic, 7, "--yes", "--json")
    (command,) = given
    assert (command.action, command.target) == (Action.SET_ASIDE, PARKED)
    assert (command.actor, command.reason) == ("operator-1", "others wait")
    assert carried_out_by(command) is Stage.INGEST
    told = orjson.loads(result.stdout)
    assert (told["command"], told["given"], told["topic"]) == (str(command.id), True, topic)
    assert (told["partition"], told["offset"]) == (3, 7)


def test_what_was_given_is_told_with_where_it_is_found(given: list[Command]) -> None:
    """Under the first digits of its id, as `parked list` shows them."""
    assert "seinpaal parked show 3f2a9c1e" in typed("signals.v1", 7, "--yes").stdout
    assert len(given) == 1


@pytest.mark.parametrize(
    ("topic", "offset", "says", "dutch"),
    [
        ("signals.v1", 6, "holds up nothing", "houdt niets op"),
        ("signals.v1", 8, "offset 7 is read first", "offset 7 wordt eerst gelezen"),
        ("signals.v1", 99, "not there yet", "is er nog niet"),
        ("audit.v1", 7, "Mend the audit database", "Herstel de auditdatabase"),
        ("parked.v1", 7, "no stage reads parked.v1", "geen stap leest parked.v1"),
        ("zorgen.v1", 7, "/readyz and hop.later name the record", "noemen het bericht dat wacht"),
    ],
)
def test_what_does_not_hold_up_others_is_refused_with_what_to_do(
    given: list[Command], topic: str, offset: int, says: str, dutch: str
) -> None:
    """In both languages, and nothing is given."""
    error = typed(topic, offset, "--yes").exception
    assert isinstance(error, Refused)
    assert says in error.said("en")
    assert dutch in error.said("nl")
    assert given == []


def test_a_reason_that_no_command_takes_is_refused(given: list[Command]) -> None:
    """In a dry run too."""
    error = CliRunner().invoke(
        app,
        ["set-aside", "signals.v1", "3", "7", "--reason", "x" * 201, "--actor", "operator-1"],
    )
    assert "--reason" in str(error.exception)
    assert given == []

"""Whether a record may be set aside, and what is said to who asks for it."""

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from schemas import ids
from schemas.codes import Stage
from schemas.command import Action, Command, carried_out_by
from schemas.parked import Coordinates
from services.console import set_aside_commands
from services.console.parked_commands import app
from services.console.set_aside import Absent, Behind, First, Passed, Standing, judged
from services.runtime.errors import Refused
from services.runtime.kafka import Offsets
from services.runtime.settings import KafkaSettings

SOURCES = """
corporations:
  - id: voorbeeldwonen
    name: Voorbeeldwonen (voorbeeld)
    country: NL
    identifier: {system: "http://www.kvk.nl/", value: "00000009"}
    sources: [{name: zorgen, topic: zorgen.v2, adapter: concern, source: "urn:test:zorgen", codes: {}}]
"""


def readers(*committed: int | None, beginning: int = 0) -> list[Offsets]:
    """Groups that have committed so far, in a partition that ends at 10."""
    return [Offsets(each, beginning, 10) for each in committed]


@pytest.mark.parametrize(
    ("committed", "stands"),
    [
        ((7,), First()),
        ((6,), Behind(6)),
        ((None,), Behind(0)),
        ((8,), Passed()),
        ((10,), Passed()),
        ((10, 7, 3), First()),
        ((9, 5, 3), Behind(3)),
        ((9, 10), Passed()),
    ],
)
def test_only_what_a_reader_reads_next_holds_up_others(committed: Sequence[int | None], stands: Standing) -> None:
    """Of several readers of one topic, any one; what nobody comes to any more is past."""
    assert judged(7, readers(*committed)) == stands


def test_who_never_committed_reads_the_oldest_that_there_is() -> None:
    """Also who committed what its topic has let go since."""
    assert judged(7, readers(None, beginning=7)) == judged(7, readers(3, beginning=7)) == First()
    assert judged(7, readers(3, beginning=8)) == Passed()


@pytest.mark.parametrize("offset", [10, 11])
def test_what_is_not_written_yet_is_not_past(offset: int) -> None:
    """A wrong number is told as one."""
    assert judged(offset, readers(10)) == Absent()


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Command]:
    """What is given, where offset 7 is read next."""
    commands: list[Command] = []

    async def standing(_kafka: KafkaSettings, place: Coordinates, groups: Sequence[str]) -> Standing:
        assert groups
        stands: dict[int, Standing] = {7: First(), 8: Behind(7), 6: Passed(), 99: Absent()}
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
    assert (told["given"], told["command"], told["reads_from"]) == (False, None, 7)
    assert given == []


@pytest.mark.parametrize("topic", ["signals.v1", "referrals.v1", "commands.v1", "zorgen.v2"])
def test_with_yes_it_is_given_about_that_place(given: list[Command], topic: str) -> None:
    """With who and why; ingest accounts for it, whichever stage it holds up."""
    result = typed(topic, 7, "--yes", "--json")
    (command,) = given
    assert (command.action, command.target) == (Action.SET_ASIDE, ids.input_id(topic, 3, 7))
    assert (command.actor, command.reason) == ("operator-1", "others wait")
    assert carried_out_by(command) is Stage.INGEST
    told = orjson.loads(result.stdout)
    assert (told["command"], told["given"], told["topic"]) == (str(command.id), True, topic)
    assert (told["partition"], told["offset"]) == (3, 7)


def test_what_was_given_is_told_with_where_it_is_found(given: list[Command]) -> None:
    """And that it may go through before."""
    assert "then `seinpaal parked list` shows it" in typed("signals.v1", 7, "--yes").stdout
    assert len(given) == 1


def test_in_a_tenant_systems_topic_a_transaction_may_have_left_room_before_it(given: list[Command]) -> None:
    """Who operates may not read there, so a person compares; in a topic of ours it is refused."""
    assert "reads on from offset 7. That fits only where" in typed("zorgen.v2", 8).stdout
    assert "leest verder vanaf offset 7" in typed("zorgen.v2", 8, "--lang", "nl", "--yes").stdout
    assert orjson.loads(typed("zorgen.v2", 8, "--json").stdout)["reads_from"] == 7
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

"""`seinpaal parked redrive`: one by its id at once; all of them only when it was said twice, and no flood."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from uuid import UUID

import orjson
import pytest
from typer.testing import CliRunner, Result

from schemas import ids
from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.words import Language
from services.console import parked_commands, redriving
from services.console.parked import Waiting
from services.notify import bulk_commands
from services.runtime.errors import Refused
from tests.unit.console.test_parked_commands import WAITS

REASONS = ("unmapped-code", "record-id-missing", "unmapped-code")
THREE = [
    replace(WAITS, parked=WAITS.parked.model_copy(update={"id": ids.input_id("source.x", 0, place), "reason": code}))
    for place, code in enumerate(REASONS)
]


class Log:
    """The log and its database: each command that was given came to what `becomes` says of its target."""

    def __init__(self, given: list[Command], becomes: dict[UUID, Fact]) -> None:
        self._given = given
        self._becomes = becomes

    async def size(self) -> int:
        """A line for each."""
        return len(self._given)

    async def after(self, index: int, _most: int, facts: Sequence[Fact]) -> list[SimpleNamespace]:
        """Those of these facts beyond one, and what another person's command came to meanwhile."""
        ends = [(self._becomes.get(each.target, Fact.RECORD_REDRIVEN), each.id) for each in self._given[index + 1 :]]
        ends.append((Fact.COMMAND_REFUSED, ids.NAMESPACE))
        return [SimpleNamespace(entry=SimpleNamespace(fact=fact, message=of)) for fact, of in ends if fact in facts]

    async def stop(self) -> None:
        """Nothing to close."""


@pytest.fixture
def becomes() -> dict[UUID, Fact]:
    """What a record comes to, by its id; the others can be read now."""
    return {}


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch, becomes: dict[UUID, Fact]) -> list[Command]:
    """Three records wait; what is given of them."""
    commands: list[Command] = []
    log = Log(commands, becomes)

    async def look_into(*_: object) -> Log:
        """Instead of the log's database."""
        return log

    async def found() -> list[Waiting]:
        """As read from the topic and the log."""
        return THREE

    async def give_all(some: Sequence[Command], _: object) -> None:
        """Instead of a broker."""
        commands.extend(some)

    monkeypatch.setattr(parked_commands, "_found", found)
    monkeypatch.setattr(redriving, "give_all", give_all)
    monkeypatch.setattr(redriving, "look_into", look_into)
    monkeypatch.setattr(redriving, "AuditLog", lambda log: log)
    monkeypatch.setattr(redriving, "load", lambda of: SimpleNamespace(database_url=of))
    monkeypatch.setattr(bulk_commands, "LOOK", 0.0)
    monkeypatch.setenv("LC_ALL", "C")
    return commands


def redrive(*arguments: str) -> Result:
    """What becomes of the command."""
    why = ("--reason", "mended", "--actor", "operator-1")
    return CliRunner().invoke(parked_commands.app, ["redrive", *arguments, *why])


def flood(monkeypatch: pytest.MonkeyPatch, many: int) -> list[Waiting]:
    """So many wait."""
    ids_of = [ids.input_id("source.x", 1, place) for place in range(many)]
    waits = [replace(WAITS, parked=WAITS.parked.model_copy(update={"id": each})) for each in ids_of]

    async def found() -> list[Waiting]:
        """As read from the topic and the log."""
        return waits

    monkeypatch.setattr(parked_commands, "_found", found)
    return waits


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3 would be read again; nothing was done. Say --yes to do it"),
        ("nl", "3 worden zo opnieuw gelezen; er is niets gedaan. Geef --yes om het te doen"),
    ],
)
def test_all_of_them_are_only_counted_until_it_is_said_twice(given: list[Command], language: str, said: str) -> None:
    """How many of which reason, in the reader's language; nothing is given."""
    result = redrive("all", "--lang", language)
    assert (result.exit_code, given) == (0, [])
    *counts, last = result.stdout.splitlines()
    assert [(line.split()[0], code in line) for line, code in zip(counts, sorted({*REASONS}), strict=True)] == [
        ("1", True),
        ("2", True),
    ]
    assert last == said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "3 read again, 0 of them"), ("nl", "3 opnieuw gelezen, waarvan er 0")]
)
def test_with_yes_each_is_read_again_once(given: list[Command], language: str, said: str) -> None:
    """A command each, by whom and why."""
    result = redrive("all", "--yes", "--lang", language)
    assert result.exit_code == 0, result.output
    assert said in result.stdout
    assert [each.target for each in given] == [each.parked.id for each in THREE]
    assert {(each.action, each.actor, each.reason) for each in given} == {(Action.REDRIVE, "operator-1", "mended")}


@pytest.mark.parametrize("yes", [(), ("--yes",)])
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "more than 2 records are chosen"), ("nl", "meer dan 2 berichten")],
)
def test_more_than_expected_are_refused(
    given: list[Command], yes: tuple[str, ...], language: Language, said: str
) -> None:
    """Whoever expects a few and finds a flood looks first: also where they said yes."""
    result = redrive("all", "--most", "2", *yes, "--lang", language)
    assert isinstance(result.exception, Refused)
    assert said in result.exception.words.in_(language)
    assert given == []
    assert redrive("all", "--most", "3", *yes).exit_code == 0


def test_a_thousand_is_the_most_that_nobody_has_to_name(given: list[Command], monkeypatch: pytest.MonkeyPatch) -> None:
    """A million of them would take the stages hours, and the next real signal waits behind them."""
    many = 1001

    flood(monkeypatch, many)
    assert isinstance(redrive("all", "--yes").exception, Refused)
    assert given == []
    many = 1000
    flood(monkeypatch, many)
    assert redrive("all", "--yes").exit_code == 0
    assert len(given) == many


def test_one_reason_alone_may_be_chosen(given: list[Command]) -> None:
    """That which was mended: the others would only be parked again."""
    assert redrive("all", "--because", "unmapped-code", "--yes").exit_code == 0
    assert [each.target for each in given] == [THREE[0].parked.id, THREE[2].parked.id]


@pytest.mark.parametrize(("arguments", "done"), [((), 0), (("--yes",), 3)])
def test_a_program_is_told_in_one_object(given: list[Command], arguments: tuple[str, ...], done: int) -> None:
    """As of `deliveries redrive-all`: what is chosen, whether it was given, how many."""
    told = orjson.loads(redrive("all", "--json", *arguments).stdout)
    chosen = {"record-id-missing": 1, "unmapped-code": 2}
    assert told == {"action": "redrive", "chosen": chosen, "given": bool(done), "done": done, "failed": 0}
    assert len(given) == done


def test_one_by_its_id_needs_no_second_word(given: list[Command]) -> None:
    """Who names it means it; a program is told the command."""
    result = redrive(str(THREE[1].parked.id), "--json")
    (command,) = given
    assert orjson.loads(result.stdout).items() >= {"action": "redrive", "target": str(command.target)}.items()
    assert command.target == THREE[1].parked.id


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "stopped: of 20 that were tried 10 came to nothing"),
        ("nl", "gestopt: van 20 die zijn geprobeerd, is bij 10 niets gelukt"),
    ],
)
def test_it_stops_where_most_cannot_be_read_now_either(
    given: list[Command],
    becomes: dict[UUID, Fact],
    monkeypatch: pytest.MonkeyPatch,
    language: Language,
    said: str,
) -> None:
    """After the first twenty: whoever thought that the cause was mended does not have a thousand parked anew."""
    waits = flood(monkeypatch, 300)
    becomes.update({each.parked.id: Fact.COMMAND_REFUSED for each in waits[10:]})
    result = redrive("all", "--yes", "--lang", language)
    assert isinstance(result.exception, Refused)
    assert result.exception.words.in_(language) == said
    assert [each.target for each in given] == [each.parked.id for each in waits[:20]]


def test_it_goes_on_where_most_can_be_read_and_tells_of_the_others(
    given: list[Command], becomes: dict[UUID, Fact], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slice by slice, each record once, and how many still wait."""
    waits = flood(monkeypatch, 300)
    becomes.update({each.parked.id: Fact.COMMAND_REFUSED for each in waits[::3]})
    told = orjson.loads(redrive("all", "--yes", "--json").stdout)
    assert [each.target for each in given] == [each.parked.id for each in waits]
    assert (told["done"], told["failed"]) == (300, 100)

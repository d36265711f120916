"""The commands that read the log."""

import os
import signal as signals
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from schemas.audit import Fact
from services.audit.commands import app, top
from services.runtime.errors import Refused
from tests.unit.audit.conftest import Fill
from tests.unit.audit.samples import accepted, signal, story

HERE = Path(__file__).parents[3]


def run(*arguments: str) -> list[str]:
    """The lines a command prints."""
    group = app if arguments[0] == "list" else top
    result = CliRunner().invoke(group, list(arguments[1:] if group is app else arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_trail_tells_the_story(fill: Fill) -> None:
    """Each step on a line with its time and stage; the rule that fired below the decision."""
    fill([*story(1), *story(2)])
    told = run("trail", str(signal(1))[:8])
    assert told[0] == "2026-03-02 09:00:01Z Ingest     Signal accepted and sealed"
    assert told[2].strip() == (
        "rule acute-danger → refers to veilig-thuis-voorbeeld · wmo-2015-5.2.6"
        " · facts.acute != 'no' && facts.disclosure · saw facts.acute = yes, facts.disclosure = true"
    )
    assert told[4].endswith("attempt 1 · HTTP 503 · try-later · next at 2026-03-02 09:00:32Z")
    assert told[5].endswith("attempt 2 · HTTP 201 · accepted")
    assert len(told) == 6


def test_trail_speaks_dutch(fill: Fill) -> None:
    """With `--lang nl`."""
    fill(story(1))
    assert "Signaal aangenomen en verzegeld" in run("trail", str(signal(1)), "--lang", "nl")[0]


def test_trail_gives_the_entries_as_they_were_written(fill: Fill) -> None:
    """With `--json`: one object a line, the index and the whole entry."""
    fill(story(1))
    told = [orjson.loads(line) for line in run("trail", str(signal(1)), "--json")]
    assert told == [{"index": place, "entry": orjson.loads(entry.write())} for place, entry in enumerate(story(1))]


def test_an_unknown_id_is_refused(fill: Fill) -> None:
    """With what may be the matter."""
    fill(story(1))
    with pytest.raises(Refused, match="nothing in the log has an id that begins with 00000000"):
        run("trail", "00000000")


def test_watch_shows_what_was_recorded_after_an_index(fill: Fill) -> None:
    """Without `--follow` it ends when it has shown all there is."""
    fill([*story(1), *story(2)])
    shown = run("watch", "--no-follow", "--since", "7")
    assert [line.split()[0] for line in shown] == ["8", "9"]


def test_watch_can_show_one_fact(fill: Fill) -> None:
    """With `--fact`, more than once if need be."""
    fill([*story(1), *story(2)])
    shown = run("watch", "--no-follow", "--fact", Fact.SIGNAL_ACCEPTED, "--fact", Fact.DELIVERY_DELIVERED, "--json")
    assert [orjson.loads(line)["index"] for line in shown] == [0, 4, 5, 9]


@pytest.mark.parametrize("command", [("watch", "--no-follow"), ("list",)])
def test_where_nothing_follows_the_last_line_is_told(fill: Fill, command: tuple[str, ...]) -> None:
    """In both languages; a program is given no line, and the exit code is 0: that nothing follows is no fault."""
    fill([])
    assert run(*command, "--since", "-1", "--lang", "en") == ["nothing has been recorded yet"]
    fill(story(1))
    said = "there is nothing after line 99999999; the last line of the log is 4"
    assert run(*command, "--since", "99999999", "--lang", "en") == [said]
    assert run(*command, "--since", "99999999", "--lang", "nl")[0].endswith("de laatste regel van het logboek is 4")
    assert run(*command, "--fact", Fact.CALL_DONE, "--lang", "en")[0].startswith("there is no such line (call.done)")
    assert run(*command, "--since", "99999999", "--json") == []


@pytest.mark.parametrize("option", ["--since", "--limit"])
def test_no_number_that_a_database_cannot_hold_is_taken(fill: Fill, option: str) -> None:
    """The largest is; one more is refused with the range."""
    fill(story(1))
    run("list", option, str(2**63 - 1), "--json")
    refused = CliRunner().invoke(app, [option, str(2**63)], env={"COLUMNS": "200"})
    assert (refused.exit_code, str(2**63 - 1) in refused.output) == (2, True)


def test_watch_shows_a_long_log_whole(fill: Fill) -> None:
    """More than one look's worth, each line once and in order."""
    fill([accepted(number) for number in range(2500)])
    shown = run("watch", "--no-follow", "--since", "-1", "--json")
    assert [orjson.loads(line)["index"] for line in shown] == list(range(2500))


def test_list_gives_the_newest_or_those_after_an_index(fill: Fill) -> None:
    """Fifty unless told otherwise."""
    fill([accepted(number) for number in range(60)])
    assert len(run("list")) == 50
    assert [line.split()[0] for line in run("list", "--since", "9", "--limit", "2")] == ["10", "11"]


def test_watch_ends_cleanly_on_interrupt(fill: Fill) -> None:
    """Ctrl-C while it follows: what was shown stays, no traceback, exit code 0."""
    fill(story(1))
    command = "from services.audit.commands import top; top(['watch', '--since', '-1'])"
    with subprocess.Popen(
        [sys.executable, "-c", command],
        cwd=HERE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        shown = [process.stdout.readline() for _ in range(5)]
        process.send_signal(signals.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert "Delivered" in shown[-1]
    assert (rest, errors.strip(), process.returncode) == ("", "", 0)

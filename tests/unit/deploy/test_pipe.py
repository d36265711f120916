"""A real pipe whose reader leaves: the command ends quietly with 141; where the pipe is whole it ends as it does."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
import typer
from rich.console import Console

from services.audit.append import read
from services.audit.service import PLACE
from services.audit.settings import MIGRATIONS
from services.audit.store import AuditStore
from services.runtime import log
from services.runtime.database import open_database
from services.runtime.pipe import READER_GONE
from tests.unit.audit.samples import record, story

FINDINGS: Final = 2_500
"""Lines that no pipe holds."""

app = typer.Typer()
"""A command that prints many lines and finds something, as `reconcile` does."""

_AS: Final = "from services import cli; cli.COMMANDS[{0!r}] = cli.Place({1!r}, '', top=True); cli.main()"


def command(name: str = "many") -> tuple[str, ...]:
    """It, under that name of `seinpaal`."""
    return sys.executable, "-c", _AS.format(name, __name__), name


@app.command("many")
@app.command("run")
def print_many(number: int = FINDINGS, how: str = "echo", found: int = 1) -> None:
    """Print so many lines, by typer, by rich, as they are or as a log; and say that all was put away, which it was."""
    log.configure()
    printed: dict[str, Callable[[str], object]] = {
        "echo": typer.echo, "rich": Console().print, "write": sys.stdout.write, "log": log.get_logger("many").info,
    }  # fmt: skip
    try:
        for line in range(number):
            printed[how](f"line {line} of a list that no pipe holds" + "\n" * (how == "write"))
    finally:
        printed[how]("")
        typer.echo("put away", err=True)
    raise typer.Exit(found)


def ended(given: tuple[str, ...], lines: int | None, **environment: str) -> tuple[int, str, int]:
    """Its exit code, its standard error, and how many lines of its output were read: so many, or all."""
    process = subprocess.Popen(
        given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stderr as errors:
        with process.stdout as out:
            number = sum(1 for _ in out) if lines is None else sum(1 for _ in zip(range(lines), out, strict=False))
        said = errors.read()
    return process.wait(60), said, number


def test_no_line_in_a_pipe_ends_in_spaces() -> None:
    """What fills the rows of a terminal is in nobody's file; what stands before or between words is kept."""
    script = (
        "from services.runtime.pipe import until_reader_goes\nwith until_reader_goes(): print(' a  b   \\n\\n   \\nc')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout == " a  b\n\n\nc\n"


@pytest.mark.parametrize("how", ["echo", "rich", "write"])
@pytest.mark.parametrize("number", [FINDINGS, 1])
def test_a_reader_that_leaves_ends_the_command_quietly(how: str, number: int) -> None:
    """Amid the lines, or with all of them in hand: as SIGPIPE ends a Unix tool. It is no finding."""
    lines = 3 if number > 1 else 0
    assert ended((*command(), "--number", str(number), "--how", how), lines) == (READER_GONE, "put away\n", lines)


@pytest.mark.parametrize("how", ["echo", "rich", "write"])
@pytest.mark.parametrize("found", [0, 1])
def test_a_reader_that_stays_is_told_what_was_found(how: str, found: int) -> None:
    """Every line, and then the exit code."""
    code, said, lines = ended((*command(), "--how", how, "--found", str(found)), None)
    assert (code, said, lines) == (found, "put away\n", FINDINGS + (how != "write"))


@pytest.mark.parametrize(("name", "code"), [("many", READER_GONE), ("run", 7)])
def test_what_carries_signals_is_not_ended_by_who_reads_its_log(name: str, code: int) -> None:
    """The log drops a line that nobody reads, and a signal goes on."""
    assert ended((*command(name), "--how", "log", "--found", "7"), 3)[0] == code


async def test_a_log_that_is_long_is_read_by_head(tmp_path: Path) -> None:
    """The real `watch`, of three thousand lines, from within its loop."""
    url = f"sqlite:///{tmp_path}/audit.db"
    database = await open_database(url, MIGRATIONS)
    entries = [entry for number in range(600) for entry in story(number)]
    arrivals = [read(record(entry, offset)) for offset, entry in enumerate(entries)]
    await AuditStore(database).append(PLACE, 0, len(arrivals), arrivals)
    await database.stop()
    watch = (sys.executable, "-m", "services.cli", "watch", "--no-follow", "--since", "-1")
    for options in ((), ("--json",)):
        assert ended((*watch, *options), 3, AUDIT_DATABASE_URL=url) == (READER_GONE, "", 3)
        code, said, number = ended((*watch, *options), None, AUDIT_DATABASE_URL=url)
        assert (code, said, number >= len(entries)) == (0, "", True)

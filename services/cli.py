"""`seinpaal`: the one command. Each subcommand loads the stage it needs and no other."""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from itertools import pairwise
from typing import Final, NamedTuple, get_args

import typer

from schemas.words import Language, Words
from services.faults import EX_SOFTWARE, EX_TEMPFAIL, at_fault
from services.runtime.errors import Refused, SeinpaalError, TryLater
from services.runtime.garbage import seldom
from services.runtime.language import of_locale
from services.runtime.pipe import until_reader_goes
from services.usage_words import told

EX_ABORTED, EX_USAGE, EX_CONFIG = 1, 64, 78
"""Of a question that was not answered, Typer's own. Of sysexits.h: unknown command; a person must change something."""

WIDE: Final = 240
"""Characters in a line of a pipe or a file."""

ABOUT: Final = """seinpaal: carries signals of domestic violence and child abuse from housing corporations to help.

Usage: seinpaal COMMAND [OPTIONS]      `seinpaal COMMAND --help` tells more, with an example
Example: seinpaal up --signals 300 --exit
"""


NO_COMMAND: Final = Words(
    "seinpaal: no command '{}'. `seinpaal --help` lists them",
    "seinpaal: geen opdracht '{}'. `seinpaal --help` noemt ze",
)

_UNHEARD: Final = logging.NullHandler()
"""Without a log Python writes what a library warns of to the terminal, before our own sentence about the same."""


class Place(NamedTuple):
    """Where a command is, and what it is for."""

    module: str
    sentence: str
    app: str = "app"
    top: bool = False
    """Whether that app's commands stand at the top themselves; else they are subcommands."""
    example: str = ""
    """Of a command with subcommands; the others have theirs in their own help."""


COMMANDS: Final[dict[str, Place]] = {
    "up": Place(
        "services.sandbox.commands", "Everything in one process, on this machine, to look and to try.", top=True
    ),
    "sandbox": Place(
        "services.sandbox.partner_commands",
        "On your own machine: a care partner that behaves or misbehaves, events to try.",
        example="sandbox partner --kind fhir --misbehave slow=3",
    ),
    "run": Place("services.run_command", "Start one service for production.", top=True),
    "sources": Place(
        "services.ingest.commands",
        "What becomes of a tenant system's events.",
        example="sources list deploy/config/sources.yaml",
    ),
    "rules": Place(
        "services.router.commands",
        "Routing rules: check, test, explain, replay, diff; propose, approve, activate, history.",
        example="rules check --config deploy/config",
    ),
    "held": Place(
        "services.notify.held_commands",
        "Referrals that wait for a person: list, show, release, dismiss, reassign.",
        example="held list",
    ),
    "calls": Place(
        "services.notify.call_commands", "Telephone calls somebody must make: list, show, done.", example="calls list"
    ),
    "inbox": Place(
        "services.notify.inbox_commands",
        "What lies ready for partners without a server: list, open.",
        example="inbox list wijkteam-zwolle-voorbeeld",
    ),
    "deliveries": Place(
        "services.notify.bulk_commands",
        "The delivery ledger: list, show, retry, redrive, cancel; one or many.",
        example="deliveries list --state parked",
    ),
    "partner": Place(
        "services.notify.partner_commands",
        "Partners: status, check, admit, key, examples, disable, enable.",
        example="partner check veilig-thuis-voorbeeld --actor operator-1",
    ),
    "parked": Place(
        "services.console.set_aside_commands",
        "Records that could not be read or carried: list, show, redrive, set-aside.",
        example="parked list",
    ),
    "trail": Place("services.audit.commands", "The whole story of one signal.", "top", top=True),
    "watch": Place("services.audit.commands", "The live audit stream.", "top", top=True),
    "audit": Place("services.audit.commands", "The audit log.", example="audit list --since -1 --limit 1000 --json"),
    "reconcile": Place("services.console.commands", "Whether anything was lost, doubled or unaudited.", top=True),
    "keys": Place(
        "services.keyring.commands",
        "Key-encryption keys and parking keys.",
        example="keys init /etc/seinpaal/keyring.kek",
    ),
}

SERVE: Final = frozenset({"run", "up", "sandbox"})
"""Which go on with signals when nobody reads what they print."""


def listing() -> str:
    """The help of the whole, without importing any command."""
    width = max(map(len, COMMANDS))
    return ABOUT + "\n" + "\n".join(f"  {name:<{width}}  {place.sentence}" for name, place in COMMANDS.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `seinpaal` script. What went wrong is one sentence with its fix, not a traceback."""
    seldom()
    _any_terminal()
    given = list(sys.argv[1:] if arguments is None else arguments)
    logging.getLogger("aiokafka").addHandler(_UNHEARD)
    match given:
        case [] | ["-h" | "--help" | "help", *_]:
            typer.echo(listing())
        case ["--version", *_]:
            typer.echo(version("seinpaal"))
        case [name, *rest] if place := COMMANDS.get(name):
            with _room(), nullcontext() if name in SERVE else until_reader_goes():
                sys.exit(_run(name, place, rest))
        case [name, *_]:
            typer.echo(NO_COMMAND.in_(of_locale()).format(name), err=True)
            sys.exit(EX_USAGE)


def _any_terminal() -> None:
    """What a terminal or a file of its kind has no sign for is a question mark there, and ends no command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


@contextmanager
def _room() -> Iterator[None]:
    """Where no terminal says how wide it is, tables are as wide as they need: cut off, a script could not find them."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        yield
        return
    os.environ["COLUMNS"] = str(WIDE)
    try:
        yield
    finally:
        del os.environ["COLUMNS"]


def _run(name: str, place: Place, rest: list[str]) -> int:
    command = typer.Typer(add_completion=False)
    app: typer.Typer = getattr(import_module(place.module), place.app)
    if place.top:
        command.add_typer(app)
    else:
        command.add_typer(app, name=name, epilog=f"Example: seinpaal {place.example}")
    try:
        code = command(args=[name, *rest], prog_name="seinpaal", standalone_mode=False)
    except typer.TyperException as error:
        return _mistyped(error, name, _language(rest))
    except typer.Abort:
        return EX_ABORTED
    except SeinpaalError as error:
        for line in error.said(_language(rest)).splitlines():
            typer.echo(f"seinpaal: {line}", err=True)
        return exit_code(error)
    except Exception as error:
        if name == "run":
            raise  # to its log, which tells it as it tells any other
        code, told_of_it = at_fault(error)
        for each in told_of_it:
            typer.echo(f"seinpaal: {each.in_(_language(rest))}", err=True)
    return code if isinstance(code, int) else 0


def _mistyped(error: typer.TyperException, name: str, language: Language) -> int:
    """Tell what was typed wrong. Where nothing was, the help stands there by now, and there is no more to say."""
    if text := error.format_message():
        context = getattr(error, "ctx", None)
        where = f"seinpaal {name}" if context is None else context.command_path
        typer.echo(told(text, where).in_(language), err=True)
    return error.exit_code


def _language(given: Sequence[str]) -> Language:
    """The one that was asked for, whichever command takes it; else the terminal's."""
    for option, value in pairwise([*given, ""]):
        name, _, beside = option.partition("=")
        if name in ("--lang", "--language") and (beside or value) in get_args(Language):
            return "nl" if (beside or value) == "nl" else "en"
    return of_locale()


def exit_code(error: SeinpaalError) -> int:
    """What a script is told of it."""
    match error:
        case Refused():
            return EX_CONFIG
        case TryLater():
            return EX_TEMPFAIL
        case _:
            return EX_SOFTWARE


if __name__ == "__main__":
    main()

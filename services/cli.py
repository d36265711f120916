"""`seinpaal`: the one command. Each subcommand loads the stage it needs and no other."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Final, NamedTuple

import typer

from services.runtime.errors import Refused, SeinpaalError

EX_USAGE, EX_TEMPFAIL, EX_CONFIG = 64, 75, 78
"""sysexits.h: unknown command; what we need is not there now; a person must change something."""

ABOUT: Final = """seinpaal: carries signals of domestic violence and child abuse from housing corporations to help.

Usage: seinpaal COMMAND [OPTIONS]      `seinpaal COMMAND --help` tells more, with an example
Example: seinpaal up --signals 300 --exit
"""


class Place(NamedTuple):
    """Where a command is, and what it is for."""

    module: str
    sentence: str
    app: str = "app"
    shared: bool = False
    """Whether that app holds more commands of the top level beside it."""


COMMANDS: Final[dict[str, Place]] = {
    "up": Place("services.sandbox.commands", "Everything in one process, on this machine, to look and to try."),
    "run": Place("services.run_command", "Start one service for production."),
    "sources": Place("services.ingest.commands", "What becomes of a tenant system's events."),
    "rules": Place("services.router.commands", "Routing rules: check them, ask why."),
    "held": Place("services.notify.held_commands", "Referrals that wait for a person: list, release, dismiss."),
    "deliveries": Place("services.notify.commands", "The delivery ledger."),
    "parked": Place("services.console.parked_commands", "Records that could not be read: list, show, redrive."),
    "trail": Place("services.audit.commands", "The whole story of one signal.", "top", shared=True),
    "watch": Place("services.audit.commands", "The live audit stream.", "top", shared=True),
    "audit": Place("services.audit.commands", "The audit log."),
    "reconcile": Place("services.console.commands", "Whether anything was lost, doubled or unaudited."),
    "keys": Place("services.keyring.commands", "Key-encryption keys and parking keys."),
}


def listing() -> str:
    """The help of the whole, without importing any command."""
    width = max(map(len, COMMANDS))
    return ABOUT + "\n" + "\n".join(f"  {name:<{width}}  {place.sentence}" for name, place in COMMANDS.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `seinpaal` script. What went wrong is one sentence with its fix, not a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    match given:
        case [] | ["-h" | "--help" | "help", *_]:
            typer.echo(listing())
        case ["--version", *_]:
            typer.echo(version("seinpaal"))
        case [name, *rest] if place := COMMANDS.get(name):
            sys.exit(_run(name, place, rest))
        case [name, *_]:
            typer.echo(f"seinpaal: no command {name!r}. `seinpaal --help` lists them", err=True)
            sys.exit(EX_USAGE)


def _run(name: str, place: Place, rest: list[str]) -> int:
    app: typer.Typer = getattr(import_module(place.module), place.app)
    arguments = [name, *rest] if place.shared else rest
    program = "seinpaal" if place.shared else f"seinpaal {name}"
    try:
        app(args=arguments, prog_name=program, standalone_mode=True)
    except SeinpaalError as error:
        typer.echo(f"seinpaal: {error}", err=True)
        return EX_CONFIG if isinstance(error, Refused) else EX_TEMPFAIL
    return 0


if __name__ == "__main__":
    main()

"""`seinpaal up`."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.console import Console
from rich.table import Table

from services.runtime import log
from services.runtime.errors import Refused
from services.sandbox.configuration import SHIPPED
from services.sandbox.state import State

if TYPE_CHECKING:  # the world takes a second to import: help must not wait for it
    from services.sandbox.verdict import Verdict
    from services.sandbox.world import Options

app = typer.Typer(add_completion=False)

RATE: Final = 2.0
RATE_TO_THE_END: Final = 25.0
"""Signals a second when somebody waits for the end."""

INTERRUPTED: Final = 130
"""128 + SIGINT, as a shell tells it."""


@app.command()
def up(
    *,
    signals: Annotated[
        int, typer.Option(min=0, metavar="N", help="Stop writing after so many signals; 0 goes on.")
    ] = 0,
    exit_when_done: Annotated[
        bool, typer.Option("--exit", help="End when all of them are final or held; exit code 1 if anything is wrong.")
    ] = False,
    rate: Annotated[
        float | None,
        typer.Option(min=0.01, metavar="N", help="Signals a second: 2, with --exit 25.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which made-up signals, and which failures.")] = 1,
    state: Annotated[Path, typer.Option(help="Folder everything is kept in.")] = Path(".state"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Empty that folder first.")] = False,
    kafka: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT", help="A broker of yours instead of the embedded one.", envvar="KAFKA_BOOTSTRAP"
        ),
    ] = None,
    database: Annotated[str | None, typer.Option(metavar="URL", help="postgresql://… instead of SQLite files.")] = None,
    config: Annotated[
        Path,
        typer.Option(help="Folder with sources.yaml, rules/, areas/ and partners.yaml.", show_default="deploy/config"),
    ] = SHIPPED,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Port of the live page; 0 takes a free one.")
    ] = 8470,
    lang: Annotated[Literal["en", "nl"], typer.Option(help="Language of the facts shown.")] = "en",
) -> None:
    """Run everything in one process: Apache Kafka, three sample corporations, four sandbox partners, the live page.

    Exit codes: 0 all is well, 1 something is lost, doubled or unaudited,
    130 interrupted before the end, 78 something you gave cannot be used,
    75 something we need is not there, 70 a service died.

    Example: seinpaal up --signals 300 --exit
    """
    if exit_when_done and not signals:
        raise Refused("--exit waits for a number of signals: give one with --signals")
    with Console().status("Loading"):
        from services.runtime.settings import KafkaSettings  # noqa: PLC0415  help must not wait for it
        from services.sandbox.kafka import last_address  # noqa: PLC0415  same
        from services.sandbox.world import Options  # noqa: PLC0415  same
    place = State(state)
    with place.claimed(fresh=fresh):
        given = None if kafka == last_address(place.kafka) else kafka  # the embedded one's own, from its environment
        options = Options(
            state=place,
            kafka=KafkaSettings(bootstrap=given) if given else None,
            database=database,
            config=config,
            signals=signals,
            rate=rate or (RATE_TO_THE_END if exit_when_done else RATE),
            seed=seed,
            port=port,
        )
        verdict = _run(options, lang, until_done=exit_when_done)
    if verdict is None:
        raise typer.Exit(INTERRUPTED if exit_when_done else 0)
    _tell(verdict)
    raise typer.Exit(0 if verdict.good else 1)


def _run(options: "Options", lang: Literal["en", "nl"], *, until_done: bool) -> "Verdict | None":
    """None when it was interrupted."""
    from services.runtime.tracing import traced  # noqa: PLC0415  help must not wait for it
    from services.sandbox.up import up as run_up  # noqa: PLC0415  help must not wait for it
    from services.sandbox.view import View  # noqa: PLC0415  same

    with options.state.log.open("a") as stream:
        log.configure(stream=stream)
        with traced("seinpaal-up"), View(Console(), language=lang) as view:
            try:
                return asyncio.run(run_up(replace(options, on_step=view.say), view, until_done=until_done))
            except KeyboardInterrupt:  # before the services took Ctrl-C over
                return None


def _tell(verdict: "Verdict") -> None:
    """The summary and the verdict."""
    numbers = verdict.numbers
    moving = sum(numbers[name] for name in ("unread", "at the router", "at notify", "pending"))
    rows = {
        "signals accepted": numbers["accepted"],
        "referrals delivered": numbers["delivered"],
        "referrals held for a person": numbers["held"],
        "referrals cancelled": numbers["cancelled"],
        "referrals dismissed": numbers["dismissed"],
        "referrals parked": numbers["parked"],
        "records parked": numbers["records parked"],
        "still on their way": moving,
    }
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, show_header=False)
    for name, number in rows.items():
        table.add_row(name, str(number))
    console.print(table)
    for fault in verdict.faults:
        console.print(f"✗ {fault}", style="red", markup=False)
    if not verdict.settled:
        console.print("✗ not everything came to rest", style="red")
    if verdict.good:
        console.print("✓ nothing lost, nothing doubled, nothing without audit", style="green")

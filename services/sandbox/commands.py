"""`seinpaal up`."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.audit.words import Language
from services.runtime import log
from services.runtime.settings import KafkaSettings
from services.sandbox.configuration import SHIPPED
from services.sandbox.state import State
from services.sandbox.up import up as run_up
from services.sandbox.verdict import Verdict
from services.sandbox.view import View
from services.sandbox.world import Options

app = typer.Typer(add_completion=False)

EXIT_RATE = 25.0
"""Signals a second when somebody waits for the end."""


@app.command()
def up(
    *,
    signals: Annotated[int, typer.Option(help="Stop writing after so many signals; 0 goes on.")] = 0,
    exit_when_done: Annotated[
        bool, typer.Option("--exit", help="End when all of them are final or held; exit code 1 if anything is wrong.")
    ] = False,
    rate: Annotated[float | None, typer.Option(help="Signals a second. [default: 2, with --exit 25]")] = None,
    seed: Annotated[int, typer.Option(help="Which made-up signals, and which failures.")] = 1,
    state: Annotated[Path, typer.Option(help="Folder everything is kept in.")] = Path(".state"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Empty that folder first.")] = False,
    kafka: Annotated[
        str | None, typer.Option(help="HOST:PORT of a broker of yours, instead of the embedded one.")
    ] = None,
    database: Annotated[str | None, typer.Option(help="postgresql://… instead of SQLite files.")] = None,
    config: Annotated[Path, typer.Option(help="Folder with sources.yaml, rules/, areas/ and partners.yaml.")] = SHIPPED,
    port: Annotated[int, typer.Option(help="Port of the live page; 0 takes a free one.")] = 8470,
    lang: Annotated[Language, typer.Option(help="en or nl.")] = "en",
) -> None:
    """Run everything in one process: Apache Kafka, three sample corporations, four sandbox partners, the live page.

    Example: seinpaal up --signals 300 --exit
    """
    place = State(state)
    if fresh:
        place.fresh()
    place.make()
    console = Console()
    with (place.folder / "seinpaal.log").open("a") as stream:
        log.configure(stream=stream)
        title = f"live page http://127.0.0.1:{port}/   state {state}/   Ctrl-C stops"
        with View(console, language=lang, title=title) as view:
            options = Options(
                state=place,
                kafka=KafkaSettings(bootstrap=kafka) if kafka else None,
                database=database,
                config=config,
                signals=signals,
                rate=rate or (EXIT_RATE if exit_when_done else 2.0),
                seed=seed,
                port=port,
                on_step=view.say,
            )
            ending = asyncio.run(run_up(options, view, until_done=exit_when_done and signals > 0))
    if ending.verdict is not None:
        tell(console, ending.verdict)
        sys.exit(0 if ending.verdict.good else 1)


def tell(console: Console, verdict: Verdict) -> None:
    """The summary and the verdict."""
    table = Table("what", "how many", box=None)
    for name, number in verdict.numbers.items():
        table.add_row(name, str(number))
    console.print(table)
    for fault in verdict.faults:
        console.print(f"[red]{fault}[/]", highlight=False)
    if not verdict.settled:
        console.print("[red]not everything came to rest[/]")
    if verdict.good:
        console.print("[green]nothing lost, nothing doubled, nothing without audit[/]")

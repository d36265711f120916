"""The measurements of the README: `python -m tests.bench [NAME ...] [--json]`, each in one run."""

import asyncio
import shlex
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.runtime import log
from services.sandbox.kafka import EmbeddedKafka
from tests.bench.figures import Figure, machine, table
from tests.bench.place import Place

NAMES: Final = (
    "ingest_hop",
    "router_hop",
    "decide",
    "end_to_end",
    "latency",
    "silence",
    "footprint",
    "replay",
    "deliveries",
    "isolation",
    "parked",
)
Measure = Callable[[Place], Awaitable[list[Figure]]]

app = typer.Typer(add_completion=False)


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help=" | ".join(NAMES))] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Only the figures, as JSON.")] = False,
) -> None:
    """Measure, and print one table and one dictionary. Nothing is written but in a temporary folder.

    Example: python -m tests.bench ingest_hop router_hop
    """
    chosen = names or list(NAMES)
    for name in chosen:
        if name not in NAMES:
            raise typer.BadParameter(f"no measurement {name!r}: choose of {', '.join(NAMES)}")
    began = time.monotonic()
    told = Console(stderr=True)
    figures = asyncio.run(_all(chosen, told))
    found: dict[str, Any] = {
        "command": shlex.join(["python", "-m", "tests.bench", *sys.argv[1:]]),
        "seconds": round(time.monotonic() - began),
        "machine": machine(),
        "figures": {figure.name: figure.as_json() for figure in figures},
    }
    written = orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()
    if not as_json:
        Console(width=max(120, told.width)).print(table(figures))
    sys.stdout.write(f"{written}\n")


async def _all(names: list[str], console: Console) -> list[Figure]:
    figures: list[Figure] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, refresh_per_second=2) as progress:
        for name in names:
            task = progress.add_task(name, total=None)

            def tell(what: str, step: int, steps: int, task: Any = task, name: str = name) -> None:
                progress.update(task, description=f"{name}: {what} {step}/{steps}", completed=step - 1, total=steps)

            figures += await _one(import_module(f"tests.bench.{name}").measure, tell)
            progress.update(task, description=name, completed=1, total=1)
    return figures


async def _one(measure: Measure, tell: Callable[[str, int, int], None]) -> list[Figure]:
    """On a broker of its own, so that no measurement carries what another one left."""
    with TemporaryDirectory(prefix="bench-") as folder, (Path(folder) / "log").open("a") as stream:
        told = sys.excepthook
        log.configure(stream=stream)
        sys.excepthook = told  # what goes wrong here is for whoever measures, not for that log
        kafka = EmbeddedKafka(Path(folder) / "kafka")
        try:
            return await measure(Place.of(Path(folder), await kafka.start(), tell))
        finally:
            with suppress(ProcessLookupError):
                await kafka.stop()


if __name__ == "__main__":
    app()

"""`seinpaal sources`: what becomes of a tenant system's events, tried on a sample without a broker."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.table import Table

from schemas.corporation import Corporation, Source
from services.ingest.configuration import read_configuration
from services.ingest.telling import WITHOUT, Told, doubtful, told
from services.ingest.trying import tried
from services.runtime.clock import now
from services.runtime.errors import Refused

app = typer.Typer(no_args_is_help=True, help="What becomes of a tenant system's events.")

UNREADABLE: Final = 1
"""Exit code when an event of the sample would be parked."""

_COLOURS: Final = {"signal": "green", "withdrawal": "cyan", "ignored": "yellow", "unreadable": "red"}

Sources = Annotated[Path, typer.Argument(help="The file sources.yaml; areas/ lies beside it.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command()
def check(
    sources: Sources,
    source: Annotated[str, typer.Option(help="Name of the source in that file.")],
    sample: Annotated[Path, typer.Option(help="Events: one JSON, an array, one a line, or captured records.")],
    *,
    json: Json = False,
) -> None:
    """Show what becomes of each event of a sample: nothing is sent, no content is shown.

    The exit code is 1 when an event is unreadable. What the source says that may mean more than was meant is a warning.

    Example: seinpaal sources check deploy/config/sources.yaml --source ijsselhof-zaken --sample zaken.ndjson
    """
    try:
        raw = sample.read_bytes()
    except OSError as error:
        raise Refused(f"{sample}: cannot be read ({type(error).__name__}). Check the name") from None
    configuration = read_configuration(sources)
    outcomes = tried(configuration, source, raw, now())
    for doubt in (text for _, each in configuration.sources() if each.name == source for text in doubtful(each)):
        typer.echo(f"{source}: {doubt}", err=True)
    fates = [told(number, each.outcome) for number, each in enumerate(outcomes, start=1)]
    _print_json(fates) if json else _print_table(fates, source)
    if any(fate.became == "unreadable" for fate in fates):
        raise typer.Exit(UNREADABLE)


@app.command(name="list")
def list_sources(sources: Sources, *, json: Json = False) -> None:
    """List the sources of a file, after checking it and the areas beside it as a whole; --json tells more.

    Example: seinpaal sources list deploy/config/sources.yaml
    """
    found = list(read_configuration(sources).sources())
    if json:
        for corporation, source in found:
            typer.echo(orjson.dumps(_listed(corporation, source)))
        return
    table = Table("source", "adapter", box=None)
    table.add_column("topic", overflow="fold")
    for _, source in found:
        table.add_row(source.name, source.adapter, source.topic)
    Console().print(table)


def _listed(corporation: Corporation, source: Source) -> dict[str, str | int]:
    return {
        "source": source.name,
        "corporation": corporation.id,
        "adapter": source.adapter,
        "topic": source.topic,
        "codes": len(source.codes),
        "unmapped": source.unmapped,
        "area": source.defaults.area or "",
    }


def _print_json(fates: Sequence[Told]) -> None:
    for fate in fates:
        said = {name: value for name, value in fate._asdict().items() if value not in ("", (), {}, 0)}
        typer.echo(orjson.dumps(said))


def _print_table(fates: Sequence[Told], source: str) -> None:
    table = Table("#", "became", "facts", "found, or why", title=source)
    for fate in fates:
        facts = "\n".join(f"{name}: {_shown(value)}" for name, value in fate.facts.items())
        facts += "".join(f"\n{WITHOUT[name]}" for name, found in fate.found.items() if not found)
        told = (*(name for name, found in fate.found.items() if found), *fate.particulars)
        removed = (f"{fate.removed} numbers removed",) if fate.removed else ()
        why = "\n".join(part for part in (fate.reason, fate.field, fate.fix) if part)
        became = f"[{_COLOURS[fate.became]}]{fate.became}[/]"
        table.add_row(str(fate.number), became, facts, why or ", ".join((*told, *removed)))
    Console().print(table)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

"""`seinpaal sources`: what becomes of a tenant system's events, tried on a sample without a broker."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from schemas.corporation import Corporation, Source
from schemas.words import Language, filled
from services.ingest import check_words as words
from services.ingest.check_table import tabled
from services.ingest.configuration import read_configuration
from services.ingest.telling import Told, told
from services.ingest.trying import doubted, tried
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.file_words import unread
from services.runtime.language import of_locale
from services.runtime.terminal_list import Column, TerminalList

app = typer.Typer(no_args_is_help=True, help="What becomes of a tenant system's events.")

UNREADABLE: Final = 1
"""Exit code when an event of the sample would be parked."""

_LAYOUTS: Final = (((0,), (1,), (2,)), ((0, 1), (2,)), ((0, 1, 2),))
"""Source, adapter, topic: what would not fit beside each other stands one below the other."""

Sources = Annotated[Path, typer.Argument(help="The file sources.yaml; areas/ lies beside it.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Lang = Annotated[
    Language,
    typer.Option("--language", "--lang", help="en or nl.", default_factory=of_locale, show_default="your locale"),
]


@app.command()
def check(
    sources: Sources,
    source: Annotated[str, typer.Option(help="Name of the source in that file.")],
    sample: Annotated[Path, typer.Option(help="Events: one JSON, an array, one a line, or captured records.")],
    *,
    json: Json = False,
    lang: Lang,
) -> None:
    """Show what becomes of each event of a sample: nothing is sent, no content is shown.

    The exit code is 1 when an event is unreadable. What the source says that may mean more than was meant is a warning.

    Example: seinpaal sources check deploy/config/sources.yaml --source ijsselhof-zaken --sample zaken.ndjson
    """
    try:
        raw = sample.read_bytes()
    except OSError as error:
        raise Refused(filled(words.CANNOT_BE_READ, sample, unread(error))) from None
    configuration = read_configuration(sources)
    outcomes = tried(configuration, source, raw, now(), lang)
    for doubt in doubted(configuration, source, outcomes, lang):
        typer.echo(f"{source}: {doubt}", err=True)
    fates = [told(number, each.outcome) for number, each in enumerate(outcomes, start=1)]
    _print_json(fates) if json else Console().print(tabled(fates, source, lang))
    if any(fate.became == "unreadable" for fate in fates):
        raise typer.Exit(UNREADABLE)


@app.command(name="list")
def list_sources(sources: Sources, *, json: Json = False, lang: Lang) -> None:
    """List the sources of a file, after checking it and the areas beside it as a whole; --json tells more.

    Example: seinpaal sources list deploy/config/sources.yaml
    """
    found = list(read_configuration(sources).sources())
    if json:
        for corporation, source in found:
            typer.echo(orjson.dumps(_listed(corporation, source)))
        return
    named = (words.SOURCE, words.ADAPTER, words.TOPIC)
    rows = [(source.name, source.adapter, source.topic) for _, source in found]
    listed = TerminalList([Column(name.in_(lang), whole=True) for name in named], rows, _LAYOUTS)
    Console().print(listed if rows else words.NO_SOURCES.in_(lang))


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

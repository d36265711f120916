"""OPTIONS of `seinpaal up`, each named and explained once."""

from pathlib import Path
from typing import Annotated

import typer

from schemas.words import Language
from services.runtime.language import of_locale

Signals = Annotated[int, typer.Option(min=0, metavar="N", help="Stop writing after so many signals; 0 goes on.")]
Exit = Annotated[
    bool, typer.Option("--exit", help="End when all of them are final or held; exit code 1 if anything is wrong.")
]
Json = Annotated[
    bool, typer.Option("--json", help="With --exit: the verdict as one JSON object; all else is told on stderr.")
]
Rate = Annotated[
    float | None, typer.Option(min=0.01, metavar="N", help="Signals a second: 2, with --exit 25.", show_default=False)
]
Seed = Annotated[int, typer.Option(help="Which made-up signals, and which failures.")]
Folder = Annotated[Path, typer.Option(help="Folder everything is kept in.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Empty that folder first.")]
Kafka = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT",
        help="A broker of yours; KAFKA_BOOTSTRAP names none.",
        show_default="the embedded one",
    ),
]
Database = Annotated[str | None, typer.Option(metavar="URL", help="postgresql://… instead of SQLite files.")]
Config = Annotated[
    Path, typer.Option(help="Folder with sources.yaml, rules/, areas/ and partners.yaml.", show_default="deploy/config")
]
Port = Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="Port of the live page; 0 takes a free one.")]
Lang = Annotated[
    Language,
    typer.Option(
        "--language",
        "--lang",
        help="en or nl.",
        default_factory=of_locale,
        show_default="your locale",
    ),
]

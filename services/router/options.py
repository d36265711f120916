"""OPTIONS: what the commands of `seinpaal rules` take, each named and explained once."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from schemas.words import Language
from services.runtime.language import of_locale

Folder = Annotated[Path, typer.Option(help="Folder with rules/, areas/ and partners.yaml.", envvar="ROUTER_CONFIG")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of sentences.")]
Lang = Annotated[
    Language,
    typer.Option("--language", "--lang", help="en or nl.", default_factory=of_locale, show_default="your locale"),
]

Tried = Annotated[str, typer.Option("--rules", help="The set to try: a folder, or the version of one proposed.")]
Against = Annotated[
    str | None, typer.Option(help="The set to compare with: a folder or a version; else the one in force.")
]
Since = Annotated[str, typer.Option(help="How far back (90d, 24h, 2w), or a day or moment.")]
Until = Annotated[str, typer.Option(help="As since; else now.")]
On = Annotated[
    datetime | None,
    typer.Option(help="Try the rules of this day on every signal, also those not valid yet.", formats=["%Y-%m-%d"]),
]
Written = Annotated[Path | None, typer.Option("--report", help="Write the report here, to approve by.")]

Version = Annotated[str, typer.Argument(help="Its version, or the first eight digits of it.")]
Rests = Annotated[
    str | None,
    typer.Option("--report", help="The replay report you read, or its SHA-256: it is kept with your approval."),
]
Wait = Annotated[float, typer.Option(help="Seconds to wait until a router has carried it out.", min=0)]

"""`seinpaal partner examples`: what a partner's supplier wants to see first, written to a folder."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.notify import partner_words as words
from services.notify.commands import Lang
from services.notify.examples import make


def examples(
    folder: Annotated[Path, typer.Argument(help="Where they are written; it is made when it is not there.")],
    *,
    lang: Lang,
) -> None:
    """Write what each channel sends, of a case that never was: bodies, headers and signatures, to build and test with.

    Example: seinpaal partner examples /tmp/seinpaal-examples
    """
    written = list(make.write(folder, asyncio.run(make.files())))
    for path in written:
        typer.echo(str(path))
    typer.echo(words.EXAMPLES.in_(lang).format(len(written), make.SECRET, make.PUBLIC))

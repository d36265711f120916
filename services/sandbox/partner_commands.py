"""`seinpaal sandbox`: a care partner on your own machine that behaves or misbehaves; events of a corporation's."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer
from aiohttp import ClientError, ClientSession, ClientTimeout, InvalidURL
from rich.console import Console
from rich.table import Table

from schemas.words import Language, filled
from services.notify.commands import Lang
from services.notify.secrets import Secrets
from services.runtime import log
from services.runtime.clock import now
from services.runtime.errors import Refused, TryLater
from services.runtime.run import run
from services.sandbox import partner_words as words
from services.sandbox.emit_commands import emit
from services.sandbox.mischief_words import ABOUT
from services.sandbox.partners.mischief import MISCHIEF, tricks
from services.sandbox.standalone import PartnerKind, Standalone, Wishes

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="On your own machine: a care partner, events of a corporation's."
)
app.command()(emit)

Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")]
Tricks = Annotated[
    list[str] | None, typer.Option(help="NAME or NAME=NUMBER; several at once. `sandbox mischief` lists them.")
]
Key = Annotated[
    str | None, typer.Option(metavar="WHPK", help="Our public key, as `partner key` prints it: it verifies v1a.")
]
Access = Annotated[
    str | None, typer.Option(help="Its own token with us, as env:NAME or file:PATH: with it it fetches and reports.")
]
PATIENCE: Final = ClientTimeout(total=5)


@app.command()
def partner(
    *,
    kind: Annotated[PartnerKind, typer.Option(help="What it speaks.")] = PartnerKind.FHIR,
    misbehave: Tricks = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it listens; 0 takes a free port.")] = 0,
    control: Annotated[int, typer.Option(min=0, max=65535, help="Port of its control; 0 takes a free one.")] = 0,
    folder: Annotated[Path | None, typer.Option(help="Keep what it receives here; else it forgets at its end.")] = None,
    tls: Annotated[Path | None, typer.Option(help="Speak https, with certificates made in this folder.")] = None,
    secret: Annotated[str | None, typer.Option(help="A webhook's secret, as env:NAME or file:PATH; else made.")] = None,
    key: Key = None,
    token: Annotated[str | None, typer.Option(help="A FHIR server's bearer token, as env:NAME or file:PATH.")] = None,
    access: Access = None,
    reaches: Annotated[str | None, typer.Option(metavar="URL", help="Where it reaches us, to report.")] = None,
    accepts: Annotated[bool, typer.Option(help="Somebody there accepts every referral at once.")] = True,
    json: Json = False,
    lang: Lang,
) -> None:
    """Run one care partner until Ctrl-C, on the loopback address, with synthetic data only.

    Example: seinpaal sandbox partner --kind webhook --port 8402 --misbehave slow=3 --misbehave doubles
    """
    wishes = Wishes(
        kind=kind,
        port=port,
        control=control,
        misbehave=tuple(misbehave or ()),
        folder=folder,
        tls=tls,
        secret=_read(secret),
        key=key,
        token=_read(token),
        access=_read(access),
        reaches=reaches,
        accepts=accepts,
    )
    log.configure(level="CRITICAL", stream=sys.stderr)  # what cannot be is told in one sentence, by `cli`
    asyncio.run(run([Standalone(wishes, lambda facts: _tell(facts, lang, json=json))]))


def _read(reference: str | None) -> str | None:
    return None if reference is None else Secrets().read(reference)


@app.command()
def mischief(
    names: Annotated[list[str] | None, typer.Argument(help="NAME or NAME=NUMBER; none: behave.")] = None,
    *,
    control: Annotated[str | None, typer.Option(help="The control address a running partner printed.")] = None,
    json: Json = False,
    lang: Lang,
) -> None:
    """List every way to misbehave; with --control, change how a running partner does.

    Example: seinpaal sandbox mischief slow=3 redirect --control http://127.0.0.1:8499/mischief
    """
    if control is not None:
        tricks(names or [], now)  # what there is not, is said here, in the reader's language
        played = asyncio.run(_play(control, names or []))
        said = words.PLAYING.in_(lang).format(", ".join(played) or words.NOTHING.in_(lang))
        typer.echo(orjson.dumps({"playing": played}).decode() if json else said)
        return
    if names:
        raise Refused(words.WHICH)
    if json:
        typer.echo(orjson.dumps({name: ABOUT[name].en for name in MISCHIEF}).decode())
        return
    table = Table(words.NAME.in_(lang), "N", words.DOES.in_(lang), box=None)
    for name, each in MISCHIEF.items():
        table.add_row(name, "" if each.usual is None else f"{each.usual:g}", ABOUT[name].in_(lang))
    Console().print(table)


def _tell(facts: Mapping[str, str], lang: Language, *, json: bool) -> None:
    if json:
        typer.echo(orjson.dumps(dict(facts)).decode())
        return
    for name, value in facts.items():
        typer.echo(f"{words.FACTS[name].in_(lang):<10} {value}")


async def _play(control: str, names: list[str]) -> list[str]:
    try:
        async with ClientSession(timeout=PATIENCE) as session, session.put(control, json=names) as response:
            said: dict[str, Any] = await response.json()
    except InvalidURL:
        raise Refused(filled(words.NO_CONTROL, control)) from None
    except (ClientError, TimeoutError, ValueError) as error:
        raise TryLater(filled(words.SILENT, control, type(error).__name__)) from None
    if "error" in said:
        raise Refused(said["error"])
    return list(said["playing"])

"""`seinpaal inbox`: what lies ready for a partner without a server, and one of it, opened by a person."""

import asyncio
from typing import Annotated

import orjson
import typer
import yaml
from rich.console import Console
from rich.table import Table

from schemas.partner import InboxChannel
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.notify import shelf
from services.notify.channels.webhook_body import body
from services.notify.collecting import Nothing
from services.notify.collector import Collected, Collector, Gone, Shown, Visit
from services.notify.commands import SHOWN, Id, Json
from services.notify.directory import Directory, read_directory
from services.notify.looking import looking
from services.notify.settings import MIGRATIONS, NotifySettings
from services.notify.shelf import Item
from services.runtime.clock import now
from services.runtime.database import look_into
from services.runtime.errors import Refused
from services.runtime.settings import load

app = typer.Typer(no_args_is_help=True, add_completion=False, help="What lies ready for partners without a server.")

Name = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id in partners.yaml.")]
Who = Annotated[str, typer.Option("--actor", envvar="USER", help="Who opens it: a pseudonym, not a name.")]


@app.command("list")
def listed(
    partner: Name,
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that were opened before, too.")] = False,
    json: Json = False,
) -> None:
    """List what lies in a partner's inbox, what waits longest first. Content is not shown.

    Example: seinpaal inbox list wijkteam-zwolle-voorbeeld
    """
    found = asyncio.run(_items(partner, waiting=not every))
    if json:
        for item in found:
            typer.echo(orjson.dumps(item).decode())
        return
    table = Table("referral", "rev", "waits", "since", "deadline", "opened", box=None)
    for item in found:
        since, deadline = f"{item.since:{SHOWN}}", f"{item.deadline:{SHOWN}}"
        cells = (str(item.referral)[:8], str(item.revision), "yes" if item.waits else "", since, deadline)
        table.add_row(*cells, str(item.fetched))
    Console().print(table)
    typer.echo(f"{len(found)} shown")


@app.command("open")
def opened(partner: Name, id: Id, *, actor: Who, json: Json = False) -> None:  # noqa: A002  its name in the help
    """Open one referral and show its content. Who opened it is on the audit stream before you see anything.

    Example: seinpaal inbox open wijkteam-zwolle-voorbeeld 7efbaa82 --actor worker-3
    """
    match asyncio.run(_open(partner, id, actor)):
        case Shown(body=content):
            typer.echo(content if json else _readable(content))
        case Gone(why=why):
            raise Refused(f"this referral was {why}: there is nothing to show")
        case Nothing():
            raise Refused(f"no referral {id} lies ready for {partner}: `seinpaal inbox list {partner}` shows which do")


def _readable(content: bytes) -> str:
    """The event's data, a line each."""
    return yaml.safe_dump(orjson.loads(content)["data"], allow_unicode=True, sort_keys=False)


async def _items(partner: str, *, waiting: bool) -> list[Item]:
    settings = load(NotifySettings)
    _known(read_directory(settings.config), partner)
    async with looking(settings) as look:
        return await shelf.items(look.connection, partner, waiting=waiting)


async def _open(partner: str, text: str, actor: str) -> Collected:
    settings, directory = load(NotifySettings), read_directory(load(NotifySettings).config)
    _known(directory, partner)
    async with looking(settings) as look:
        line = await look.one(text)
    keyring, keys = await open_keyring(load(KeyringSettings))
    database = await look_into(settings.database_url, MIGRATIONS, "NOTIFY_DATABASE_URL")
    try:
        collector = Collector(database, keyring.find, directory, now, lambda: None)
        return await collector.collect(Visit(line.referral, partner, actor=actor), body)
    finally:
        await database.stop()
        await keys.stop()


def _known(directory: Directory, partner: str) -> None:
    known = directory.partners.get(partner)
    if known is None or not isinstance(known.channel, InboxChannel):
        raise Refused(
            f"no partner {partner!r} has an inbox: its entry in partners.yaml says `channel: {{type: inbox}}`"
        )

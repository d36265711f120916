"""`seinpaal inbox`: what lies ready for partners without a server, and one of it, opened by a person."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from schemas.local_day import clock_in
from schemas.partner import InboxChannel, Partner
from schemas.words import Language, told
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.notify import fetchable
from services.notify import inbox_words as words
from services.notify.channel import Unsendable
from services.notify.channels.webhook_body import body
from services.notify.collector import Collected, Collector, Gone, Shown, Visit
from services.notify.commands import Id, Json, Lang
from services.notify.desk_table import sheet
from services.notify.desk_view import left
from services.notify.directory import Directory, read_directory
from services.notify.fetchable import Item
from services.notify.fetching import Nothing
from services.notify.inbox_page import rows
from services.notify.ledger_view import looking
from services.notify.letter import Letter
from services.notify.settings import MIGRATIONS, NotifySettings
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.database import look_into
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings, load
from services.runtime.terminal_list import Column, TerminalList

app = typer.Typer(no_args_is_help=True, add_completion=False, help="What lies ready for partners without a server.")

_LAYOUTS: Final = (
    ((0,), (1,), (2,), (3,), (4,), (5,)),
    ((0,), (1, 2), (3, 4), (5,)),
    ((0, 1, 2, 3, 4, 5),),
)
"""Partner, referral, revision, time left, since when it lies there, how often it was opened."""

Every = Annotated[
    str | None, typer.Argument(metavar="PARTNER", help="Its id in partners.yaml; without it, all of them.")
]
Name = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id in partners.yaml.")]


@app.command("list")
def listed(
    partner: Every = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that were opened before, too.")] = False,
    json: Json = False,
    lang: Lang,
) -> None:
    """List what lies in an inbox, what waits longest first. Content is not shown.

    Example: seinpaal inbox list wijkteam-zwolle-voorbeeld
    """
    found = asyncio.run(_items(partner, lang, waiting=not every))
    if json:
        for whose, item in found:
            typer.echo(orjson.dumps({"partner": whose.id, **asdict(item)}).decode())
        return
    if not found:
        typer.echo(words.NOTHING.in_(lang))
        return
    at = now()
    named = (words.PARTNER, words.REFERRAL, words.REVISION, words.LEFT, words.SINCE, words.OPENED)
    rows = []
    for whose, item in found:
        due = left(item.deadline, at, lang) if item.waits else ""
        since = clock_in(whose.country, item.since)
        rows.append((whose.id, str(item.referral)[:8], str(item.revision), due, since, str(item.fetched)))
    Console().print(TerminalList([Column(each.in_(lang), whole=True) for each in named], rows, _LAYOUTS))


@app.command("open")
def opened(partner: Name, id: Id, *, actor: Actor, json: Json = False, lang: Lang) -> None:  # noqa: A002  its name in the help
    """Open one referral and show its content. Who opened it is on the audit stream before you see anything.

    Example: seinpaal inbox open wijkteam-zwolle-voorbeeld 7efbaa82 --actor worker-3
    """
    letters: list[Letter] = []
    match asyncio.run(_open(partner, id, actor, lang, letters)):
        case Shown(body=content) if json:
            typer.echo(content)
        case Shown():
            Console().print(sheet(rows(letters[-1], now(), lang)))
        case Gone(why=why):
            raise Refused(words.NOTHING_TO_SHOW.in_(lang).format(told(words.GONE, why, lang)))
        case Nothing():
            raise Refused(words.NOT_THERE.in_(lang).format(id, partner, partner))


async def _items(partner: str | None, lang: Language, *, waiting: bool) -> list[tuple[Partner, Item]]:
    settings = load(NotifySettings)
    directory = read_directory(settings.config)
    having = [directory.partners[name] for name in _with_inbox(directory, partner, lang)]
    async with looking(settings) as look:
        found = [
            (whose, each)
            for whose in having
            for each in await fetchable.items(look.connection, whose.id, waiting=waiting)
        ]
    return sorted(found, key=lambda one: (not one[1].waits, one[1].since, one[1].referral))


async def _open(partner: str, text: str, actor: str, lang: Language, letters: list[Letter]) -> Collected:
    """`letters` gets the one that is shown."""
    settings = load(NotifySettings)
    directory = read_directory(settings.config)
    _with_inbox(directory, partner, lang)
    async with looking(settings) as look:
        line = await look.one(text, lang)
    keyring, keys = await open_keyring(load(KeyringSettings))
    source = load(KafkaSettings).source
    database = await look_into(settings.database_url, MIGRATIONS, "NOTIFY_DATABASE_URL")

    def pack(letter: Letter) -> bytes:
        """As a webhook would have it; the letter itself is what is shown."""
        letters.append(letter)
        return body(letter, source)

    try:
        collector = Collector(database, keyring.find, directory, now, lambda: None)
        return await collector.collect(Visit(line.referral, partner, actor=actor), pack)
    except Unsendable as error:
        raise Refused(words.CANNOT_BE_SHOWN.in_(lang).format(error.reason)) from None
    finally:
        await database.stop()
        await keys.stop()


def _with_inbox(directory: Directory, partner: str | None, lang: Language) -> list[str]:
    """Those that have one, or this one alone. Raises Refused when it has none."""
    having = sorted(name for name, each in directory.partners.items() if isinstance(each.channel, InboxChannel))
    if partner is not None and partner not in having:
        who = words.THESE_HAVE.in_(lang).format(", ".join(having)) if having else words.NONE_HAS.in_(lang)
        raise Refused(words.NO_INBOX.in_(lang).format(partner, who))
    return having if partner is None else [partner]

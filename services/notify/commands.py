"""`seinpaal deliveries`: where referrals stand, and what operators may do about one."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import orjson
import typer
from rich.console import Console

from schemas import reason_words
from schemas.command import Action, Command
from schemas.delivery import Delivery, DeliveryState
from schemas.words import Language, filled
from services.notify import delivery_table
from services.notify import delivery_words as words
from services.notify.desk_client import ended, order
from services.notify.desk_table import sheet
from services.notify.directory import read_directory
from services.notify.ledger_view import Tried, looking, marked
from services.notify.line import Line
from services.notify.progress_view import Progressed, progress_of
from services.notify.selection import Mark, Selection
from services.notify.settings import NotifySettings
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.language import of_locale
from services.runtime.reason import Reason
from services.runtime.settings import load

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The delivery ledger: states and attempts.")

Id = Annotated[str, typer.Argument(help="The referral's id, or the first digits of it.")]
Json = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]
Most = Annotated[int, typer.Option(help="How many lines at most.", min=1, max=100_000)]
Partner = Annotated[str | None, typer.Option(help="Only of this partner.")]
Because = Annotated[str | None, typer.Option(help="Only with this reason: a code, as the list shows it.")]
Since = Annotated[datetime | None, typer.Option(help="Only what changed since, UTC.")]

Lang = Annotated[
    Language,
    typer.Option("--language", "--lang", help="en or nl.", default_factory=of_locale, show_default="your locale"),
]
Wait = Annotated[
    float, typer.Option(help="Seconds to wait until it is carried out or refused; 0 does not wait.", min=0)
]


@app.command("list")
def listed(
    *,
    state: Annotated[list[DeliveryState] | None, typer.Option(help="Only these; may be given several times.")] = None,
    partner: Partner = None,
    because: Because = None,
    since: Since = None,
    after: Annotated[str | None, typer.Option(help="The next page: what the one before printed last.")] = None,
    most: Most = 100,
    json: Json = False,
    lang: Lang,
) -> None:
    """List referrals, the latest change first, a page at a time. Content is never shown.

    In JSON, the place to go on after is the last line's `changed_at`, a slash and its `referral`.

    Example: seinpaal deliveries list --state parked --because too-old --since 2026-03-01
    """
    choice = Selection(tuple(state or DeliveryState), partner, because, moment(since))
    page = asyncio.run(found(choice, most, after, lang))
    if not page:
        mistyped(partner, because, lang)
    show(page, lang, json=json)
    if len(page) == most and not json:
        typer.echo(words.GO_ON.in_(lang).format(Mark(page[-1].changed_at, page[-1].referral)))


@app.command("show")
def show_one(id: Id, *, json: Json = False, lang: Lang) -> None:  # noqa: A002  its name in the help
    """Show one referral: how far the partner is and by when, and every attempt with the digest of its bytes.

    Example: seinpaal deliveries show 7efbaa82
    """
    line, attempts, progress = asyncio.run(_one(id, lang))
    if json:
        told = {**line.delivery.model_dump(mode="json"), "attempts": attempts, "progress": progress}
        typer.echo(orjson.dumps(told).decode())
        return
    console = Console()
    console.print(sheet(delivery_table.rows(line.delivery, progress, lang)))
    console.print(delivery_table.attempts(attempts, lang) if attempts else words.NOT_TRIED.in_(lang))


@app.command()
def retry(id: Id, *, reason: Reason, actor: Actor, wait: Wait = 10.0, json: Json = False, lang: Lang) -> None:  # noqa: A002  its name in the help
    """Send a referral that waits for its next attempt now; its waits begin anew. `retry-all`: many.

    Example: seinpaal deliveries retry 7efbaa82 --reason "they say they are back" --actor operator-1
    """
    ended(_command(Action.RETRY, id, reason, actor, lang), wait, lang, json=json)


@app.command()
def redrive(id: Id, *, reason: Reason, actor: Actor, wait: Wait = 10.0, json: Json = False, lang: Lang) -> None:  # noqa: A002  its name in the help
    """Send a parked referral again, with a fresh ladder. `redrive-all` sends many.

    Example: seinpaal deliveries redrive 7efbaa82 --reason "partner's server is back" --actor operator-1
    """
    ended(_command(Action.REDRIVE, id, reason, actor, lang), wait, lang, json=json)


@app.command()
def cancel(id: Id, *, reason: Reason, actor: Actor, wait: Wait = 10.0, json: Json = False, lang: Lang) -> None:  # noqa: A002  its name in the help
    """Do not send a referral that is not delivered yet and not being sent. For a held one: `held dismiss`.

    `cancel-all` cancels many.

    Example: seinpaal deliveries cancel 7efbaa82 --reason "reported by telephone" --actor operator-1
    """
    ended(_command(Action.CANCEL, id, reason, actor, lang), wait, lang, json=json)


def mistyped(partner: str | None, because: str | None, lang: Language) -> None:
    """Why nothing was found, where what was asked for is not there at all. Raises Refused."""
    if partner is not None:
        read_directory(load(NotifySettings).config).known(partner, lang)
    if because is not None and (meant := reason_words.unknown(because)) is not None:
        raise Refused(filled(words.MEANT_REASON if meant else words.NO_REASON, because, meant))


def _command(action: Action, text: str, reason: str, actor: str, lang: Language) -> Command:
    line = asyncio.run(_line(text, lang))
    return order(action, line.referral, actor=actor, reason=reason, at=now())


async def found(choice: Selection, most: int, after: str | None, lang: Language) -> list[Delivery]:
    """What the ledger says now. Raises Refused when `after` is no place in the list."""
    mark = None if after is None else marked(after, lang)
    async with looking(load(NotifySettings)) as look:
        return await look.listed(choice, most, mark)


def moment(given: datetime | None) -> datetime | None:
    """In UTC, where no offset was given."""
    return given and given.replace(tzinfo=given.tzinfo or UTC)


def show(deliveries: Sequence[Delivery], lang: Language, *, json: bool) -> None:
    """As a table for people, or as JSON lines for programs."""
    if json:
        for each in deliveries:
            typer.echo(each.write().decode())
        return
    Console().print(delivery_table.listed(deliveries, lang))
    typer.echo(words.SHOWN.in_(lang).format(len(deliveries)))


async def _one(text: str, lang: Language) -> tuple[Line, list[Tried], Progressed | None]:
    settings = load(NotifySettings)
    partners = read_directory(settings.config).partners
    async with looking(settings) as look:
        line = await look.one(text, lang)
        progress = await progress_of(look.connection, line.referral, partners)
        return line, await look.attempts(line.referral), progress


async def _line(text: str, lang: Language) -> Line:
    async with looking(load(NotifySettings)) as look:
        return await look.one(text, lang)

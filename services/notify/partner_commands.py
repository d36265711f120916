"""`seinpaal partner`: how each partner does and whether it is ready; disable, enable, admit it."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from schemas import ids
from schemas.command import Action, Command
from schemas.words import Language
from services.notify import partner_words as words
from services.notify.commands import Json, Lang, Wait
from services.notify.desk_client import ended, order
from services.notify.desk_view import SHOWN
from services.notify.directory import read_directory
from services.notify.ledger_view import looking
from services.notify.partner_admit_commands import admit
from services.notify.partner_check_commands import check
from services.notify.partner_example_commands import examples
from services.notify.partner_key_commands import key
from services.notify.partner_status import Status, statuses
from services.notify.partner_table import numbers, sentences
from services.notify.presence import every
from services.notify.secrets import Secrets
from services.notify.settings import NotifySettings
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.reason import Reason
from services.runtime.settings import load

_COMMAND: Final = "seinpaal "

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Partners: how each does, and whether it is sent to."
)

Name = Annotated[str, typer.Argument(help="The partner's id in partners.yaml.")]

app.command()(check)
app.command()(key)
app.command()(admit)
app.command()(examples)


@app.command()
def status(
    partner: Annotated[str | None, typer.Argument(help="Only this one.")] = None, *, json: Json = False, lang: Lang
) -> None:
    """Show each partner's backlog, oldest waiting, times of its latest attempts, breaker, warnings and outcomes.

    It tells whether real referrals go there, until when, and what mends it; and when our certificate nears its end.

    Example: seinpaal partner status
    """
    found = asyncio.run(_found(partner, lang))
    if json:
        for each in found:
            typer.echo(orjson.dumps(each.as_json).decode())
        return
    console, at = Console(), now()
    console.print(numbers(found, at, lang))
    for each in found:
        console.print(f"\n[bold]{each.partner}[/]")
        for line in sentences(each, at, lang):
            _told(console, line)
    changed = _changed_at(load(NotifySettings))
    console.print(Text("\n" + words.AS_WRITTEN.in_(lang).format(f"{changed:{SHOWN}}")), style="dim")


@app.command()
def disable(partner: Name, *, reason: Reason, actor: Actor, wait: Wait = 10.0, json: Json = False, lang: Lang) -> None:
    """Send nothing more to a partner. What waits for it is parked, and goes when it is enabled again.

    Example: seinpaal partner disable veilig-thuis-voorbeeld --reason "they move to another system" --actor operator-1
    """
    ended(_command(Action.PARTNER_DISABLE, partner, reason, actor, lang), wait, lang, json=json)


@app.command()
def enable(partner: Name, *, reason: Reason, actor: Actor, wait: Wait = 10.0, json: Json = False, lang: Lang) -> None:
    """Send to a partner again: what was parked for it goes back in slices, within its rate. Ends a breaker's wait too.

    Example: seinpaal partner enable veilig-thuis-voorbeeld --reason "their new system answers" --actor operator-1
    """
    ended(_command(Action.PARTNER_ENABLE, partner, reason, actor, lang), wait, lang, json=json)


def _command(action: Action, partner: str, reason: str, actor: str, lang: Language) -> Command:
    directory = read_directory(load(NotifySettings).config)
    directory.known(partner, lang)
    return order(action, ids.partner_id(partner), actor=actor, reason=reason, at=now(), partner=partner)


def _told(console: Console, line: str) -> None:
    """Folded between words; what has a command in it is left to the terminal, so that it can be copied whole."""
    if _COMMAND in line:
        console.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)
    else:
        console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))


async def _found(partner: str | None, lang: Language) -> list[Status]:
    settings = load(NotifySettings)
    directory = read_directory(settings.config)
    partners = directory.partners
    wanted = [directory.known(partner, lang)] if partner else list(partners.values())
    async with looking(settings) as look:
        at = now()
        found = await statuses(look.connection, wanted, at)
        known = await every(look.connection)
    secrets, changed = Secrets(settings.secrets), _changed_at(settings)
    told = [each.configured(partners[each.partner], known, changed, at) for each in found]
    return [each.certified(partners[each.partner], secrets) for each in told]


def _changed_at(settings: NotifySettings) -> datetime:
    return datetime.fromtimestamp((settings.config / "partners.yaml").stat().st_mtime, UTC)

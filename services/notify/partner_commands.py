"""`seinpaal partner`: how each partner does and whether it is ready; disable, enable, admit it."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from schemas import ids
from schemas.command import Action, Command
from services.notify.client_certificate import term
from services.notify.commands import Json, Reason
from services.notify.directory import read_directory
from services.notify.giving import give
from services.notify.looking import looking
from services.notify.partner_admit_commands import admit
from services.notify.partner_check_commands import check
from services.notify.partner_example_commands import examples
from services.notify.partner_key_commands import key
from services.notify.partner_status import Status, age, statuses
from services.notify.secrets import Secrets
from services.notify.settings import NotifySettings
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings, load

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Partners: how each does, and whether it is sent to."
)

Name = Annotated[str, typer.Argument(help="The partner's id in partners.yaml.")]
HOUR, MINUTE = 3600, 60

app.command()(check)
app.command()(key)
app.command()(admit)
app.command()(examples)


@app.command()
def status(partner: Annotated[str | None, typer.Argument(help="Only this one.")] = None, *, json: Json = False) -> None:
    """Show each partner's backlog, oldest waiting, times of its latest attempts, breaker, warnings and outcomes.

    It tells whether real referrals go there, until when, and what mends it; and when our certificate nears its end.

    Example: seinpaal partner status
    """
    found = asyncio.run(_found(partner))
    if json:
        for each in found:
            typer.echo(orjson.dumps(each.as_json).decode())
        return
    console = Console()
    console.print(_table(found, now()))
    for each in found:
        if each.standing is not None and each.standing.mend is not None:
            console.print(f"{each.partner}: {each.standing.mend}", soft_wrap=True, markup=False, highlight=False)


@app.command()
def disable(partner: Name, *, reason: Reason, actor: Actor) -> None:
    """Send nothing more to a partner. What waits for it is parked, and goes when it is enabled again.

    Example: seinpaal partner disable veilig-thuis-ijsselland --reason "they move to another system" --actor operator-1
    """
    _decide(Action.PARTNER_DISABLE, partner, reason, actor)


@app.command()
def enable(partner: Name, *, reason: Reason, actor: Actor) -> None:
    """Send to a partner again: what was parked for it goes back in slices, within its rate. Ends a breaker's wait too.

    Example: seinpaal partner enable veilig-thuis-ijsselland --reason "their new system answers" --actor operator-1
    """
    _decide(Action.PARTNER_ENABLE, partner, reason, actor)


def _decide(action: Action, partner: str, reason: str, actor: str) -> None:
    directory = read_directory(load(NotifySettings).config)
    if partner not in directory.partners:
        raise Refused(f"no partner {partner!r} in partners.yaml: `seinpaal partner status` lists them")
    at, target = now(), ids.partner_id(partner)
    command_id = ids.command_id(action, target, at.isoformat())
    command = Command(id=command_id, at=at, action=action, target=target, actor=actor, reason=reason, partner=partner)
    asyncio.run(give(command, load(KafkaSettings)))
    typer.echo(f"{action} of {partner} is given: `seinpaal partner status {partner}` shows what became of it")


async def _found(partner: str | None) -> list[Status]:
    settings = load(NotifySettings)
    partners = read_directory(settings.config).partners
    if partner is not None and partner not in partners:
        raise Refused(f"no partner {partner!r} in partners.yaml: `seinpaal partner status` lists them")
    async with looking(settings) as look:
        found = await statuses(look.connection, [partners[partner]] if partner else list(partners.values()), now())
    secrets = Secrets(settings.secrets)
    return [each.certified(partners[each.partner], secrets) for each in found]


def _table(found: list[Status], at: datetime) -> Table:
    names = (
        "partner",
        "waits",
        "held",
        "parked",
        "delivered",
        "late",
        "oldest",
        "p50",
        "p99",
        "real referrals",
        "with them",
        "how it stands",
        "latest",
    )
    table = Table(*names, box=None)
    for each in found:
        counts = (each.backlog["pending"], each.backlog["held"], each.backlog["parked"], each.backlog["delivered"])
        times = (_seconds(each.recent.p50), _seconds(each.recent.p99))
        numbers = (*map(str, counts), str(each.overdue), _long(age(each.oldest, at)), *times)
        real = "" if each.standing is None else each.standing.says
        far = ", ".join(f"{lines} {status}" for status, lines in each.underway.items())
        table.add_row(each.partner, *numbers, real, far, _stands(each, at), ", ".join(each.recent.last))
    return table


def _stands(status: Status, at: datetime) -> str:
    said = []
    if status.disabled is not None:
        said.append(f"disabled: {status.disabled}")
    elif status.breaker != "closed" or (status.next_at is not None and status.next_at > at):
        wait = "" if status.next_at is None else f", tried in {_long(max(status.next_at - at, timedelta(0)))}"
        said.append(f"left alone ({status.breaker}{wait})")
    if status.failing_since is not None and status.disabled is None:
        said.append(f"failing for {_long(at - status.failing_since)}, {status.warned} % warned")
    if status.redriving:
        said.append("what was parked goes back")
    if fault := status.heard.fault:
        said.append(f"does not tell how it goes: {fault}, {status.heard.failures} times")
    if status.heard.unsubscribed:
        said.append(f"does not notify us: {status.heard.unsubscribed}")
    if (certificate := _certificate(status, at)) is not None:
        said.append(certificate)
    return "; ".join(said) or "well"


def _certificate(status: Status, at: datetime) -> str | None:
    if status.certificate_fault is not None:
        return "our certificate cannot be read here"
    until = status.certificate_until
    if until is None or (stands := term(until, at)) == "holds":
        return None
    return f"our certificate {'ended' if stands == 'ended' else 'ends'} on {until:%Y-%m-%d}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f} s"


def _long(span: timedelta | None) -> str:
    if span is None:
        return ""
    seconds = int(span.total_seconds())
    if seconds < 2 * MINUTE:
        return f"{seconds} s"
    return f"{seconds // MINUTE} min" if seconds < 2 * HOUR else f"{seconds // HOUR} h"

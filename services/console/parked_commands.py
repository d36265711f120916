"""`seinpaal parked`: what could not be read, why, and again once the cause is mended."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.table import Table

from schemas import ids
from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.parked import Parked
from schemas.topics import PARKED, may_be_redriven
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS, AuditSettings
from services.console.parked import Waiting, chosen, waiting
from services.notify.desk_client import as_data
from services.notify.giving import give_all
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.database import look_into
from services.runtime.errors import Refused
from services.runtime.kafka import scan
from services.runtime.settings import KafkaSettings, load

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Records that could not be read.")

MOST_REDRIVEN: Final = 1_000_000

FOR_GOOD: Final = (
    "it is kept for you to look into: no stage reads it again. What wrote it must write what it meant anew"
)
"""Said of a record of ours that cannot be redriven: a fact of the trail, or a command."""

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def listed(
    *,
    every: Annotated[bool, typer.Option("--all", help="Also those that were redriven.")] = False,
    json: Json = False,
) -> None:
    """List what waits, with its reason and what to do. Content stays sealed.

    Example: seinpaal parked list
    """
    found = [each for each in asyncio.run(_found()) if every or not each.redriven]
    if json:
        for each in found:
            typer.echo(_line(each))
        return
    table = Table(box=None)
    for name in ("id", "parked at", "stage", "from", "reason", "field", "what to do"):
        table.add_column(name, overflow="fold")
    for each in found:
        parked, when = each.parked, f"{each.parked.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(parked.id)[:8], when, parked.stage, _where(parked), parked.reason, parked.field, parked.fix)
    Console().print(table)
    typer.echo(f"{len(found)} waiting" if not every else f"{len(found)} in all")


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="Its id, or the first digits of it.")],  # noqa: A002  its name in the help
    *,
    json: Json = False,
) -> None:
    """Show one: why it waits, where it stood, and what to do. Content stays sealed.

    Example: seinpaal parked show 3f2a9c1e
    """
    each = chosen(asyncio.run(_found()), id)
    if json:
        typer.echo(_line(each))
        return
    table = Table.grid(padding=(0, 2))
    for name, value in told(each):
        table.add_row(name, value)
    Console().print(table)


@app.command()
def redrive(
    id: Annotated[str, typer.Argument(help="Its id, or the first digits of it; `all` for everything that waits.")],  # noqa: A002  its name in the help
    *,
    reason: Annotated[str, typer.Option(help="Why now; no personal data.")],
    actor: Actor,
    json: Json = False,
) -> None:
    """Read it again, with today's configuration. Doing it twice does it once.

    Example: seinpaal parked redrive 3f2a9c1e --reason "code SCH.BET mapped" --actor operator-1
    """
    given = asyncio.run(_redrive(id, reason, actor))
    if json:
        for each in given:
            typer.echo(orjson.dumps(as_data(each, None)).decode())
        return
    typer.echo(f"{len(given)} to be read again: `seinpaal watch` shows what becomes of them")


async def _redrive(text: str, reason: str, actor: str) -> list[Command]:
    found = await _found()
    picked = picked_of(found, text)
    at = now()
    commands = [
        Command(
            id=ids.derived(ids.NAMESPACE, "command", Action.REDRIVE, each.parked.id, at.isoformat()),
            at=at,
            action=Action.REDRIVE,
            target=each.parked.id,
            actor=actor,
            reason=reason,
            parked=each.parked,
        )
        for each in picked
    ]
    await give_all(commands, load(KafkaSettings))
    return commands


def picked_of(found: list[Waiting], text: str) -> list[Waiting]:
    """What that text means: one by its id, or `all` that waits and can be read again.

    Raises:
        Refused: there is no such record, or it is one that no stage reads again.
    """
    if text == "all":
        return [one for one in found if not one.redriven and may_be_redriven(one.parked.origin.topic)]
    one = chosen(found, text)
    if not may_be_redriven(one.parked.origin.topic):
        raise Refused(f"{text}: {FOR_GOOD}")
    return [one]


async def _found() -> list[Waiting]:
    database = await look_into(load(AuditSettings).database_url, MIGRATIONS, "AUDIT_DATABASE_URL")
    try:
        lines = await AuditLog(database).after(-1, MOST_REDRIVEN, [Fact.RECORD_REDRIVEN])
    finally:
        await database.stop()
    redriven = {line.entry.event for line in lines if line.entry.event is not None}
    return await waiting(scan(load(KafkaSettings), PARKED.name), redriven)


def _where(parked: Parked) -> str:
    origin = parked.origin
    return f"{origin.topic}/{origin.partition}@{origin.offset}"


def told(each: Waiting) -> Iterator[tuple[str, str]]:
    """What is known of it, without what does not apply."""
    parked = each.parked
    again = f'seinpaal parked redrive {str(parked.id)[:8]} --reason "…" --actor …'
    left = None if parked.left_behind is None else f"{parked.left_behind} bytes, too large to be kept here"
    told = {
        "id": str(parked.id),
        "corporation": parked.corporation,
        "parked at": f"{parked.at:%Y-%m-%d %H:%M:%S} UTC",
        "stage": parked.stage,
        "from": _where(parked),
        "bytes": str(parked.size),
        "stays there": left,
        "reason": parked.reason,
        "field": parked.field,
        "what to do": parked.fix,
        "then": None if each.redriven else again if may_be_redriven(parked.origin.topic) else FOR_GOOD,
        "redriven": "yes" if each.redriven else "no",
    }
    for name, value in told.items():
        if value:
            yield name, value


def _line(each: Waiting) -> str:
    shown = {**each.parked.model_dump(mode="json", exclude={"sealed"}), "redriven": each.redriven}
    return orjson.dumps(shown).decode()

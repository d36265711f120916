"""`seinpaal deliveries redrive-all`: send many parked referrals again, in slices, and stop when it makes no sense."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress as Bar

from schemas.delivery import DeliveryState
from services.notify import bulk
from services.notify.bulk import SLICE, Choice
from services.notify.commands import Actor, Reason, app
from services.notify.giving import again, give_all
from services.notify.looking import looking
from services.notify.settings import NotifySettings
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings, load

LOOK: Final = 0.5
"""Seconds between two looks at what became of a slice."""

PATIENCE: Final = 600.0
"""Seconds without anything new being tried, after which it stops: the partner takes nothing."""


@app.command()
def redrive_all(
    *,
    reason: Reason,
    actor: Actor,
    partner: Annotated[str | None, typer.Option(help="Only of this partner.")] = None,
    because: Annotated[str | None, typer.Option(help="Only what is parked because of this code.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only what was queued since, UTC.")] = None,
    most: Annotated[int, typer.Option(help="Refuse when there are more than so many.", min=1)] = 1000,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this it only tells what it would do.")] = False,
) -> None:
    """Send parked referrals again: 200 at once, the next when those were tried. Stops when most fail again.

    Example: seinpaal deliveries redrive-all --because too-old --reason "they are back" --actor operator-1 --yes
    """
    began = since and since.replace(tzinfo=since.tzinfo or UTC)
    choice = Choice(DeliveryState.PARKED, partner, because, began, before=now())  # what fails again is not chosen again
    asyncio.run(redriven(choice, most, yes=yes, reason=reason, actor=actor))


async def redriven(choice: Choice, most: int, *, yes: bool, reason: str, actor: str) -> None:
    """Tell what is chosen and, with `yes`, redrive it. Raises Refused when it is too much, or makes no sense."""
    async with looking(load(NotifySettings)) as look:
        counts = await bulk.counted(look.connection, choice, most + 1)
    for name, number in sorted(counts.items()):
        typer.echo(f"{number:>7}  {name}")
    total = counts.total()
    if total > most:
        raise Refused(f"more than {most} referrals are chosen: choose fewer, or say --most with the number you mean")
    if not yes:
        typer.echo(f"{total} would be sent again; nothing was done. Say --yes to do it")
        return
    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task("sent again", total=total)
        done = 0
        while done < total and (number := await _slice(choice, min(SLICE, total - done), reason, actor)):
            done += number
            bar.update(task, completed=done)
    typer.echo(f"{done} were sent again: `seinpaal partner status` shows how they do")


async def _slice(choice: Choice, most: int, reason: str, actor: str) -> int:
    """One slice, until all of it was tried; returns how many. Raises Refused when it makes no sense to go on."""
    async with looking(load(NotifySettings)) as look:
        lines = await bulk.chosen(look.connection, choice, most)
    commands = [again(line, actor=actor, reason=reason, at=now()) for line in lines]
    await give_all(commands, load(KafkaSettings))
    given = {line.referral: line.moves for line in lines}
    quiet, last = 0.0, 0
    while last < len(given):
        await asyncio.sleep(LOOK)
        async with looking(load(NotifySettings)) as look:
            progress = await bulk.progress(look.connection, given)
        if progress.hopeless:
            raise Refused(f"stopped: of {progress.tried} that were tried again {progress.failed} failed again")
        quiet, last = (0.0 if progress.tried > last else quiet + LOOK), progress.tried
        if quiet >= PATIENCE:
            raise Refused(f"stopped: nothing was tried for {PATIENCE:.0f} s; {len(given) - last} wait for their turn")
    return len(given)

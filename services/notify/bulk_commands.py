"""`seinpaal deliveries redrive-all|retry-all|cancel-all`: one decision about many, in slices, while it makes sense."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.progress import Progress as Bar
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.words import Language, filled
from services.notify import bulk
from services.notify import bulk_words as words
from services.notify.bulk import SLICE
from services.notify.command_sink import give_all, one_of_many
from services.notify.commands import Because, Json, Lang, Partner, Since, app, mistyped, moment
from services.notify.delivery_words import NOBODY
from services.notify.ledger_view import looking
from services.notify.selection import Mark, Selection, mark_of
from services.notify.settings import NotifySettings
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.reason import Reason
from services.runtime.settings import KafkaSettings, load

LOOK: Final = 0.5
"""Seconds between two looks at what became of a slice."""

PATIENCE: Final = 600.0
"""Seconds without anything new being tried, after which it stops: the partner takes nothing."""

Bound = Annotated[int, typer.Option("--most", help="Refuse when there are more than so many.", min=1)]
Yes = Annotated[bool, typer.Option("--yes", help="Do it. Without this it only tells what it would do.")]
Withdrawals = Annotated[bool, typer.Option("--withdrawals", help="Withdrawals too: what is withdrawn stays there.")]
States = Annotated[list[DeliveryState] | None, typer.Option(help="pending, parked; both when none is given.")]


@dataclass(frozen=True, slots=True)
class Order:
    """What is decided about all of a choice, by whom and why; `most`: more than so many is a mistake."""

    action: Action
    choice: Selection
    actor: str
    reason: str
    most: int


@app.command()
def redrive_all(
    *,
    reason: Reason,
    actor: Actor,
    partner: Partner = None,
    because: Because = None,
    since: Since = None,
    most: Bound = 1000,
    yes: Yes = False,
    json: Json = False,
    lang: Lang,
) -> None:
    """Send parked referrals again: 200 at once, the next when those were tried. Stops when most fail again.

    Example: seinpaal deliveries redrive-all --because too-old --reason "they are back" --actor operator-1 --yes
    """
    choice = Selection((DeliveryState.PARKED,), partner, because, moment(since), before=now())
    _run(Order(Action.REDRIVE, choice, actor, reason, most), yes=yes, json=json, language=lang)


@app.command()
def retry_all(
    *,
    reason: Reason,
    actor: Actor,
    partner: Partner = None,
    because: Because = None,
    since: Since = None,
    most: Bound = 1000,
    yes: Yes = False,
    json: Json = False,
    lang: Lang,
) -> None:
    """Send referrals that wait for their next attempt now, 200 at once. Stops when most fail again.

    Example: seinpaal deliveries retry-all --partner veilig-thuis-voorbeeld --reason "back" --actor operator-1 --yes
    """
    at = now()
    choice = Selection((DeliveryState.PENDING,), partner, because, moment(since), before=at, resting=True, waits_at=at)
    _run(Order(Action.RETRY, choice, actor, reason, most), yes=yes, json=json, language=lang)


@app.command()
def cancel_all(
    *,
    reason: Reason,
    actor: Actor,
    state: States = None,
    partner: Partner = None,
    because: Because = None,
    since: Since = None,
    withdrawals: Withdrawals = False,
    most: Bound = 1000,
    yes: Yes = False,
    json: Json = False,
    lang: Lang,
) -> None:
    """Do not send referrals of one partner, or with one reason. What is being sent, or held for a person, stays.

    So do withdrawals: without one a partner goes on with what was taken back.

    Example: seinpaal deliveries cancel-all --partner kadera-voorbeeld --reason "closed" --actor operator-1 --yes
    """
    states = tuple(dict.fromkeys(state or (DeliveryState.PENDING, DeliveryState.PARKED)))
    if not {*states} <= {DeliveryState.PENDING, DeliveryState.PARKED}:
        raise Refused(words.STAYS_SO)
    if partner is None and because is None:
        raise Refused(words.EVERYTHING)
    some = None if withdrawals else False
    choice = Selection(states, partner, because, moment(since), before=now(), resting=True, withdrawals=some)
    _run(Order(Action.CANCEL, choice, actor, reason, most), yes=yes, json=json, language=lang)


def _run(order: Order, *, yes: bool, json: bool, language: Language) -> None:
    asyncio.run(carry_out(order, yes=yes, json=json, language=language))


async def carry_out(order: Order, *, yes: bool, json: bool = False, language: Language = "en") -> None:
    """Tell what is chosen and, with `yes`, do it. Raises Refused when it is too much, or makes no sense."""
    async with looking(load(NotifySettings)) as look:
        counts = await bulk.counted(look.connection, order.choice, order.most + 1)
        stay = await _stay(look.connection, order)
    total = counts.total()
    if not total:
        mistyped(order.choice.partner, order.choice.because, language)
    if not json:
        for name, number in sorted(counts.items()):
            typer.echo(f"{number:>7}  {NOBODY.in_(language) if name == bulk.NOBODY else name}")
        if stay:
            typer.echo(filled(words.STAY, stay).in_(language))
    if total > order.most:
        raise Refused(filled(words.TOO_MANY, order.most))
    done = await _all(order, total, language) if yes else 0
    if json:
        told = {
            "action": order.action,
            "chosen": dict(sorted(counts.items())),
            "given": yes,
            "done": done,
            "stay": stay,
        }
        typer.echo(orjson.dumps(told).decode())
    elif not yes:
        typer.echo((filled(words.WOULD[order.action], total) if total else words.NOBODY).in_(language))
    else:
        typer.echo(filled(words.DONE[order.action], done).in_(language))


async def _stay(connection: AsyncConnection, order: Order) -> int:
    """How many withdrawals are left alone that would have been chosen, counted no further than the bound."""
    if order.choice.withdrawals is not False:
        return 0
    kept = replace(order.choice, withdrawals=True)
    return (await bulk.counted(connection, kept, order.most)).total()


async def _all(order: Order, total: int, language: Language) -> int:
    """Slice by slice, each line once; returns how many."""
    done = 0
    after: Mark | None = None
    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task(words.DOING[order.action].in_(language), total=total)
        while done < total:
            number, after = await _slice(order, min(SLICE, total - done), after)
            if not number:
                break
            done += number
            bar.update(task, completed=done)
    return done


async def _slice(order: Order, most: int, after: Mark | None) -> tuple[int, Mark | None]:
    """One slice, until all of it was tried; how many, and the last one. Raises Refused when it makes no sense to go on.

    The next slice waits for this one, so no more than these are ever on their way.
    """
    async with looking(load(NotifySettings)) as look:
        lines = await bulk.chosen(look.connection, order.choice, most, after)
    if not lines:
        return 0, after
    why, at = {"actor": order.actor, "reason": order.reason}, now()
    commands = [one_of_many(order.action, line, stood.refusals, at=at, **why) for line, stood in lines]
    await give_all(commands, load(KafkaSettings))
    given = {line.referral: stood for line, stood in lines}

    async def look_again() -> bulk.Progress:
        """What the ledger tells of these."""
        async with looking(load(NotifySettings)) as look:
            return await bulk.progress(look.connection, order.action, given)

    await all_tried(look_again, len(given))
    return len(given), mark_of(lines[-1][0])


async def all_tried(
    look_again: Callable[[], Awaitable[bulk.Progress]], many: int, patience: float = PATIENCE
) -> bulk.Progress:
    """What came of so many that were given. Raises Refused when it makes no sense to go on.

    `patience`: seconds without anything new after which nobody seems to be there.
    """
    quiet, last = 0.0, 0
    while True:
        await asyncio.sleep(LOOK)
        progress = await look_again()
        if progress.hopeless:
            raise Refused(filled(words.CAME_TO_NOTHING, progress.tried, progress.failed))
        if progress.tried >= many:
            return progress
        quiet, last = (0.0 if progress.tried > last else quiet + LOOK), progress.tried
        if quiet >= patience:
            raise Refused(filled(words.NOTHING_TRIED, f"{patience:.0f}", many - last))

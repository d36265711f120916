"""`seinpaal calls`: telephone calls that somebody must make."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import orjson
import typer
from rich.console import Console

from schemas.command import Action
from schemas.local_day import clock_in
from schemas.words import Language, told
from services.notify import desk_table, desk_view
from services.notify import desk_words as words
from services.notify.commands import Json, Lang, Most, Wait
from services.notify.desk_client import ended, order
from services.notify.desk_reading import Calling, reading
from services.notify.desk_view import Row, left
from services.notify.settings import NotifySettings
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.reason import checked
from services.runtime.settings import load
from services.runtime.terminal_json import harmless

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Telephone calls that somebody must make.")

CallId = Annotated[str, typer.Argument(help="The call's id, or the first digits of it.")]
Outcome = Annotated[str, typer.Option(callback=checked, help="What came of it; no personal data.")]


@app.command("list")
def listed(
    *,
    done: Annotated[bool, typer.Option("--done", help="Those that were made, the latest first.")] = False,
    most: Most = 100,
    json: Json = False,
    lang: Lang,
) -> None:
    """List calls that must be made, what is due first at the top: whom to call, by when, why, and who must.

    Example: seinpaal calls list
    """
    at = now()
    found = asyncio.run(_listed(most + 1, done=done))
    shown = found[:most]
    if json:
        for each in shown:
            typer.echo(harmless(orjson.dumps(each.as_data())))
    else:
        Console().print(desk_table.calls(shown, at, lang) if shown else words.NO_CALLS.in_(lang))
    if len(found) > most and not done:
        typer.echo(words.MORE.in_(lang).format(most), err=json)


@app.command()
def show(id: CallId, *, json: Json = False, lang: Lang) -> None:  # noqa: A002  its name in the help
    """Show one call: whom to call and why, by when, and what the referral is about.

    What names people is sealed, and is not shown: the corporation knows its own reference.

    Example: seinpaal calls show 3b0f1c2e
    """
    found = asyncio.run(_one(id, lang))
    if json:
        typer.echo(harmless(orjson.dumps(found.as_data())))
        return
    Console().print(desk_table.sheet(_rows(found, now(), lang)))


@app.command()
def done(id: CallId, *, reason: Outcome, actor: Actor, wait: Wait = 10.0, json: Json = False, lang: Lang) -> None:  # noqa: A002  as above
    """Say that the call was made, and what came of it. The referral goes its own way.

    Example: seinpaal calls done 3b0f1c2e --reason "told the duty officer" --actor piket-1
    """
    call = asyncio.run(_one(id, lang)).call
    ended(order(Action.CALL_DONE, call.id, actor=actor, reason=reason, at=now()), wait, lang, json=json)


async def _listed(most: int, *, done: bool) -> list[Calling]:
    async with reading(load(NotifySettings)) as desk:
        return await desk.calls(most, done=done)


async def _one(text: str, lang: Language) -> Calling:
    async with reading(load(NotifySettings)) as desk:
        return await desk.one_call(text, lang)


def _rows(of: Calling, at: datetime, language: Language) -> Iterator[Row]:
    call, line, country = of.call, of.line, of.referral.facts.country
    yield words.CALL.in_(language), str(call.id)
    yield words.CALL_WHY.in_(language), told(words.CALLS, call.why, language)
    for number, text in enumerate(of.numbers(language)):
        yield "" if number else words.WHOM.in_(language), text
    yield (
        words.CALL_BEFORE.in_(language),
        clock_in(country, call.due_at) + ("" if call.done_at else f", {left(call.due_at, at, language)}"),
    )
    yield words.WITH.in_(language), call.assigned_to or words.NOBODY.in_(language)
    if call.done_at is not None:
        yield (
            words.DONE.in_(language),
            f"{clock_in(country, call.done_at)} {words.BY.in_(language)} {call.done_by}: {call.outcome}",
        )
    yield words.OF.in_(language), of.corporation
    if line.reference:
        yield words.REFERENCE.in_(language), line.reference
    yield words.REFERRAL.in_(language), f"{line.referral}, {told(words.STATES, line.state, language)}"
    if of.later is not None:
        came = desk_view.since(withdrawn=of.withdrawn, language=language)
        shown = line.revision if of.withdrawn else of.later.revision
        yield words.MIND.in_(language), f"{came}; {words.BELOW.in_(language).format(shown)}"
    yield from desk_view.facts(of.facts, language)

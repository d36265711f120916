"""`seinpaal held`: referrals that wait for the safeguarding lead."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Final

import orjson
import typer
from rich.console import Console

from schemas.codes import LegalBasis
from schemas.command import Action, Command, Objection
from schemas.delivery import DeliveryState
from schemas.words import Language, filled
from services.notify import desk_table, desk_view, presence
from services.notify import desk_words as words
from services.notify.commands import Id, Json, Lang, Most, Wait
from services.notify.delivery_words import MEANT_PARTNER
from services.notify.desk_client import ended, order
from services.notify.desk_reading import Question, reading
from services.notify.directory import Directory
from services.notify.dossier import Dossier
from services.notify.ledger_view import looking
from services.notify.releasing import BASIS_MISSING, KNOWN_ELSEWHERE, UNKNOWN_PARTNER, Declined, addressed, bases, kinds
from services.notify.settings import NotifySettings
from services.runtime.actor import Actor, Assignee
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.reason import Reason
from services.runtime.settings import load
from services.runtime.terminal_json import harmless

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Referrals that wait for a person.")

EVERY: Final = 100_000
"""Lines that are looked through for one person's, or one partner's."""


@app.command("list")
def listed(
    *,
    person: Annotated[str | None, typer.Option(help="Only what this person must decide.")] = None,
    partner: Annotated[str | None, typer.Option(help="Only what is for this partner.")] = None,
    most: Most = 100,
    json: Json = False,
    lang: Lang,
) -> None:
    """List what waits for a decision, what is due first at the top, with the time left and whose it is.

    Example: seinpaal held list --person af-1
    """
    at = now()
    questions, others = asyncio.run(_questions(most + 1, person, partner, lang))
    shown = questions[:most]
    if json:
        for each in shown:
            typer.echo(harmless(orjson.dumps(_as_data(each, at))))
    else:
        Console().print(desk_table.held(shown, at, lang) if shown else nothing(others, lang))
    if len(questions) > most:
        typer.echo(words.MORE.in_(lang).format(most), err=json)


@app.command()
def show(id: Id, *, json: Json = False, lang: Lang) -> None:  # noqa: A002  its name in the help
    """Show what is needed to decide: what was noticed, which rules fired and why, on what basis, for whom, by when.

    What names people is sealed, and is not shown.

    Example: seinpaal held show 95993319 --lang nl
    """
    at = now()
    found, *_ = asyncio.run(_found(id, at, lang))
    if json:
        typer.echo(harmless(orjson.dumps(found.as_data())))
        return
    Console().print(desk_table.sheet(desk_view.rows(found, at, lang)))


@app.command()
def release(
    id: Id,  # noqa: A002  its name in the help
    *,
    reason: Reason,
    actor: Actor,
    partner: Annotated[str | None, typer.Option(help="Who must be told, when the rules found nobody.")] = None,
    basis: Annotated[LegalBasis | None, typer.Option(help="The legal basis you rely on, when none holds yet.")] = None,
    despite: Annotated[list[Objection] | None, typer.Option(help="Override this warning about the partner.")] = None,
    wait: Wait = 10.0,
    json: Json = False,
    lang: Lang,
) -> None:
    """Send a held referral. Where the rules found no partner, you choose one and say on what legal basis.

    Example: seinpaal held release 95993319 --partner kadera-voorbeeld --basis covenant --reason "agreed" --actor af-1
    """
    given: dict[str, Any] = {"partner": partner, "legal_basis": basis, "despite": tuple(despite or ())}
    decide(Action.RELEASE, id, reason=reason, actor=actor, wait=wait, lang=lang, json=json, **given)


@app.command()
def dismiss(id: Id, *, reason: Reason, actor: Actor, wait: Wait = 10.0, json: Json = False, lang: Lang) -> None:  # noqa: A002  as above
    """Send a held referral nowhere. The corporation hears `not-forwarded`; a new revision is asked again.

    Example: seinpaal held dismiss 95993319 --reason "known and in hand" --actor lead-1
    """
    decide(Action.DISMISS, id, reason=reason, actor=actor, wait=wait, lang=lang, json=json)


@app.command()
def reassign(
    id: Id,  # noqa: A002  its name in the help
    *,
    to: Assignee,
    reason: Reason,
    actor: Actor,
    wait: Wait = 10.0,
    json: Json = False,
    lang: Lang,
) -> None:
    """Give a held referral to another person to decide. Its clock goes on.

    Example: seinpaal held reassign 95993319 --to af-2 --reason "I know the family" --actor af-1
    """
    decide(Action.REASSIGN, id, reason=reason, actor=actor, wait=wait, lang=lang, json=json, assignee=to)


def decide(
    action: Action, text: str, *, reason: str, actor: str, wait: float, lang: Language, json: bool, **given: Any
) -> None:
    """Give the decision on a referral, and tell what became of it.

    Raises:
        Refused: it cannot be carried out, as is seen before it is given.
        TryLater: nobody has carried it out in time; it will be.
        typer.Exit: it was refused.
    """
    at = now()
    found, directory, known = asyncio.run(_found(text, at, lang, also=given.get("partner")))
    command = order(action, found.line.referral, actor=actor, reason=reason, at=at, **given)
    if action is Action.RELEASE and found.line.state is DeliveryState.HELD:
        result = addressed(command, found.line, found.referral, directory, found.day(at), known=known)
        if isinstance(result, Declined) and result.reason != KNOWN_ELSEWHERE:
            raise Refused(not_released(result.reason, command, found, directory, lang))
    ended(command, wait, lang, json=json)
    if command.assignee is not None and (warning := stranger(command.assignee, found, directory, lang)):
        typer.echo(f"seinpaal: {warning}", err=True)


def stranger(person: str, of: Dossier, directory: Directory, lang: Language) -> str | None:
    """Said where somebody was given a question who is asked nothing there: they may not know of us."""
    corporation = directory.corporations.get(of.line.corporation)
    desk = corporation.desk if corporation else None
    asked = dict.fromkeys(one for some in (desk.asked, *desk.classes.values()) for one in some) if desk else {}
    if not asked or person in asked:
        return None
    return words.NOT_OF_THE_DESK.in_(lang).format(person, of.corporation, ", ".join(asked))


def not_released(reason: str, command: Command, of: Dossier, directory: Directory, lang: Language) -> str:
    """Why not; where a legal basis is missing, also which of them can be stated for that partner."""
    said, partner = desk_view.declined(reason, lang), of.line.partner or command.partner
    if reason == UNKNOWN_PARTNER and partner is not None and (meant := directory.meant(partner)):
        return filled(MEANT_PARTNER, repr(partner), meant).in_(lang)
    if reason not in BASIS_MISSING or partner not in directory.partners:
        return said
    helps = kinds(partner, of.line, of.referral, directory, of.day(command.at))
    possible = [one for one in LegalBasis if any(one in bases(help_, of.referral) for help_ in helps)]
    return desk_view.with_bases(said, possible, f"seinpaal held release {str(of.line.referral)[:8]}", partner, lang)


async def _questions(
    most: int, person: str | None, partner: str | None, lang: Language
) -> tuple[list[Question], set[str]]:
    """What was asked for, and the persons for whom something waits: nobody misspells a name and is content."""
    async with reading(load(NotifySettings)) as desk:
        found = await desk.questions(most if person is partner is None else EVERY)
    mine = (each for each in found if person in {None, each.assigned_to} and partner in {None, each.line.partner})
    questions = list(islice(mine, most))
    if not questions and partner is not None:
        desk.directory.known(partner, lang)
    return questions, {each.assigned_to for each in found if each.assigned_to}


def nothing(others: set[str], lang: Language) -> str:
    """Said where a list is empty; `others` are the persons for whom something waits all the same."""
    said = words.NOTHING.in_(lang)
    return f"{said}; {words.FOR_OTHERS.in_(lang).format(', '.join(sorted(others)))}" if others else said


async def _found(
    text: str, at: datetime, lang: Language, also: str | None = None
) -> tuple[Dossier, Directory, Collection[str]]:
    """What is to be decided on, the partners of our file, and whom any instance knows when one is not in it."""
    settings = load(NotifySettings)
    async with looking(settings) as look:
        line = await look.one(text, lang)
    async with reading(settings) as desk:
        found = await desk.dossier(line, at)
        named = {line.partner, also}
        known = await presence.reachable(desk.connection, desk.directory.partners, named, at)
        return found, desk.directory, known


def _as_data(question: Question, at: datetime) -> dict[str, Any]:
    line, facts = question.line, question.referral.facts
    return {
        **line.delivery.model_dump(mode="json", exclude_none=True),
        "kind": facts.kind,
        "urgency": facts.urgency,
        "assigned_to": question.assigned_to,
        "overdue": line.overdue,
        "seconds_left": (line.deadline - at).total_seconds(),
    }
